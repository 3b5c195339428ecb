#include "functions.h"

#include <algorithm>

#include "operations.h"
#include "tensorflow/wire_format.h"

namespace livedream::standin {

namespace {

bool isKnown(const MaybeShape& shape) {
  return shape && std::all_of(shape->begin(), shape->end(), [](auto size) { return size >= 0; });
}

}  // namespace

std::optional<Refusal> makeUp(const std::vector<Port>& ports, std::vector<Value>& values) {
  for (const Port& port : ports) {
    if (!isKnown(port.shape)) return Refusal{tensorflow::TF_UNIMPLEMENTED, "The stand-in does not know a shape"};
    values.push_back(madeUp(port.type, *port.shape));
  }
  return std::nullopt;
}

std::optional<Refusal> gather(const std::vector<Port>& ports, const std::vector<Source>& sources,
                              const std::map<Source, Value>& results, std::vector<Value>& values) {
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const auto given = results.find(sources[i]);
    if (given != results.end()) {
      values.push_back(given->second);
    } else if (auto refusal = makeUp({ports[i]}, values)) {
      return refusal;
    }
  }
  return std::nullopt;
}

std::optional<Refusal> Function::call(std::vector<Value>& outputs) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!made_) {
    kernels_.clear();
    for (const FunctionNode& node : body_->nodes) {
      std::unique_ptr<Kernel> kernel;
      if (auto refusal = Kernel::make(node, kernel)) return refusal;
      if (kernel) kernels_.emplace_back(&node, std::move(kernel));
    }
    made_ = true;
  }
  std::map<Source, Value> results;
  for (const auto& [node, kernel] : kernels_) {
    if (auto refusal = kernel->run(*node, results)) return refusal;
  }
  return gather(body_->outputs, body_->sources, results, outputs);
}

namespace {

Port portOf(TF_Output output) {
  const auto index = static_cast<std::size_t>(output.index);
  return {output.oper->types.at(index), output.oper->shapes.at(index)};
}

FunctionNode nodeOf(const TF_Operation& operation) {
  FunctionNode node{operation.name, operation.op, operation.attributes, {}, {}, {}, serializedNode(operation)};
  for (const TF_Output& input : operation.inputs) {
    node.inputs.push_back(portOf(input));
    node.sources.emplace_back(input.oper->name, input.index);
  }
  for (std::size_t i = 0; i < operation.types.size(); ++i)
    node.outputs.push_back({operation.types[i], operation.shapes[i]});
  return node;
}

}  // namespace

}  // namespace livedream::standin

namespace livedream::tensorflow {

using standin::fails;
using standin::note;

struct TF_Function {
  std::shared_ptr<const standin::FunctionBody> body;
  standin::Counted counted{standin::Kind::kFunction};
};

struct TF_SessionOptions {
  standin::Counted counted{standin::Kind::kSessionOptions};
};

struct TF_Session {
  const TF_Graph* graph;
  standin::Counted counted{standin::Kind::kSession};
};

namespace {

// As a RunMetadata, that each operation ran for a microsecond.
std::string traceOf(const TF_Graph& graph) {
  WireWriter device;
  device.bytes(1, "/job:localhost/replica:0/task:0/device:CPU:0");
  constexpr std::uint64_t kMicrosecond = 1000;
  std::uint64_t start = 1;
  for (const auto& operation : graph.operations) {
    WireWriter node;
    node.bytes(1, operation->name).bytes(8, operation->name + " = " + operation->op + "()");
    node.varint(13, start).varint(14, 0).varint(15, kMicrosecond);
    start += kMicrosecond;
    device.bytes(2, node.message());
  }
  return WireWriter().bytes(1, WireWriter().bytes(1, device.message()).message()).take();
}

}  // namespace

extern "C" {

TF_Function* TF_GraphToFunction(const TF_Graph* graph, const char* name, unsigned char /*append_hash*/,
                                int /*operations*/, const TF_Operation* const* /*all*/, int ninputs,
                                const TF_Output* /*inputs*/, int noutputs, const TF_Output* outputs,
                                const char* const* /*output_names*/, const TF_FunctionOptions* /*options*/,
                                const char* /*description*/, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  auto body = std::make_shared<standin::FunctionBody>();
  body->name = name;
  body->inputs = static_cast<std::size_t>(ninputs);
  for (const auto& operation : graph->operations) body->nodes.push_back(standin::nodeOf(*operation));
  for (int i = 0; i < noutputs; ++i) {
    body->outputs.push_back(standin::portOf(outputs[i]));
    body->sources.emplace_back(outputs[i].oper->name, outputs[i].index);
  }
  auto function = std::make_unique<TF_Function>();
  function->body = std::move(body);
  return function.release();
}

void TF_DeleteFunction(TF_Function* function) { const std::unique_ptr<TF_Function> owned(function); }

TF_SessionOptions* TF_NewSessionOptions() {
  note(__func__);
  return std::make_unique<TF_SessionOptions>().release();
}

void TF_DeleteSessionOptions(TF_SessionOptions* options) { const std::unique_ptr<TF_SessionOptions> owned(options); }

void TF_SetConfig(TF_SessionOptions* /*options*/, const void* /*config*/, std::size_t /*length*/, TF_Status* status) {
  fails(__func__, status);
}

TF_Session* TF_NewSession(TF_Graph* graph, const TF_SessionOptions* /*options*/, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  auto session = std::make_unique<TF_Session>();
  session->graph = graph;
  return session.release();
}

// It is gone, whatever is said of that.
void TF_DeleteSession(TF_Session* session, TF_Status* status) {
  const std::unique_ptr<TF_Session> owned(session);
  fails(__func__, status);
}

void TF_SessionRun(TF_Session* session, const TF_Buffer* /*options*/, const TF_Output* /*inputs*/,
                   TF_Tensor* const* /*values*/, int /*ninputs*/, const TF_Output* outputs, TF_Tensor** results,
                   int noutputs, const TF_Operation* const* /*targets*/, int /*ntargets*/, TF_Buffer* metadata,
                   TF_Status* status) {
  if (fails(__func__, status)) return;
  std::vector<standin::Port> ports;
  for (int i = 0; i < noutputs; ++i) ports.push_back(standin::portOf(outputs[i]));
  std::vector<standin::Value> values;
  if (const auto refusal = standin::makeUp(ports, values)) return standin::refuse(status, *refusal);
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto tensor = std::make_unique<TF_Tensor>();
    tensor->value = std::move(values[i]);
    results[i] = tensor.release();
  }
  if (metadata != nullptr) standin::give(metadata, traceOf(*session->graph));
}

}  // extern "C"

// Contexts take functions: eager.cc.
std::shared_ptr<const standin::FunctionBody> bodyOf(const TF_Function& function) { return function.body; }

}  // namespace livedream::tensorflow

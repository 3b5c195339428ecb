#include "tensorflow/session.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "tensorflow/status.h"
#include "tensorflow/step_stats.h"
#include "tensorflow/wire_format.h"

namespace livedream::tensorflow {

namespace {

// tensorflow/core/protobuf/config.proto, RunOptions. A GPU's own times are in its hardware's trace alone.
std::string traceOptions(bool gpu) {
  constexpr std::uint32_t kTraceLevel = 1;
  constexpr std::uint64_t kSoftware = 1;
  constexpr std::uint64_t kFull = 3;
  return WireWriter().varint(kTraceLevel, gpu ? kFull : kSoftware).take();
}

}  // namespace

Session::Session(const Graph& graph, const ContextSettings& settings) : gpu_(settings.gpu) {
  const SessionOptionsHandle options(api().TF_NewSessionOptions());
  const std::string config = contextConfig(settings);
  Status status;
  api().TF_SetConfig(options.get(), config.data(), config.size(), status.get());
  status.check("configuring a session");
  handle_.reset(api().TF_NewSession(graph.get(), options.get(), status.get()));
  status.check("making a session");
}

std::vector<TensorHandle> Session::run(const std::vector<TF_Output>& inputs, const std::vector<TensorHandle>& tensors,
                                       const std::vector<TF_Output>& outputs, const std::string& doing) const {
  return call(inputs, tensors, outputs, doing, nullptr, nullptr);
}

std::vector<TensorHandle> Session::trace(const std::vector<TF_Output>& inputs, const std::vector<TensorHandle>& tensors,
                                         const std::vector<TF_Output>& outputs, const std::string& doing,
                                         std::vector<TracedOperation>& traced) const {
  const std::string options = traceOptions(gpu_);
  TF_Buffer buffer{};
  buffer.data = options.data();
  buffer.length = options.size();
  const BufferHandle metadata(api().TF_NewBuffer());
  std::vector<TensorHandle> results = call(inputs, tensors, outputs, doing, &buffer, metadata.get());
  std::vector<TracedOperation> ran = readTrace({static_cast<const char*>(metadata->data), metadata->length});
  std::move(ran.begin(), ran.end(), std::back_inserter(traced));
  return results;
}

std::vector<TensorHandle> Session::call(const std::vector<TF_Output>& inputs, const std::vector<TensorHandle>& tensors,
                                        const std::vector<TF_Output>& outputs, const std::string& doing,
                                        const TF_Buffer* options, TF_Buffer* metadata) const {
  std::vector<TF_Tensor*> values;
  values.reserve(tensors.size());
  for (const TensorHandle& tensor : tensors) values.push_back(tensor.get());
  std::vector<TF_Tensor*> found(outputs.size(), nullptr);
  Status status;
  api().TF_SessionRun(handle_.get(), options, inputs.data(), values.data(), static_cast<int>(inputs.size()),
                      outputs.data(), found.data(), static_cast<int>(outputs.size()), nullptr, 0, metadata,
                      status.get());
  std::vector<TensorHandle> results;
  results.reserve(found.size());
  for (TF_Tensor* tensor : found) results.emplace_back(tensor);
  status.check(doing);
  return results;
}

}  // namespace livedream::tensorflow

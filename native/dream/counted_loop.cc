#include "dream/counted_loop.h"

#include <cstddef>
#include <utility>

#include "tensorflow/attr_value.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_INT32;
using tensorflow::TF_Output;

namespace {

std::vector<TF_Output> outputsOf(TF_Output first, std::size_t count) {
  std::vector<TF_Output> outputs;
  for (std::size_t i = 0; i < count; ++i) outputs.push_back({first.oper, static_cast<int>(i)});
  return outputs;
}

}  // namespace

CountedLoop::CountedLoop(tensorflow::Context& context, std::string name, std::int64_t rounds,
                         const std::vector<Argument>& handed_on, const std::vector<Argument>& same, const Body& body)
    : name_(std::move(name)) {
  const auto placeholders = [&](Graph& graph) {
    Outputs inputs{graph.placeholder("livedream/round", TF_INT32, {})};
    for (const std::vector<Argument>* arguments : {&handed_on, &same}) {
      for (const Argument& each : *arguments) {
        inputs.push_back(
            graph.placeholder("livedream/argument" + std::to_string(inputs.size()), each.type, each.shape));
      }
    }
    return inputs;
  };
  Graph asking;
  const Outputs asked = placeholders(asking);
  const TF_Output more = asking.binary("Less", asked.front(), asking.constant(static_cast<std::int32_t>(rounds)));
  context.addFunction(asking, condition(), asked, {more});

  Graph going;
  const Outputs inputs = placeholders(going);
  const auto first_same = inputs.begin() + 1 + static_cast<std::ptrdiff_t>(handed_on.size());
  const Outputs made = body(going, inputs.front(), {inputs.begin() + 1, first_same}, {first_same, inputs.end()});
  Outputs outputs{going.binary("AddV2", inputs.front(), going.constant(1))};
  outputs.insert(outputs.end(), made.begin(), made.end());
  // An input is no output of a function.
  for (auto each = first_same; each != inputs.end(); ++each) outputs.push_back(going.unary("Identity", *each));
  context.addFunction(going, this->body(), inputs, outputs);
}

CountedLoop::Outputs CountedLoop::addTo(Graph& graph, const Outputs& handed_on, const Outputs& same) const {
  Outputs inputs{graph.constant(0)};
  inputs.insert(inputs.end(), handed_on.begin(), handed_on.end());
  inputs.insert(inputs.end(), same.begin(), same.end());
  const TF_Output loop = NodeBuilder(graph, "StatelessWhile", graph.uniqueName("StatelessWhile"))
                             .inputs(inputs)
                             .proto("cond", tensorflow::attr_value::ofFunction(condition()))
                             .proto("body", tensorflow::attr_value::ofFunction(body()))
                             .finish();
  const Outputs all = outputsOf(loop, 1 + handed_on.size());
  return {all.begin() + 1, all.end()};
}

std::vector<CountedLoop::Argument> argumentsOf(const Graph& graph, const CountedLoop::Outputs& outputs) {
  std::vector<CountedLoop::Argument> found;
  for (const TF_Output& output : outputs) {
    found.push_back({tensorflow::api().TF_OperationOutputType(output), graph.shape(output).value()});
  }
  return found;
}

TF_Output rowOf(Graph& graph, TF_Output x, TF_Output row) {
  return NodeBuilder(graph, "GatherV2", graph.uniqueName("GatherV2"))
      .input(x)
      .input(row)
      .input(graph.constant(0))
      .finish();
}

TF_Output withRow(Graph& graph, TF_Output x, const Shape& shape, TF_Output row, TF_Output value) {
  Shape one = shape;
  one.front() = 1;
  std::vector<TF_Output> at(shape.size(), graph.constant(0));
  at.front() = row;
  return NodeBuilder(graph, "XlaDynamicUpdateSlice", graph.uniqueName("XlaDynamicUpdateSlice"))
      .input(x)
      .input(graph.reshape(value, one))
      .input(graph.pack(at))
      .finish();
}

TF_Output zeros(Graph& graph, const Shape& shape) { return graph.broadcastTo(graph.constant(0.0F), shape); }

CountedLoop::Outputs callFunction(Graph& graph, const std::string& name, const CountedLoop::Outputs& inputs,
                                  std::size_t outputs) {
  const TF_Output call =
      NodeBuilder(graph, "PartitionedCall", graph.uniqueName("PartitionedCall"))
          .inputs(inputs)
          .proto("f", tensorflow::attr_value::ofFunction(name))
          .proto("Tout", tensorflow::attr_value::ofTypes(std::vector<int>(outputs, tensorflow::TF_FLOAT)))
          .finish();
  return outputsOf(call, outputs);
}

}  // namespace livedream

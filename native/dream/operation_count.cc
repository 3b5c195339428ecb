#include "dream/operation_count.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "dream/attributes.h"
#include "dream/network_graph.h"
#include "error.h"
#include "picture_shape.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/graph.h"

namespace livedream {

namespace {

using tensorflow::elementCount;
using tensorflow::Shape;
using tensorflow::TF_Output;

bool startsWith(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

// [height, width, in, out]: how many products one position of one channel is the sum of.
double filterProducts(const Shape& filter, std::size_t summed_axis) {
  return static_cast<double>(filter.at(0) * filter.at(1) * filter.at(summed_axis));
}

double matrixProducts(const NetworkNode& node, const Shape& a, const Shape& result) {
  const char* const transposed = node.op == "MatMul" ? "transpose_a" : "adj_x";
  const std::size_t last = a.size() - 1;
  const std::int64_t summed = a.at(isTrue(attribute(node, transposed), false) ? last - 1 : last);
  return static_cast<double>(elementCount(result)) * static_cast<double>(summed);
}

// Of two operands, such as `abc,cde->abde`: the product of all axes. Nothing with an ellipsis, whose axes have no
// names.
double einsumProducts(const NetworkNode& node, const std::vector<Shape>& operands) {
  const auto equation =
      tensorflow::attr_value::bytes(attribute(node, "equation"), tensorflow::attr_value::kText).value_or("");
  if (operands.size() != 2 || equation.find('.') != std::string_view::npos) return 0;
  std::map<char, std::int64_t> axes;
  std::size_t operand = 0;
  std::size_t axis = 0;
  for (const char letter : equation) {
    if (letter == '-') break;
    if (letter == ' ') continue;
    if (letter == ',') {
      ++operand;
      axis = 0;
    } else {
      axes[letter] = operands.at(operand).at(axis++);
    }
  }
  double products = 1;
  for (const auto& [letter, size] : axes) products *= static_cast<double>(size);
  return products;
}

class Counter {
 public:
  Counter(const Network& network, const NetworkGraph& copy, const tensorflow::Graph& graph)
      : network_(network), copy_(copy), graph_(graph) {}

  // Operands that depend on the picture's values; sizes of it are integers.
  int operandsOfPicture(std::size_t index) const {
    const auto& inputs = network_.nodes()[index].inputs;
    int count = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const bool floats = tensorflow::api().TF_OperationOutputType(copy_.inputsOf(index).at(i)) == tensorflow::TF_FLOAT;
      if (floats && network_.seesPicture(inputs[i].node)) ++count;
    }
    return count;
  }

  // Of one run of the node: additions and multiplications, two a product.
  double of(std::size_t index) const {
    const NetworkNode& node = network_.nodes()[index];
    if (node.op == "Conv2D") return 2 * elements(index) * filterProducts(input(index, 1), 2);
    if (node.op == "DepthwiseConv2dNative") {
      const Shape filter = input(index, 1);
      return 2 * elements(index) * static_cast<double>(filter.at(0) * filter.at(1));
    }
    // The transposed convolutions: of what comes in, each position goes to all channels that come out.
    if (node.op == "Conv2DBackpropInput") {
      return 2 * static_cast<double>(elementCount(input(index, 2))) * filterProducts(input(index, 1), 2);
    }
    if (node.op == "DepthwiseConv2dNativeBackpropInput") {
      const Shape filter = input(index, 1);
      return 2 * static_cast<double>(elementCount(input(index, 2)) * filter.at(0) * filter.at(1));
    }
    if (node.op == "MatMul" || startsWith(node.op, "BatchMatMul")) {
      return 2 * matrixProducts(node, input(index, 0), shape(index, copy_.output(index)));
    }
    if (node.op == "Einsum") {
      std::vector<Shape> operands;
      for (std::size_t i = 0; i < node.inputs.size(); ++i) operands.push_back(input(index, i));
      return 2 * einsumProducts(node, operands);
    }
    return 0;
  }

 private:
  Shape input(std::size_t index, std::size_t position) const {
    return shape(index, copy_.inputsOf(index).at(position));
  }

  double elements(std::size_t index) const {
    return static_cast<double>(elementCount(shape(index, copy_.output(index))));
  }

  Shape shape(std::size_t index, TF_Output output) const {
    const auto found = graph_.shape(output);
    if (found && std::all_of(found->begin(), found->end(), [](auto dim) { return dim >= 0; })) return *found;
    throw Error(code::kModelUnreadable, "The size of what '" + network_.nodes()[index].name +
                                            "' computes with cannot be told before the graph runs.");
  }

  const Network& network_;
  const NetworkGraph& copy_;
  const tensorflow::Graph& graph_;
};

}  // namespace

double countOperations(const Network& network, const std::string& layer, std::int64_t height, std::int64_t width,
                       const Cancellation& cancellation) {
  const std::vector<std::size_t> nodes = network.needed({layer});
  tensorflow::Graph graph;
  const TF_Output picture = graph.placeholder("livedream/picture", tensorflow::TF_FLOAT, {1, height, width, kColours});
  const NetworkGraph copy(graph, network, nodes, picture, NetworkGraph::Misfit::kThrow, Mode(), &cancellation);
  const Counter counter(network, copy, graph);
  double count = 0;
  for (const std::size_t index : nodes) {
    if (index == network.input() || network.nodes()[index].weight >= 0) continue;
    const int seeing = counter.operandsOfPicture(index);
    // What does not depend on the picture is computed once. Back, each operand that does costs as much as forward.
    if (seeing > 0) count += counter.of(index) * (1 + seeing);
  }
  return count;
}

}  // namespace livedream

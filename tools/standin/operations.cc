#include "operations.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "tensorflow/wire_format.h"

namespace livedream::standin {

namespace {

using tensorflow::OpArgument;
using tensorflow::OpDefinition;
using tensorflow::WireWriter;

struct Row {
  const char* name;
  const char* inputs;
  const char* outputs;
  const char* rule;
  bool stateful = false;
};

// Names of arguments are TensorFlow's where livedream asks for them.
constexpr Row kRows[] = {
    {"Abs", "x: T", "y: T", "same"},
    {"Add", "x: T, y: T", "z: T", "broadcast"},
    {"AddN", "inputs: N * T", "sum: T", "same"},
    {"AddV2", "x: T, y: T", "z: T", "broadcast"},
    {"AvgPool", "value: T", "output: T", "pool"},
    {"AvgPoolGrad", "orig_input_shape: int32, grad: T", "output: T", "told by the first"},
    {"BiasAdd", "value: T, bias: T", "output: T", "same"},
    {"BroadcastTo", "input: T, shape: Tidx", "output: T", "told by the second"},
    {"Cast", "x: SrcT", "y: DstT", "same"},
    {"ClipByValue", "t: T, clip_value_min: T, clip_value_max: T", "output: T", "same"},
    {"ConcatV2", "values: N * T, axis: Tidx", "output: T", "concatenate"},
    {"Const", "", "output: dtype", "constant"},
    {"Conv2D", "input: T, filter: T", "output: T", "convolve"},
    {"Conv2DBackpropInput", "input_sizes: int32, filter: T, out_backprop: T", "output: T", "told by the first"},
    {"DeepCopy", "x: T", "y: T", "same", true},
    {"DepthToSpace", "input: T", "output: T", "depth to space"},
    {"DepthwiseConv2dNative", "input: T, filter: T", "output: T", "convolve each"},
    {"DepthwiseConv2dNativeBackpropInput", "input_sizes: int32, filter: T, out_backprop: T", "output: T",
     "told by the first"},
    {"DivNoNan", "x: T, y: T", "z: T", "broadcast"},
    {"EnsureShape", "input: T", "output: T", "attribute"},
    {"Equal", "x: T, y: T", "z: bool", "broadcast"},
    {"Exp", "x: T", "y: T", "same"},
    {"ExpandDims", "input: T, dim: Tdim", "output: T", "expand"},
    {"Floor", "x: T", "y: T", "same"},
    {"GatherV2", "params: Tparams, indices: Tindices, axis: Taxis", "output: Tparams", "gather"},
    {"Greater", "x: T, y: T", "z: bool", "broadcast"},
    {"GreaterEqual", "x: T, y: T", "z: bool", "broadcast"},
    {"Identity", "input: T", "output: T", "same"},
    {"LRN", "input: T", "output: T", "same"},
    {"LRNGrad", "input_grads: T, input_image: T, output_image: T", "output: T", "same"},
    {"Less", "x: T, y: T", "z: bool", "broadcast"},
    {"LogicalAnd", "x: bool, y: bool", "z: bool", "broadcast"},
    {"MatMul", "a: T, b: T", "product: T", "multiply"},
    {"Max", "input: T, reduction_indices: Tidx", "output: T", "reduce"},
    {"MaxPool", "input: T", "output: T", "pool"},
    {"MaxPoolGrad", "orig_input: T, orig_output: T, grad: T", "output: T", "same"},
    {"Maximum", "x: T, y: T", "z: T", "broadcast"},
    {"Mean", "input: T, reduction_indices: Tidx", "output: T", "reduce"},
    {"Minimum", "x: T, y: T", "z: T", "broadcast"},
    {"MirrorPad", "input: T, paddings: Tpaddings", "output: T", "pad"},
    {"Mul", "x: T, y: T", "z: T", "broadcast"},
    {"Neg", "x: T", "y: T", "same"},
    {"NoOp", "", "", "none"},
    {"OnesLike", "x: T", "y: T", "same"},
    {"Pack", "values: N * T", "output: T", "pack"},
    {"Pad", "input: T, paddings: Tpaddings", "output: T", "pad"},
    {"PadV2", "input: T, paddings: Tpaddings, constant_values: T", "output: T", "pad"},
    {"PartitionedCall", "args: [Tin]", "output: [Tout]", "unknown"},
    {"Placeholder", "", "output: dtype", "attribute"},
    {"Pow", "x: T, y: T", "z: T", "broadcast"},
    {"RealDiv", "x: T, y: T", "z: T", "broadcast"},
    {"Relu", "features: T", "activations: T", "same"},
    {"ReluGrad", "gradients: T, features: T", "backprops: T", "same"},
    {"Reshape", "tensor: T, shape: Tshape", "output: T", "reshape"},
    {"ResizeBilinear", "images: T, size: int32", "resized_images: float", "resize"},
    {"ReverseV2", "tensor: T, axis: Tidx", "output: T", "same"},
    {"Roll", "input: T, shift: Tshift, axis: Taxis", "output: T", "same"},
    {"Round", "x: T", "y: T", "same"},
    {"Rsqrt", "x: T", "y: T", "same"},
    {"SelectV2", "condition: bool, t: T, e: T", "output: T", "broadcast"},
    {"Shape", "input: T", "output: out_type", "shape"},
    {"Sign", "x: T", "y: T", "same"},
    {"Slice", "input: T, begin: Index, size: Index", "output: T", "slice"},
    {"SpaceToDepth", "input: T", "output: T", "space to depth"},
    {"Sqrt", "x: T", "y: T", "same"},
    {"Square", "x: T", "y: T", "same"},
    {"StatelessWhile", "input: [T]", "output: [T]", "same each"},
    {"StopGradient", "input: T", "output: T", "same"},
    {"StridedSlice", "input: T, begin: Index, end: Index, strides: Index", "output: T", "stride"},
    {"Sub", "x: T, y: T", "z: T", "broadcast"},
    {"Sum", "input: T, reduction_indices: Tidx", "output: T", "reduce"},
    {"Tanh", "x: T", "y: T", "same"},
    {"Tile", "input: T, multiples: Tmultiples", "output: T", "tile"},
    {"Transpose", "x: T, perm: Tperm", "y: T", "transpose"},
    {"While", "input: [T]", "output: [T]", "same each", true},
    {"XlaDynamicUpdateSlice", "input: T, update: T, indices: Tindices", "output: T", "same"},
    {"XlaOptimizationBarrier", "input: [T]", "output: [T]", "same each"},
    {"ZerosLike", "x: T", "y: T", "same"},
    // What TF_AddGradients adds here.
    {"StandinGradient", "x: T", "dx: T", "same"},
};

constexpr int kInt64 = 9;
constexpr int kBoolean = 10;

int typeNamed(std::string_view name) noexcept {
  constexpr std::pair<std::string_view, int> kNames[] = {{"float", tensorflow::TF_FLOAT},
                                                         {"int32", tensorflow::TF_INT32},
                                                         {"uint8", tensorflow::TF_UINT8},
                                                         {"int64", kInt64},
                                                         {"bool", kBoolean},
                                                         {"bfloat16", tensorflow::TF_BFLOAT16},
                                                         {"half", tensorflow::TF_HALF}};
  for (const auto& [known, type] : kNames) {
    if (known == name) return type;
  }
  return 0;
}

std::vector<OpArgument> parseArguments(std::string_view list) {
  std::vector<OpArgument> arguments;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(", "), list.size());
    arguments.push_back(parseArgument(list.substr(0, comma)));
    list.remove_prefix(std::min(comma + 2, list.size()));
  }
  return arguments;
}

struct Registry {
  std::mutex mutex;
  std::map<std::string, OperationEntry> entries;
};

Registry& registry() {
  static auto& instance = *[] {
    auto* made = new Registry;
    for (const Row& row : kRows) {
      made->entries[row.name] = {{parseArguments(row.inputs), parseArguments(row.outputs), row.stateful},
                                 ruleNamed(row.rule)};
    }
    return made;
  }();
  return instance;
}

WireWriter serializedArgument(const OpArgument& argument) {
  WireWriter writer;
  writer.bytes(1, argument.name);
  if (argument.type != 0) writer.varint(3, static_cast<std::uint64_t>(argument.type));
  if (!argument.type_attribute.empty()) writer.bytes(4, argument.type_attribute);
  if (!argument.number_attribute.empty()) writer.bytes(5, argument.number_attribute);
  if (!argument.type_list_attribute.empty()) writer.bytes(6, argument.type_list_attribute);
  return writer;
}

// Completes what one argument's inputs decide; returns how many they are.
std::size_t readInputs(const OpArgument& argument, const std::vector<TF_DataType>& inputs, std::size_t at, int group,
                       std::map<std::string, std::string>& attributes) {
  const auto given = static_cast<std::size_t>(group);
  if (!argument.type_list_attribute.empty()) {
    const auto known = attributes.find(argument.type_list_attribute);
    const std::size_t count = known == attributes.end() ? given : attr_value::types(known->second).size();
    const std::vector<int> types(inputs.begin() + static_cast<std::ptrdiff_t>(at),
                                 inputs.begin() + static_cast<std::ptrdiff_t>(std::min(at + count, inputs.size())));
    attributes.emplace(argument.type_list_attribute, attr_value::ofTypes(types));
    return count;
  }
  std::size_t count = 1;
  if (!argument.number_attribute.empty()) {
    const auto known = attributes.find(argument.number_attribute);
    count = known == attributes.end() ? given : attr_value::number(known->second, attr_value::kInteger).value_or(0);
    attributes.emplace(argument.number_attribute, attr_value::ofInteger(static_cast<std::int64_t>(count)));
  }
  if (!argument.type_attribute.empty() && at < inputs.size()) {
    attributes.emplace(argument.type_attribute, attr_value::ofType(inputs[at]));
  }
  return count;
}

}  // namespace

const OperationEntry* findOperation(const std::string& name) {
  Registry& all = registry();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto found = all.entries.find(name);
  return found == all.entries.end() ? nullptr : &found->second;
}

bool addOperation(const std::string& name, OperationEntry entry) {
  Registry& all = registry();
  const std::lock_guard<std::mutex> lock(all.mutex);
  return all.entries.emplace(name, std::move(entry)).second;
}

OpArgument parseArgument(std::string_view specification) {
  OpArgument argument;
  const std::size_t colon = specification.find(": ");
  argument.name = std::string(specification.substr(0, colon));
  std::string_view type = specification.substr(colon + 2);
  if (type.front() == '[') {
    argument.type_list_attribute = std::string(type.substr(1, type.size() - 2));
    return argument;
  }
  const std::size_t star = type.find(" * ");
  if (star != std::string_view::npos) {
    argument.number_attribute = std::string(type.substr(0, star));
    type.remove_prefix(star + 3);
  }
  argument.type = typeNamed(type);
  if (argument.type == 0) argument.type_attribute = std::string(type);
  return argument;
}

std::string serialized(const std::string& name, const OperationEntry& entry) {
  WireWriter writer;
  writer.bytes(1, name);
  for (const OpArgument& each : entry.definition.inputs) writer.bytes(2, serializedArgument(each).message());
  for (const OpArgument& each : entry.definition.outputs) writer.bytes(3, serializedArgument(each).message());
  if (entry.definition.stateful) writer.varint(17, 1);
  return writer.take();
}

std::vector<TF_DataType> outputTypes(const OperationEntry& entry, const std::vector<TF_DataType>& inputs,
                                     const std::vector<int>& groups, std::map<std::string, std::string>& attributes) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < entry.definition.inputs.size(); ++i) {
    at += readInputs(entry.definition.inputs[i], inputs, at, i < groups.size() ? groups[i] : 0, attributes);
  }
  std::vector<TF_DataType> types;
  for (const OpArgument& output : entry.definition.outputs) {
    const std::string& name = output.type_list_attribute.empty() ? output.type_attribute : output.type_list_attribute;
    std::vector<int> found{output.type};
    if (output.type == 0) {
      const auto known = attributes.find(name);
      // What has a default and is not given: numbers of an axis or a size.
      found = known == attributes.end() ? std::vector<int>{tensorflow::TF_INT32} : attr_value::types(known->second);
    }
    for (const int type : found) types.push_back(static_cast<TF_DataType>(type));
  }
  return types;
}

}  // namespace livedream::standin

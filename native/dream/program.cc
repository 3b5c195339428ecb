#include "dream/program.h"

#include <utility>

#include "dream/error.h"
#include "dream/gradient_graph.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_FLOAT;
using tensorflow::TF_INT32;
using tensorflow::TF_Output;

namespace {

constexpr std::int32_t kColours = 3;
constexpr float kEpsilon = 1e-7F;  // of the update's divisor, as in Google's DeepDream tutorial

std::int32_t narrow(std::int64_t value) noexcept { return static_cast<std::int32_t>(value); }

// Collects what becomes the function's signature.
struct Body {
  explicit Body(const Octave& shape) : octave(shape) {}

  const Octave& octave;
  Graph graph;
  std::vector<TF_Output> inputs;
  std::vector<TF_Output> outputs;
  std::vector<int> weights;

  TF_Output input(const char* name, tensorflow::TF_DataType type, const Shape& shape) {
    inputs.push_back(graph.placeholder(std::string("livedream/") + name, type, shape));
    return inputs.back();
  }
  TF_Output picture() { return input("picture", TF_FLOAT, {octave.height, octave.width, kColours}); }
  TF_Output shift() { return input("shift", TF_INT32, {2}); }
  TF_Output step() { return input("step", TF_FLOAT, {}); }
  Shape batchShape() const { return {octave.batch, octave.tile_height, octave.tile_width, kColours}; }
};

// Appends the first `extra` rows (or columns) again, so that equal tiles cover the picture.
TF_Output wrap(Body& body, TF_Output picture, std::int32_t axis, std::int64_t extra) {
  if (extra == 0) return picture;
  std::vector<std::int32_t> size{-1, -1, -1};
  size[static_cast<std::size_t>(axis)] = narrow(extra);
  return body.graph.concatenate({picture, body.graph.slice(picture, {0, 0, 0}, size)}, axis);
}

// All tiles of the rolled picture, row by row: [tiles, tile height, tile width, 3].
TF_Output cut(Body& body, TF_Output rolled) {
  const Octave& o = body.octave;
  Graph& graph = body.graph;
  TF_Output x = wrap(body, rolled, 0, o.rows * o.tile_height - o.height);
  x = wrap(body, x, 1, o.columns * o.tile_width - o.width);
  if (o.tiles() > 1) {
    x = graph.reshape(x, {o.rows, o.tile_height, o.columns, o.tile_width, kColours});
    x = graph.transpose(x, {0, 2, 1, 3, 4});
  }
  return graph.reshape(x, {o.tiles(), o.tile_height, o.tile_width, kColours});
}

// The way back; what reached over the edge is dropped, so every pixel counts once.
TF_Output join(Body& body, TF_Output tiles) {
  const Octave& o = body.octave;
  Graph& graph = body.graph;
  TF_Output x = tiles;
  if (o.tiles() > 1) {
    x = graph.reshape(x, {o.rows, o.columns, o.tile_height, o.tile_width, kColours});
    x = graph.transpose(x, {0, 2, 1, 3, 4});
  }
  x = graph.reshape(x, {o.rows * o.tile_height, o.columns * o.tile_width, kColours});
  if (o.rows * o.tile_height == o.height && o.columns * o.tile_width == o.width) return x;
  return graph.slice(x, {0, 0, 0}, {narrow(o.height), narrow(o.width), kColours});
}

TF_Output joinBatches(Body& body, const std::vector<TF_Output>& batches) {
  return join(body, batches.size() == 1 ? batches.front() : body.graph.concatenate(batches, 0));
}

// picture + gradient * step / (mean(|gradient|) + 1e-7), all rolled, and rolled back at the end.
void ascend(Body& body, TF_Output rolled, TF_Output gradient, TF_Output shift, TF_Output step,
            TF_Output objective_sum) {
  Graph& graph = body.graph;
  const TF_Output mean = graph.reduce("Mean", graph.unary("Abs", gradient), 3);
  const TF_Output rate = graph.binary("RealDiv", step, graph.binary("AddV2", mean, graph.constant(kEpsilon)));
  const TF_Output moved = graph.binary("AddV2", rolled, graph.binary("Mul", gradient, rate));
  const TF_Output sum = graph.reduce("Sum", moved, 3);
  const TF_Output objective =
      graph.binary("RealDiv", objective_sum, graph.constant(static_cast<float>(body.octave.tiles())));
  body.outputs = {graph.roll(moved, graph.negateInteger(shift)), graph.pack({objective, sum, mean})};
}

void takeWeights(Body& body, const GradientGraph& gradient) {
  body.weights = gradient.weights;
  body.inputs.insert(body.inputs.end(), gradient.weight_inputs.begin(), gradient.weight_inputs.end());
}

TF_Output selectorInput(Body& body, const Network& network, const Objective& objective) {
  return body.input("selector", TF_FLOAT, {network.channels(objective.layer)});
}

void buildStep(Body& body, const Network& network, const Objective& objective) {
  const TF_Output picture = body.picture();
  const TF_Output shift = body.shift();
  const TF_Output step = body.step();
  const TF_Output selector = selectorInput(body, network, objective);
  const TF_Output rolled = body.graph.roll(picture, shift);
  const GradientGraph gradient = addGradient(body.graph, network, objective, cut(body, rolled), selector);
  takeWeights(body, gradient);
  ascend(body, rolled, join(body, gradient.gradient), shift, step, gradient.objective);
}

void buildCut(Body& body) {
  const TF_Output picture = body.picture();
  const TF_Output tiles = cut(body, body.graph.roll(picture, body.shift()));
  for (std::int64_t batch = 0; batch < body.octave.batches(); ++batch) {
    body.outputs.push_back(
        body.graph.slice(tiles, {narrow(batch * body.octave.batch), 0, 0, 0}, {narrow(body.octave.batch), -1, -1, -1}));
  }
}

void buildGradient(Body& body, const Network& network, const Objective& objective) {
  const TF_Output tiles = body.input("tiles", TF_FLOAT, body.batchShape());
  const TF_Output selector = selectorInput(body, network, objective);
  const GradientGraph gradient = addGradient(body.graph, network, objective, tiles, selector);
  takeWeights(body, gradient);
  body.outputs = {gradient.gradient, gradient.objective};
}

std::vector<TF_Output> batchInputs(Body& body, const char* name, const Shape& shape) {
  std::vector<TF_Output> batches;
  for (std::int64_t batch = 0; batch < body.octave.batches(); ++batch) {
    batches.push_back(body.input((name + std::to_string(batch)).c_str(), TF_FLOAT, shape));
  }
  return batches;
}

void buildAscend(Body& body) {
  const TF_Output picture = body.picture();
  const TF_Output shift = body.shift();
  const TF_Output step = body.step();
  const std::vector<TF_Output> objectives = batchInputs(body, "objective", {});
  const std::vector<TF_Output> gradients = batchInputs(body, "gradient", body.batchShape());
  const TF_Output objective = body.graph.reduce("Sum", body.graph.pack(objectives), 1);
  ascend(body, body.graph.roll(picture, shift), joinBatches(body, gradients), shift, step, objective);
}

void buildJoin(Body& body) { body.outputs = {joinBatches(body, batchInputs(body, "gradient", body.batchShape()))}; }

void build(Body& body, const Network& network, Task task, const Objective& objective) {
  switch (task) {
    case Task::kStep:
      return buildStep(body, network, objective);
    case Task::kCut:
      return buildCut(body);
    case Task::kGradient:
      return buildGradient(body, network, objective);
    case Task::kAscend:
      return buildAscend(body);
    case Task::kJoin:
      return buildJoin(body);
  }
}

std::string sizeOf(std::int64_t height, std::int64_t width) {
  return std::to_string(width) + " x " + std::to_string(height) + " pixels";
}

// For errors: "the gradient of 2 tiles of 400 x 267 pixels on 'mixed4d', compiled by XLA".
std::string describe(Task task, const Octave& o, const Objective& objective, bool xla) {
  std::string picture = "a picture of " + sizeOf(o.height, o.width);
  const std::string tiles = std::to_string(o.batch) + " tiles of " + sizeOf(o.tile_height, o.tile_width);
  const std::string layer = " on '" + objective.layer + "'";
  const std::string mode = xla ? ", compiled by XLA" : "";
  switch (task) {
    case Task::kStep:
      return "a step of " + picture + layer + mode;
    case Task::kCut:
      return "the tiles of " + picture + mode;
    case Task::kGradient:
      return "the gradient of " + tiles + layer + mode;
    case Task::kAscend:
      return "the update of " + picture + mode;
    case Task::kJoin:
      return "the joined gradient of " + picture + mode;
  }
  return picture;
}

std::size_t countOperations(const Graph& graph) {
  std::size_t count = 0;
  std::size_t position = 0;
  while (tensorflow::api().TF_GraphNextOperation(graph.get(), &position) != nullptr) ++count;
  return count;
}

// TensorFlow does not say what a function or a compiled program holds. Measured on inception5h's step (see
// docs/architecture.md): about 12 KB an operation for the graphs, kernels and executors of an ordinary function, about
// 40 KB where XLA's compiled code and its own form of the graph stay too.
constexpr std::size_t kOperationBytes = std::size_t{12} * 1024;
constexpr std::size_t kXlaOperationBytes = std::size_t{40} * 1024;

}  // namespace

Program::Program(tensorflow::Context& context, tensorflow::Device device, const Network& network, Task task,
                 const Octave& octave, const Objective& objective, bool xla, std::string name)
    : context_(context), device_(std::move(device)), name_(std::move(name)), xla_(xla) {
  Body body(octave);
  build(body, network, task, objective);
  context_.addFunction(body.graph, name_, body.inputs, body.outputs);
  outputs_ = static_cast<int>(body.outputs.size());
  description_ = describe(task, octave, objective, xla);
  weights_ = std::move(body.weights);
  bytes_ = countOperations(body.graph) * (xla_ ? kXlaOperationBytes : kOperationBytes);
}

tensorflow::Call Program::call() const {
  tensorflow::Call call(context_, name_, device_);
  // Must-compile fails where XLA cannot; auto-clustering would silently fall back to ordinary kernels.
  // XLA optimises by itself; an ordinary function is optimised only where its call carries a configuration, an empty
  // one too (KernelAndDeviceFunc in tensorflow/core/common_runtime/eager/kernel_and_device.cc). It fuses Conv2D,
  // BiasAdd and Relu, among others: 4 ms of Inception v3's 130 [measured].
  if (xla_) {
    call.boolean("_XlaMustCompile", true);
  } else {
    call.text("config_proto", "");
  }
  return call;
}

std::vector<tensorflow::EagerHandle> Program::run(tensorflow::Call& call) const {
  // What XLA cannot compile is refused at the first call; a failure later is another one.
  std::vector<tensorflow::EagerHandle> results =
      call.execute(outputs_, "computing " + description_, xla_ && !compiled_ ? code::kXlaUnavailable : nullptr);
  compiled_ = true;
  return results;
}

}  // namespace livedream

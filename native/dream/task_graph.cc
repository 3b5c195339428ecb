#include "dream/task_graph.h"

#include <cstdint>
#include <utility>

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

// A task's graph under construction.
struct Body : TaskGraph {
  explicit Body(const Octave& shape) : octave(shape) {}

  const Octave& octave;

  TF_Output input(const std::string& name, tensorflow::TF_DataType type, const Shape& shape) {
    names.push_back(name);
    inputs.push_back(graph.placeholder("livedream/" + name, type, shape));
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

std::vector<TF_Output> termInputs(Body& body, const Network& network, const Objective& objective) {
  std::vector<TF_Output> inputs;
  for (std::size_t i = 0; i < objective.size(); ++i) {
    const Shape shape = termArgumentShape(objective[i], network.channels(objective[i].layer));
    inputs.push_back(body.input(numbered("term", i), TF_FLOAT, shape));
  }
  return inputs;
}

void buildStep(Body& body, const Network& network, const Objective& objective, const Mode& mode) {
  const TF_Output picture = body.picture();
  const TF_Output shift = body.shift();
  const TF_Output step = body.step();
  const std::vector<TF_Output> terms = termInputs(body, network, objective);
  const TF_Output rolled = body.graph.roll(picture, shift);
  const GradientGraph gradient = addGradient(body.graph, network, objective, mode, cut(body, rolled), terms);
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

void buildGradient(Body& body, const Network& network, const Objective& objective, const Mode& mode) {
  const TF_Output tiles = body.input("tiles", TF_FLOAT, body.batchShape());
  const std::vector<TF_Output> terms = termInputs(body, network, objective);
  const GradientGraph gradient = addGradient(body.graph, network, objective, mode, tiles, terms);
  takeWeights(body, gradient);
  body.outputs = {gradient.gradient, gradient.objective};
}

std::vector<TF_Output> batchInputs(Body& body, const char* name, const Shape& shape) {
  std::vector<TF_Output> batches;
  for (std::int64_t batch = 0; batch < body.octave.batches(); ++batch) {
    batches.push_back(body.input(numbered(name, static_cast<std::size_t>(batch)), TF_FLOAT, shape));
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

void build(Body& body, const Network& network, Task task, const Objective& objective, const Mode& mode) {
  switch (task) {
    case Task::kStep:
      return buildStep(body, network, objective, mode);
    case Task::kCut:
      return buildCut(body);
    case Task::kGradient:
      return buildGradient(body, network, objective, mode);
    case Task::kAscend:
      return buildAscend(body);
    case Task::kJoin:
      return buildJoin(body);
  }
}

}  // namespace

std::string numbered(const char* name, std::size_t index) { return name + std::to_string(index); }

TaskGraph buildTask(const Network& network, Task task, const Octave& octave, const Objective& objective,
                    const Mode& mode) {
  Body body(octave);
  build(body, network, task, objective, mode);
  return std::move(body);
}

}  // namespace livedream

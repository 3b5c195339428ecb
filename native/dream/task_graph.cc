#include "dream/task_graph.h"

#include <cstdint>
#include <utility>

#include "dream/gradient_graph.h"
#include "dream/gradient_normalization.h"
#include "dream/guide_seed.h"
#include "dream/layer_shape.h"
#include "dream/network_graph.h"
#include "dream/sizes.h"
#include "dream/update.h"
#include "dream/wrapping.h"
#include "picture_shape.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_FLOAT;
using tensorflow::TF_INT32;
using tensorflow::TF_Output;

namespace {

// A task's graph under construction.
struct Body : TaskGraph {
  explicit Body(const TaskSpec& given) : spec(given), octave(given.octave) {}

  const TaskSpec& spec;
  const Octave& octave;

  TF_Output input(const std::string& name, tensorflow::TF_DataType type, const Shape& shape) {
    names.push_back(name);
    inputs.push_back(graph.placeholder("livedream/" + name, type, shape));
    return inputs.back();
  }
  TF_Output picture() { return input("picture", TF_FLOAT, {octave.pictures, octave.height, octave.width, kColours}); }
  TF_Output shift() { return input("shift", TF_INT32, {2}); }
  UpdateInputs update() {
    UpdateInputs taken{};
    taken.step = input("step", TF_FLOAT, {});
    if (spec.update.normalize == Normalize::kSmooth) {
      taken.rows = input("smoothing_rows", TF_FLOAT, smoothingRowsShape(spec.update.radius));
      taken.columns = input("smoothing_columns", TF_FLOAT, smoothingColumnsShape(spec.update.radius));
    }
    if (spec.update.chroma) taken.chroma = input("chroma", TF_FLOAT, {});
    if (spec.update.needsSource()) {
      taken.source = input("source", TF_FLOAT, {octave.pictures, octave.height, octave.width, kColours});
    }
    if (spec.update.limit) taken.limit = input("limit", TF_FLOAT, {});
    if (spec.update.mask) taken.mask = input("mask", TF_FLOAT, {1, octave.height, octave.width, 1});
    if (spec.update.total_variation) taken.total_variation = input("total_variation", TF_FLOAT, {});
    if (spec.update.l2) taken.l2 = input("l2", TF_FLOAT, {});
    return taken;
  }
  Shape batchShape() const { return {octave.batch, octave.tile_height, octave.tile_width, kColours}; }
};

// Appends the first `extra` rows (or columns) again, so that equal tiles cover the picture.
TF_Output wrap(Body& body, TF_Output picture, std::int32_t axis, std::int64_t extra) {
  if (extra == 0) return picture;
  std::vector<std::int32_t> size{-1, -1, -1, -1};
  size[static_cast<std::size_t>(axis)] = narrow(extra);
  return body.graph.concatenate({picture, body.graph.slice(picture, {0, 0, 0, 0}, size)}, axis);
}

// All tiles of the rolled picture, row by row: [tiles, tile height, tile width, 3]; or of what else lies over it.
TF_Output cut(Body& body, TF_Output rolled) {
  const Octave& o = body.octave;
  Graph& graph = body.graph;
  if (o.margin > 0) return withMargins(graph, rolled, o.margin, o.margin);
  TF_Output x = wrap(body, rolled, 1, o.rows * o.tile_height - o.height);
  x = wrap(body, x, 2, o.columns * o.tile_width - o.width);
  if (o.rows * o.columns == 1) return x;
  const std::int64_t channels = graph.shape(rolled).value().back();
  x = graph.reshape(x, {o.rows, o.tile_height, o.columns, o.tile_width, channels});
  x = graph.transpose(x, {0, 2, 1, 3, 4});
  return graph.reshape(x, {o.tiles(), o.tile_height, o.tile_width, channels});
}

// The way back; what reached over the edge is dropped, so every pixel counts once.
TF_Output join(Body& body, TF_Output tiles) {
  const Octave& o = body.octave;
  Graph& graph = body.graph;
  if (o.margin > 0) return withoutMargins(graph, tiles, o.margin, o.margin);
  TF_Output x = tiles;
  if (o.rows * o.columns > 1) {
    x = graph.reshape(x, {o.rows, o.columns, o.tile_height, o.tile_width, kColours});
    x = graph.transpose(x, {0, 2, 1, 3, 4});
    x = graph.reshape(x, {1, o.rows * o.tile_height, o.columns * o.tile_width, kColours});
  }
  if (o.rows * o.tile_height == o.height && o.columns * o.tile_width == o.width) return x;
  return graph.slice(x, {0, 0, 0, 0}, {-1, narrow(o.height), narrow(o.width), kColours});
}

TF_Output joinBatches(Body& body, const std::vector<TF_Output>& batches) {
  return join(body, batches.size() == 1 ? batches.front() : body.graph.concatenate(batches, 0));
}

// `gradient` is that of the rolled picture, and rolled back before it moves it.
void ascend(Body& body, TF_Output picture, TF_Output gradient, TF_Output shift, const UpdateInputs& inputs,
            TF_Output objective_sum) {
  Graph& graph = body.graph;
  const TF_Output back = graph.roll(gradient, graph.negateInteger(shift));
  const Updated updated = addUpdate(graph, body.spec.update, picture, back, inputs);
  const TF_Output sum = graph.reducePictures("Sum", updated.pictures, body.octave.pictures == 1);
  const auto tiles = static_cast<float>(body.octave.rows * body.octave.columns);
  const TF_Output objective = graph.binary("RealDiv", objective_sum, graph.constant(tiles));
  body.outputs = {updated.pictures, graph.pack({objective, sum, updated.gradient_mean})};
}

void takeWeights(Body& body, const std::vector<int>& weights, const std::vector<TF_Output>& inputs) {
  body.weights = weights;
  body.inputs.insert(body.inputs.end(), inputs.begin(), inputs.end());
}

GradientGraph gradientOf(Body& body, const Network& network, TF_Output tiles, TF_Output regions = {}) {
  const Objective& objective = body.spec.objective;
  std::vector<TermInputs> terms;
  for (std::size_t i = 0; i < objective.size(); ++i) {
    const std::int64_t channels = network.channels(objective[i].layer);
    const Shape shape = termArgumentShape(objective[i], channels, body.octave.pictures);
    terms.push_back({body.input(numbered("term", i), TF_FLOAT, shape), {}});
    if (!objective[i].guided()) continue;
    terms.back().guide = body.input(numbered("guide", i), TF_FLOAT, guideShape(objective[i], channels));
  }
  GradientGraph gradient =
      addGradient(body.graph, network, objective, body.spec.mode, tiles, body.octave.pictures, terms, regions);
  takeWeights(body, gradient.weights, gradient.weight_inputs);
  return gradient;
}

void buildStep(Body& body, const Network& network) {
  const TF_Output picture = body.picture();
  const TF_Output shift = body.shift();
  const UpdateInputs update = body.update();
  TF_Output regions{};
  if (body.spec.regions > 0) {
    const Octave& o = body.octave;
    const TF_Output all = body.input("regions", TF_FLOAT, {1, o.height, o.width, body.spec.regions});
    regions = cut(body, body.graph.roll(all, shift));
  }
  const GradientGraph gradient = gradientOf(body, network, cut(body, body.graph.roll(picture, shift)), regions);
  ascend(body, picture, join(body, gradient.gradient), shift, update, gradient.objective);
}

void buildCut(Body& body) {
  const TF_Output picture = body.picture();
  const TF_Output tiles = cut(body, body.graph.roll(picture, body.shift()));
  for (std::int64_t batch = 0; batch < body.octave.batches(); ++batch) {
    body.outputs.push_back(
        body.graph.slice(tiles, {narrow(batch * body.octave.batch), 0, 0, 0}, {narrow(body.octave.batch), -1, -1, -1}));
  }
}

void buildGradient(Body& body, const Network& network) {
  const GradientGraph gradient = gradientOf(body, network, body.input("tiles", TF_FLOAT, body.batchShape()));
  body.outputs = {gradient.gradient, gradient.objective};
}

void buildAnswers(Body& body, const Network& network) {
  const std::string& name = body.spec.objective.front().layer;
  NetworkGraph copy(body.graph, network, network.needed({name}), cut(body, body.picture()),
                    NetworkGraph::Misfit::kThrow, body.spec.mode);
  const TF_Output layer = body.graph.cast(asLayer(body.graph, copy.output(network.find(name)), name), TF_FLOAT);
  const TF_Output positions = body.graph.constant(std::vector<std::int32_t>{0, 1, 2});
  const auto over = [&](const char* type, TF_Output x) { return body.graph.binary(type, x, positions); };
  body.outputs = {
      body.graph.pack({over("Mean", layer), over("Max", layer), over("Mean", body.graph.unary("Square", layer))})};
  takeWeights(body, copy.weights(), copy.weightInputs());
}

void buildFeatures(Body& body, const Network& network) {
  const Term& term = body.spec.objective.front();
  NetworkGraph copy(body.graph, network, network.needed({term.layer}), cut(body, body.picture()),
                    NetworkGraph::Misfit::kThrow, body.spec.mode);
  const TF_Output output = copy.output(network.find(term.layer));
  const TF_Output layer = body.graph.cast(asLayer(body.graph, output, term.layer), TF_FLOAT);
  // A network that takes several at a time was given the picture so often.
  const TF_Output first = body.graph.slice(layer, {0, 0, 0, 0}, {1, -1, -1, -1});
  body.outputs = {addGuideFeatures(body.graph, term.kind, first)};
  takeWeights(body, copy.weights(), copy.weightInputs());
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
  const UpdateInputs update = body.update();
  const std::vector<TF_Output> objectives = batchInputs(body, "objective", {body.octave.pictures});
  const std::vector<TF_Output> gradients = batchInputs(body, "gradient", body.batchShape());
  const TF_Output objective = body.graph.reduce("Sum", body.graph.pack(objectives), 1);
  ascend(body, picture, joinBatches(body, gradients), shift, update, objective);
}

void buildJoin(Body& body) { body.outputs = {joinBatches(body, batchInputs(body, "gradient", body.batchShape()))}; }

void buildCarry(Body& body) {
  const TaskSpec& spec = body.spec;
  const TF_Output picture = body.picture();
  const TF_Output change = body.input("change", TF_FLOAT, {1, body.octave.height, body.octave.width, kColours});
  const TF_Output tracking = body.input("tracking", TF_FLOAT, {1, spec.tracking.rows, spec.tracking.columns, 3});
  // With XLA there are no kernels of our own.
  const bool by_kernel = spec.by_kernel && !spec.mode.xla;
  const Carried carried = addCarry(body.graph, body.octave, spec.tracking, picture, change, tracking, by_kernel);
  body.outputs = {carried.start, carried.change};
}

void buildSettle(Body& body) {
  const Shape size{1, body.octave.height, body.octave.width, kColours};
  const auto scalar = [&](const char* name) { return body.input(name, TF_FLOAT, {}); };
  const TF_Output picture = body.picture();
  const TF_Output change = body.input("change", TF_FLOAT, size);
  const TF_Output start = body.input("start", TF_FLOAT, size);
  const TF_Output dreamed = body.input("dreamed", TF_FLOAT, size);
  const TF_Output blend = scalar("blend");
  const TF_Output most = scalar("most");
  const TF_Output mean = body.input("mean", TF_FLOAT, {kColours});
  const TF_Output held = scalar("held");
  const TF_Output usual = scalar("usual");
  const Settled settled =
      addSettle(body.graph, body.octave, {picture, change, start, dreamed, blend, most, mean, held, usual},
                body.spec.by_kernel && !body.spec.mode.xla);
  body.outputs = {settled.picture, settled.change, settled.statistics};
}

void build(Body& body, const Network& network) {
  switch (body.spec.task) {
    case Task::kStep:
    case Task::kClimb:
      return buildStep(body, network);
    case Task::kCut:
      return buildCut(body);
    case Task::kGradient:
      return buildGradient(body, network);
    case Task::kAscend:
      return buildAscend(body);
    case Task::kJoin:
      return buildJoin(body);
    case Task::kAnswers:
      return buildAnswers(body, network);
    case Task::kFeatures:
      return buildFeatures(body, network);
    case Task::kCarry:
      return buildCarry(body);
    case Task::kSettle:
      return buildSettle(body);
  }
}

}  // namespace

std::string numbered(const char* name, std::size_t index) { return name + std::to_string(index); }

TaskGraph buildTask(const Network& network, const TaskSpec& spec) {
  Body body(spec);
  if (usesNetwork(spec.task) && spec.mode.precision != Precision::kFloat32) {
    build(body, Network(network, spec.mode));
  } else {
    build(body, network);
  }
  return std::move(body);
}

}  // namespace livedream

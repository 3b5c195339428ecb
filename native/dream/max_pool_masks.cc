#include "dream/max_pool_masks.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "dream/sizes.h"
#include "dream/written.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

// A program grows with the taps. At 7 x 7 a gradient takes 2.2 ms instead of 29.1 and compiles in 0.7 s instead of 0.4;
// at 13 x 13, 56 instead of 118 and 1.7 s [measured, 23 x 30 x 256, stride 1].
constexpr std::int64_t kMostTaps = 49;

TF_Output pad(Graph& graph, TF_Output x, std::int64_t top, std::int64_t bottom, std::int64_t left, std::int64_t right,
              float value) {
  const std::vector<std::int32_t> sizes{0, 0, narrow(top), narrow(bottom), narrow(left), narrow(right), 0, 0};
  return NodeBuilder(graph, "PadV2", graph.uniqueName("PadV2"))
      .input(x)
      .input(graph.reshape(graph.constant(sizes), {4, 2}))
      .input(graph.cast(graph.constant(value), tensorflow::api().TF_OperationOutputType(x)))
      .finish();
}

TF_Output select(Graph& graph, TF_Output condition, TF_Output yes, TF_Output no) {
  return NodeBuilder(graph, "SelectV2", graph.uniqueName("SelectV2")).input(condition).input(yes).input(no).finish();
}

// One direction, in blocks of `stride` inputs: block m is seen by the outputs m, m - 1, ... m - reach + 1.
struct Blocks {
  const PoolSide& side;
  std::int64_t reach;
  std::int64_t count;

  explicit Blocks(const PoolSide& of) noexcept
      : side(of), reach(divideUp(of.kernel, of.stride)), count(divideUp(of.size + of.before, of.stride)) {}

  std::int64_t seen() const noexcept { return (side.outputs - 1) * side.stride + side.kernel; }
  // Inputs that any window sees, without the padding in front, and what is missing behind them.
  std::int64_t used() const noexcept { return std::min(side.size, seen() - side.before); }
  std::int64_t behind() const noexcept { return seen() - side.before - used(); }
  // Of what there is one an output, so that every block has `reach` of them.
  std::int64_t inFront() const noexcept { return reach - 1; }
  std::int64_t atEnd() const noexcept { return std::max<std::int64_t>(count - side.outputs, 0); }
};

class MaskedPool {
 public:
  MaskedPool(Graph& graph, const PoolWindows& windows) noexcept
      : graph_(graph), rows_(windows.rows), columns_(windows.columns) {}

  // Of nothing but what windows see, with what is no maximum around it.
  TF_Output padded(TF_Output x) const {
    const TF_Output used = graph_.slice(x, {0, 0, 0, 0}, {-1, narrow(rows_.used()), narrow(columns_.used()), -1});
    return written(graph_, pad(graph_, used, rows_.side.before, rows_.behind(), columns_.side.before, columns_.behind(),
                               std::numeric_limits<float>::lowest()));
  }

  TF_Output maxima(TF_Output x) const {
    const TF_Output all = padded(x);
    TF_Output most = tap(all, 0, 0);
    for (std::int64_t row = 0; row < rows_.side.kernel; ++row) {
      for (std::int64_t column = 0; column < columns_.side.kernel; ++column) {
        if (row + column > 0) most = graph_.binary("Maximum", most, tap(all, row, column));
      }
    }
    return most;
  }

  // For each output the number of its first tap that is its maximum.
  TF_Output chosen(TF_Output x, TF_Output y) const {
    const TF_Output all = padded(x);
    TF_Output found = graph_.constant(none());
    for (std::int64_t row = rows_.side.kernel - 1; row >= 0; --row) {
      for (std::int64_t column = columns_.side.kernel - 1; column >= 0; --column) {
        const TF_Output hit = graph_.binary("Equal", tap(all, row, column), y);
        found = select(graph_, hit, graph_.constant(number(row, column)), found);
      }
    }
    return found;
  }

  // What each input gets from the outputs that chose it.
  TF_Output gathered(TF_Output chosen, TF_Output gradient, const Shape& shape) const {
    const TF_Output taps = perBlock(chosen, none());
    const TF_Output gradients = perBlock(gradient, 0);
    const std::int64_t height = rows_.side.stride;
    const std::int64_t width = columns_.side.stride;
    std::vector<TF_Output> lines;
    for (std::int64_t row = 0; row < height; ++row) {
      std::vector<TF_Output> kinds;
      for (std::int64_t column = 0; column < width; ++column) {
        kinds.push_back(graph_.reshape(ofKind(taps, gradients, row, column, shape),
                                       {shape[0], rows_.count, 1, columns_.count, 1, shape[3]}));
      }
      lines.push_back(width == 1 ? kinds.front() : graph_.concatenate(kinds, 4));
    }
    const TF_Output all = height == 1 ? lines.front() : graph_.concatenate(lines, 2);
    const TF_Output whole = graph_.reshape(all, {shape[0], rows_.count * height, columns_.count * width, shape[3]});
    return graph_.slice(whole, {0, narrow(rows_.side.before), narrow(columns_.side.before), 0},
                        {-1, narrow(rows_.side.size), narrow(columns_.side.size), -1});
  }

 private:
  float number(std::int64_t row, std::int64_t column) const noexcept {
    return static_cast<float>(row * columns_.side.kernel + column);
  }
  float none() const noexcept { return static_cast<float>(rows_.side.kernel * columns_.side.kernel); }

  TF_Output tap(TF_Output all, std::int64_t row, std::int64_t column) const {
    const auto last = [](std::int64_t first, const PoolSide& side) {
      return narrow(first + (side.outputs - 1) * side.stride + 1);
    };
    constexpr std::int64_t kBatchAndChannels = 0b1001;  // taken whole
    return NodeBuilder(graph_, "StridedSlice", graph_.uniqueName("StridedSlice"))
        .input(all)
        .input(graph_.constant({0, narrow(row), narrow(column), 0}))
        .input(graph_.constant({0, last(row, rows_.side), last(column, columns_.side), 0}))
        .input(graph_.constant({1, narrow(rows_.side.stride), narrow(columns_.side.stride), 1}))
        .integer("begin_mask", kBatchAndChannels)
        .integer("end_mask", kBatchAndChannels)
        .finish();
  }

  TF_Output perBlock(TF_Output x, float otherwise) const {
    return pad(graph_, x, rows_.inFront(), rows_.atEnd(), columns_.inFront(), columns_.atEnd(), otherwise);
  }

  // Of what perBlock() made, the output `down` and `right` before each block's own.
  TF_Output before(TF_Output x, std::int64_t down, std::int64_t right) const {
    return graph_.slice(x, {0, narrow(rows_.inFront() - down), narrow(columns_.inFront() - right), 0},
                        {-1, narrow(rows_.count), narrow(columns_.count), -1});
  }

  // The inputs at this place of their blocks.
  TF_Output ofKind(TF_Output taps, TF_Output gradients, std::int64_t row, std::int64_t column,
                   const Shape& shape) const {
    std::vector<TF_Output> parts;
    const TF_Output zero = graph_.cast(graph_.constant(0.0F), tensorflow::api().TF_OperationOutputType(gradients));
    for (std::int64_t down = 0; down < rows_.reach; ++down) {
      for (std::int64_t right = 0; right < columns_.reach; ++right) {
        const std::int64_t i = rows_.side.stride * down + row;
        const std::int64_t j = columns_.side.stride * right + column;
        if (i >= rows_.side.kernel || j >= columns_.side.kernel) continue;
        const TF_Output mine = graph_.binary("Equal", before(taps, down, right), graph_.constant(number(i, j)));
        parts.push_back(select(graph_, mine, before(gradients, down, right), zero));
      }
    }
    if (parts.empty()) return graph_.broadcastTo(zero, {shape[0], rows_.count, columns_.count, shape[3]});
    return parts.size() == 1 ? parts.front() : graph_.sum(parts);
  }

  Graph& graph_;
  Blocks rows_;
  Blocks columns_;
};

}  // namespace

std::optional<PoolWindows> maskableWindows(const NetworkNode& node, const Shape& input) {
  if (std::any_of(input.begin(), input.end(), [](std::int64_t size) { return size < 0; })) return std::nullopt;
  const auto windows = poolWindows(node, input);
  return windows && windows->taps() <= kMostTaps ? windows : std::nullopt;
}

TF_Output addMaxima(Graph& graph, const PoolWindows& windows, TF_Output x) {
  return MaskedPool(graph, windows).maxima(x);
}

TF_Output addMaxPoolGradient(Graph& graph, const PoolWindows& windows, TF_Output x, TF_Output y, TF_Output gradient) {
  const MaskedPool pool(graph, windows);
  // In half precision too: XLA writes no such tensor out.
  const auto wide = [&](TF_Output each) { return graph.cast(each, tensorflow::TF_FLOAT); };
  const TF_Output found = pool.gathered(pool.chosen(wide(x), wide(y)), wide(gradient), graph.shape(x).value());
  return graph.cast(found, tensorflow::api().TF_OperationOutputType(gradient));
}

}  // namespace livedream

#include "kernels/winograd.h"

#include <algorithm>
#include <memory>

#include "kernels/winograd_product.h"
#include "kernels/winograd_square.h"

namespace livedream::kernels {

namespace {

// How many outputs a square has on a side.
constexpr std::size_t sideOf(std::size_t size) noexcept { return kWinogradSquare + 1 - size; }

constexpr std::size_t squaresAlong(const ConvolutionAxis& axis, std::size_t side) noexcept {
  return (axis.output + side - 1) / side;
}

// Of a square's inputs those that there are.
Range thereOf(const ConvolutionAxis& axis, std::size_t begin) noexcept {
  const std::size_t first = begin < axis.before ? axis.before - begin : 0;
  const std::size_t after = axis.input + axis.before;
  const std::size_t last = after > begin ? std::min(kWinogradSquare, after - begin) : 0;
  return {std::min(first, last), last};
}

// Memory of a thread for the squares at the points: as many as it last took, which is a few megabytes.
class PointLines {
 public:
  Line* lines(std::size_t count) {
    if (count > count_) {
      lines_.reset();  // first, so that both are never held
      lines_ = std::make_unique<Line[]>(count);
      count_ = count;
    }
    return lines_.get();
  }

 private:
  std::unique_ptr<Line[]> lines_;
  std::size_t count_ = 0;
};

// The squares at a point lie apart by a line more than they fill: powers of two between points would put all into the
// same places of the caches.
constexpr std::size_t pointLines(std::size_t squares, std::size_t lines) noexcept { return squares * lines + 1; }

}  // namespace

bool isWorthWinograd(const FilterShape& filter) noexcept {
  constexpr std::size_t kFewest = 12;
  return filter.inputs >= kFewest && filter.outputs >= kFewest;
}

// Where a square lies: its first output, in pixels.
struct WinogradConvolution::Square {
  std::size_t picture;
  std::size_t row;
  std::size_t column;
};

struct WinogradConvolution::Work {
  const WinogradFilter& filter;
  Range squares;
  std::size_t side = 0;
  Line* inputs = nullptr;    // [point][square][line of channels], with pointLines() between points
  Line* products = nullptr;  // the same of a panel's lines
};

std::size_t WinogradConvolution::squares(std::size_t size) const noexcept {
  return pictures_ * squaresAlong(rows_, sideOf(size)) * squaresAlong(columns_, sideOf(size));
}

std::size_t WinogradConvolution::squaresAtOnce(const WinogradFilter& filter) noexcept {
  // Of a megabyte; more squares use a filter's values more often [measured: 36 to 48 are best with 64 to 192 channels].
  constexpr std::size_t kBytes = std::size_t{1} << 20U;
  constexpr std::size_t kFewest = 24;
  constexpr std::size_t kMost = 48;
  const std::size_t lines = linesFor(filter.inputs()) + filter.panels().front().lines;
  return std::clamp(kBytes / (kWinogradPoints * lines * sizeof(Line)), kFewest, kMost);
}

WinogradConvolution::Square WinogradConvolution::square(std::size_t index, std::size_t side) const noexcept {
  const std::size_t across = squaresAlong(columns_, side);
  const std::size_t down = squaresAlong(rows_, side);
  return {index / (across * down), index / across % down * side, index % across * side};
}

void WinogradConvolution::transformInputs(const float* x, const Work& work) const noexcept {
  const std::size_t channels = work.filter.inputs();
  const std::size_t point = pointLines(work.squares.count(), linesFor(channels)) * kLanes;
  const std::size_t row = columns_.input * channels;
  for (std::size_t i = 0; i < work.squares.count(); ++i) {
    const Square at = square(work.squares.first + i, work.side);
    const auto first = static_cast<std::ptrdiff_t>(at.row * row + at.column * channels) -
                       static_cast<std::ptrdiff_t>(rows_.before * row + columns_.before * channels);
    const SquareInputs inputs{x + at.picture * rows_.input * row, first, row, channels, thereOf(rows_, at.row),
                              thereOf(columns_, at.column)};
    transformSquare(inputs, work.inputs[i * linesFor(channels)].values, point);
  }
}

void WinogradConvolution::transformOutputs(const Work& work, const WinogradFilter::Panel& panel, const Finish& finish,
                                           float* y) const noexcept {
  const std::size_t channels = work.filter.outputs();
  const std::size_t point = pointLines(work.squares.count(), panel.lines) * kLanes;
  const std::size_t row = columns_.output * channels;
  for (std::size_t i = 0; i < work.squares.count(); ++i) {
    const Square at = square(work.squares.first + i, work.side);
    const std::size_t first = (at.picture * rows_.output + at.row) * row + at.column * channels;
    const SquareOutputs outputs{y + first,
                                finish.mask != nullptr ? finish.mask + first : nullptr,
                                finish.bias,
                                finish.relu,
                                row,
                                channels,
                                std::min(work.side, rows_.output - at.row),
                                std::min(work.side, columns_.output - at.column)};
    for (std::size_t line = 0; line < panel.lines; ++line) {
      const std::size_t channel = panel.first + line * kLanes;
      transformBack(work.side, work.products[i * panel.lines + line].values, point, channel, outputs);
    }
  }
}

void WinogradConvolution::run(const float* x, const WinogradFilter& filter, const Range& squares, const Finish& finish,
                              float* y) const {
  thread_local PointLines scratch;
  const std::size_t count = squares.count();
  const std::size_t lines = linesFor(filter.inputs());
  std::size_t most = 0;
  for (const auto& panel : filter.panels()) most = std::max(most, panel.lines);
  const std::size_t input_lines = kWinogradPoints * pointLines(count, lines);
  Line* memory = scratch.lines(input_lines + kWinogradPoints * pointLines(count, most));
  const Work work{filter, squares, sideOf(filter.size()), memory, memory + input_lines};
  transformInputs(x, work);
  for (const auto& panel : filter.panels()) {
    for (std::size_t point = 0; point < kWinogradPoints; ++point) {
      multiplyRows(work.inputs[point * pointLines(count, lines)].values, count, lines * kLanes,
                   filter.values(panel, point), filter.inputs(), panel.lines,
                   work.products + point * pointLines(count, panel.lines));
    }
    transformOutputs(work, panel, finish, y);
  }
}

}  // namespace livedream::kernels

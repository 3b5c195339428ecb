#pragma once

#include <cstddef>
#include <vector>

#include "kernels/range.h"
#include "kernels/winograd_filter.h"

namespace livedream::kernels {

// One axis of a convolution with stride 1.
struct ConvolutionAxis {
  std::size_t input = 0;
  std::size_t output = 0;
  std::size_t before = 0;  // zeros in front
};

// Whether so many channels are worth the transforms, which cost by the channel what products cost by the pair.
bool isWorthWinograd(const FilterShape& filter) noexcept;

// What is done with an output before it is stored.
struct Finish {
  const float* bias = nullptr;  // [outputs]
  bool relu = false;
  // Of the outputs' shape: zero where this is not positive, as the gradient of a Relu has it.
  const float* mask = nullptr;
};

// Convolutions of pictures, [pictures, rows, columns, channels], by squares of 6 x 6 inputs. Immutable; any thread, and
// ranges of squares may be computed side by side. Keeps no filter: it must outlive a run.
class WinogradConvolution {
 public:
  WinogradConvolution(std::size_t pictures, const ConvolutionAxis& rows, const ConvolutionAxis& columns) noexcept
      : pictures_(pictures), rows_(rows), columns_(columns) {}

  // How many squares it takes with filters of a size.
  std::size_t squares(std::size_t size) const noexcept;
  // How many are best taken at once: what they fill stays in the second-level cache.
  static std::size_t squaresAtOnce(const WinogradFilter& filter) noexcept;

  // The outputs of a range of squares.
  void run(const float* x, const WinogradFilter& filter, const Range& squares, const Finish& finish, float* y) const;

 private:
  struct Work;
  struct Square;

  Square square(std::size_t index, std::size_t side) const noexcept;
  void transformInputs(const float* x, const Work& work) const noexcept;
  void transformOutputs(const Work& work, const WinogradFilter::Panel& panel, const Finish& finish,
                        float* y) const noexcept;

  std::size_t pictures_;
  ConvolutionAxis rows_;
  ConvolutionAxis columns_;
};

}  // namespace livedream::kernels

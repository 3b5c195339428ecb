#include "kernels/local_response.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>

#include "kernels/inverse_root.h"
#include "kernels/lanes.h"

namespace livedream::kernels {

namespace {

constexpr float kHalf = 0.5F;
constexpr float kThreeQuarters = 0.75F;
constexpr std::size_t kBlockFloats = 2048;

// To `sums` those of `kLength` neighbours each; more additions than need be, but none waits for another's memory.
template <std::size_t kLength>
LIVEDREAM_INLINE void sumNeighbours(const float* values, std::size_t count, float* sums) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    float sum = values[i];
    for (std::size_t k = 1; k < kLength; ++k) sum += values[i + k];
    sums[i] = sum;
  }
}

LIVEDREAM_INLINE void sumMany(const float* values, std::size_t count, std::size_t length, float* sums) noexcept {
  std::copy(values, values + count, sums);
  for (std::size_t k = 1; k < length; ++k) {
    for (std::size_t i = 0; i < count; ++i) sums[i] += values[i + k];
  }
}

// `values` are count + length - 1.
LIVEDREAM_LANES void sumWindows(const float* values, std::size_t count, std::size_t length, float* sums) noexcept {
  switch (length) {
    case 3:
      return sumNeighbours<3>(values, count, sums);
    case 5:
      return sumNeighbours<5>(values, count, sums);
    case 9:
      return sumNeighbours<9>(values, count, sums);
    case 11:
      return sumNeighbours<11>(values, count, sums);
    default:
      return sumMany(values, count, length, sums);
  }
}

LIVEDREAM_LANES void square(const float* x, std::size_t count, float* to) noexcept {
  for (std::size_t i = 0; i < count; ++i) to[i] = x[i] * x[i];
}

// From the sums of squares s^-beta, and in their place 1 / s.
LIVEDREAM_LANES void findPowersOf(const LocalResponse& response, std::size_t count, float* sums,
                                  float* powers) noexcept {
  const float bias = response.bias;
  const float alpha = response.alpha;
  if (response.power == LocalResponse::Power::kThreeQuarters) {
    for (std::size_t i = 0; i < count; ++i) {
      const float root = inverseRoot(bias + alpha * sums[i]);
      sums[i] = root * root;
      powers[i] = root * root * inverseRoot(root);
    }
    return;
  }
  const bool whole = response.power == LocalResponse::Power::kOne;
  for (std::size_t i = 0; i < count; ++i) {
    const float root = inverseRoot(bias + alpha * sums[i]);
    const float reciprocal = root * root;
    sums[i] = reciprocal;
    powers[i] = whole ? reciprocal : root;
  }
}

LIVEDREAM_LANES void multiply(const float* a, const float* b, std::size_t count, float* to) noexcept {
  LIVEDREAM_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) to[i] = a[i] * b[i];
}

// What reaches s_k through y_k = x_k s_k^-beta, but for a factor.
LIVEDREAM_LANES void reachSums(const float* x, const float* gradient, const float* powers, const float* reciprocals,
                               std::size_t count, float* to) noexcept {
  for (std::size_t i = 0; i < count; ++i) to[i] = gradient[i] * x[i] * powers[i] * reciprocals[i];
}

LIVEDREAM_LANES void join(const float* x, const float* gradient, const float* powers, const float* sums, float factor,
                          bool masked, std::size_t count, float* dx) noexcept {
  const float least = masked ? 0.0F : -std::numeric_limits<float>::infinity();
  LIVEDREAM_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const float found = gradient[i] * powers[i] - factor * x[i] * sums[i];
    dx[i] = x[i] > least ? found : 0.0F;
  }
}

}  // namespace

std::optional<LocalResponse::Power> LocalResponse::powerOf(float beta) noexcept {
  if (beta == kHalf) return Power::kHalf;
  if (beta == kThreeQuarters) return Power::kThreeQuarters;
  if (beta == 1) return Power::kOne;
  return std::nullopt;
}

float LocalResponse::beta() const noexcept {
  return power == Power::kHalf ? kHalf : power == Power::kThreeQuarters ? kThreeQuarters : 1.0F;
}

ResponseBlock::ResponseBlock(const LocalResponse& response, std::size_t channels)
    : response_(response),
      channels_(channels),
      stride_(channels + response.radius),
      positions_(std::max<std::size_t>(kBlockFloats / stride_, 1)),
      window_(positions_ * stride_ + 2 * response.radius),
      sums_(positions_ * stride_),
      powers_(positions_ * stride_) {}

void ResponseBlock::findPowers(const float* x, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    square(x + row * channels_, channels_, window_.data() + response_.radius + row * stride_);
  }
  sumWindows(window_.data(), rows * stride_, 2 * response_.radius + 1, sums_.data());
  findPowersOf(response_, rows * stride_, sums_.data(), powers_.data());
}

void ResponseBlock::respond(const float* x, std::size_t rows, float* y) {
  findPowers(x, rows);
  for (std::size_t row = 0; row < rows; ++row) {
    multiply(x + row * channels_, powers_.data() + row * stride_, channels_, y + row * channels_);
  }
}

void ResponseBlock::respondGradient(const float* x, const float* gradient, std::size_t rows, bool masked, float* dx) {
  findPowers(x, rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t at = row * stride_;
    reachSums(x + row * channels_, gradient + row * channels_, powers_.data() + at, sums_.data() + at, channels_,
              window_.data() + response_.radius + at);
  }
  sumWindows(window_.data(), rows * stride_, 2 * response_.radius + 1, sums_.data());
  constexpr float kSquare = 2;  // of the derivative of x^2
  const float factor = kSquare * response_.alpha * response_.beta();
  for (std::size_t row = 0; row < rows; ++row) {
    join(x + row * channels_, gradient + row * channels_, powers_.data() + row * stride_, sums_.data() + row * stride_,
         factor, masked, channels_, dx + row * channels_);
  }
}

}  // namespace livedream::kernels

#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace livedream::kernels {

// Local response normalization over the channels of a position (Krizhevsky et al. 2012, section 3.3), as TensorFlow's
// LRN: y = x * s^-beta with s = bias + alpha * the sum of x^2 over the channels at most `radius` away.
struct LocalResponse {
  // The powers that are made of square roots; others stay with TensorFlow.
  enum class Power { kHalf, kThreeQuarters, kOne };
  static std::optional<Power> powerOf(float beta) noexcept;

  std::size_t radius = 0;
  float bias = 1;   // above 0
  float alpha = 0;  // not below
  Power power = Power::kHalf;

  float beta() const noexcept;
};

// Computes it for a few positions at a time, of a given number of channels, in memory of its own. One thread at a time.
class ResponseBlock {
 public:
  ResponseBlock(const LocalResponse& response, std::size_t channels);

  // So many that their sums stay in the first-level cache.
  std::size_t positions() const noexcept { return positions_; }

  // At most positions() rows of x to y, which may be x.
  void respond(const float* x, std::size_t rows, float* y);
  // The gradient by x from that by y; `masked` leaves it out where x is not positive, as Relu before it would. `dx` may
  // be either of the others.
  void respondGradient(const float* x, const float* gradient, std::size_t rows, bool masked, float* dx);

 private:
  void findPowers(const float* x, std::size_t rows);

  LocalResponse response_;
  std::size_t channels_;
  std::size_t stride_;  // of a row with the zeros around it: what stands before one row ends the one before
  std::size_t positions_;
  std::vector<float> window_;
  std::vector<float> sums_;
  std::vector<float> powers_;
};

}  // namespace livedream::kernels

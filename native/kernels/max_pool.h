#pragma once

#include <cstddef>
#include <vector>

namespace livedream::kernels {

// One axis of a pool.
struct PoolAxis {
  std::size_t input = 0;
  std::size_t output = 0;
  std::size_t window = 1;
  std::size_t stride = 1;
  std::size_t before = 0;  // what the padding adds in front

  // The first value of an output's window that there is, and the first after it.
  std::size_t begin(std::size_t at) const noexcept {
    const std::size_t from = at * stride;
    return from < before ? 0 : from - before;
  }
  std::size_t end(std::size_t at) const noexcept {
    const std::size_t to = at * stride + window - before;
    return to < input ? to : input;
  }
};

struct MaxPool {
  PoolAxis rows;
  PoolAxis columns;
  std::size_t channels = 0;
};

// What a part of the rows of one picture needs: x from row `first_input` on, y and the gradient by it from row
// `first_output` on, and where dx begins, which has rows `first` to before `last`.
struct PoolBand {
  const float* x = nullptr;
  const float* y = nullptr;
  const float* gradient = nullptr;
  float* dx = nullptr;
  std::size_t first_input = 0;
  std::size_t first_output = 0;
  std::size_t first = 0;
  std::size_t last = 0;
};

// The gradient by x of a picture, from that by y. Of equal values of a window the first has it all, as in TensorFlow.
// Bands may be computed side by side; one thread at a time for each object.
class MaxPoolGradient {
 public:
  // `masked` leaves it out where x is not positive, as Relu before it would.
  MaxPoolGradient(const MaxPool& pool, bool masked) : pool_(pool), masked_(masked) {}

  void run(const PoolBand& band);

  // Where a value of a window stands in x, and whether this band writes its gradient.
  struct Value {
    std::size_t offset = 0;
    bool mine = true;
  };

 private:
  void window(const PoolBand& band, std::size_t row, std::size_t column);

  MaxPool pool_;
  bool masked_;
  std::vector<Value> window_;
};

// The outputs whose windows reach into rows `first` to before `last` of the input.
struct Reached {
  Reached(const PoolAxis& axis, std::size_t first, std::size_t last) noexcept;

  std::size_t first = 0;
  std::size_t last = 0;
};

}  // namespace livedream::kernels

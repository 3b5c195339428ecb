#include <algorithm>

#include "error.h"
#include "kernels/local_response.h"
#include "kernels/operations.h"
#include "kernels/parallel.h"
#include "kernels/stored.h"
#include "tensorflow/custom_operation.h"

namespace livedream::kernels {

namespace {

using tensorflow::dataOf;
using tensorflow::KernelAttributes;
using tensorflow::KernelCall;
using tensorflow::TensorHandle;
using tensorflow::TF_Tensor;

LocalResponse responseOf(const KernelAttributes& attributes) {
  const auto power = LocalResponse::powerOf(attributes.number("beta"));
  if (!power) throw Error(code::kInternal, "A power that the kernel does not compute.");
  return {static_cast<std::size_t>(attributes.integer("depth_radius")), attributes.number("bias"),
          attributes.number("alpha"), *power};
}

// Positions in parts, and those in blocks: `run(block, first, rows)`.
template <typename Make, typename Run>
void overPositions(const TF_Tensor* x, const Make& make, const Run& run) {
  const tensorflow::Shape shape = tensorflow::shapeOf(x);
  const auto channels = static_cast<std::size_t>(shape.back());
  if (channels == 0) return;
  const std::size_t positions = static_cast<std::size_t>(tensorflow::elementCount(shape)) / channels;
  const std::size_t parts = partsFor(tensorflow::api().TF_TensorByteSize(x));
  inParallel(parts, [&](std::size_t part) {
    auto block = make(channels);
    const Range range = Range::part(positions, part, parts);
    for (std::size_t at = range.first; at < range.last;) {
      const std::size_t rows = std::min(block.positions(), range.last - at);
      run(block, at * channels, rows);
      at += rows;
    }
  });
}

template <typename T>
struct Block {
  Block(const LocalResponse& response, std::size_t channels)
      : responses(response, channels),
        size(channels),
        x(responses.positions() * channels),
        gradient(responses.positions() * channels),
        result(responses.positions() * channels) {}

  std::size_t positions() const noexcept { return responses.positions(); }

  ResponseBlock responses;
  std::size_t size;
  Reader<T> x;
  Reader<T> gradient;
  Writer<T> result;
};

class ResponseKernel {
 public:
  explicit ResponseKernel(const KernelAttributes& attributes) : response_(responseOf(attributes)) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {0}; }

  void compute(const KernelCall& call) const {
    const TensorHandle x = call.input(0);
    const TensorHandle y = call.outputInPlace(0, x.get(), {0});
    if (tensorflow::api().TF_TensorType(x.get()) == tensorflow::TF_FLOAT) return run<float>(x.get(), y.get());
    run<BFloat16>(x.get(), y.get());
  }

 private:
  template <typename T>
  void run(const TF_Tensor* x, const TF_Tensor* y) const {
    const auto make = [this](std::size_t channels) { return Block<T>(response_, channels); };
    overPositions(x, make, [x, y](Block<T>& block, std::size_t at, std::size_t rows) {
      const std::size_t count = rows * block.size;
      T* to = dataOf<T>(y) + at;
      block.responses.respond(block.x.read(dataOf<T>(x) + at, count), rows, block.result.room(to));
      block.result.write(to, count);
    });
  }

  LocalResponse response_;
};

class ResponseGradientKernel {
 public:
  explicit ResponseGradientKernel(const KernelAttributes& attributes)
      : response_(responseOf(attributes)), masked_(attributes.flag("masked")) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {1}; }

  void compute(const KernelCall& call) const {
    const TensorHandle gradient = call.input(0);
    const TensorHandle x = call.input(1);
    // Nothing else looks.
    if (tensorflow::shapeOf(gradient.get()) != tensorflow::shapeOf(x.get())) {
      throw Error(code::kInternal, "A gradient has another size than what it is by.");
    }
    const TensorHandle dx = call.outputInPlace(0, x.get(), {0, 1});
    if (tensorflow::api().TF_TensorType(x.get()) == tensorflow::TF_FLOAT) {
      return run<float>(gradient.get(), x.get(), dx.get());
    }
    run<BFloat16>(gradient.get(), x.get(), dx.get());
  }

 private:
  template <typename T>
  void run(const TF_Tensor* gradient, const TF_Tensor* x, const TF_Tensor* dx) const {
    const auto make = [this](std::size_t channels) { return Block<T>(response_, channels); };
    overPositions(x, make, [this, gradient, x, dx](Block<T>& block, std::size_t at, std::size_t rows) {
      const std::size_t count = rows * block.size;
      T* to = dataOf<T>(dx) + at;
      block.responses.respondGradient(block.x.read(dataOf<T>(x) + at, count),
                                      block.gradient.read(dataOf<T>(gradient) + at, count), rows, masked_,
                                      block.result.room(to));
      block.result.write(to, count);
    });
  }

  LocalResponse response_;
  bool masked_;
};

}  // namespace

void registerResponse() {
  using tensorflow::TF_BFLOAT16;
  using tensorflow::TF_FLOAT;
  const std::vector<std::string> attributes{"T: {float, bfloat16}", "depth_radius: int", "bias: float", "alpha: float",
                                            "beta: float"};
  tensorflow::registerCustom<ResponseKernel>({kResponse, attributes, {"x: T"}, {"y: T"}}, {TF_FLOAT, TF_BFLOAT16});
  std::vector<std::string> of_gradient = attributes;
  of_gradient.emplace_back("masked: bool");
  tensorflow::registerCustom<ResponseGradientKernel>(
      {kResponseGradient, of_gradient, {"gradient: T", "x: T"}, {"dx: T"}}, {TF_FLOAT, TF_BFLOAT16});
}

}  // namespace livedream::kernels

#include <algorithm>
#include <string>
#include <vector>

#include "error.h"
#include "kernels/max_pool.h"
#include "kernels/operations.h"
#include "kernels/parallel.h"
#include "kernels/stored.h"
#include "tensorflow/custom_operation.h"

namespace livedream::kernels {

namespace {

using tensorflow::dataOf;
using tensorflow::KernelAttributes;
using tensorflow::KernelCall;
using tensorflow::Shape;
using tensorflow::TensorHandle;
using tensorflow::TF_Tensor;

// Rows of the input that a part takes: few enough that they stay in the second-level cache.
constexpr std::size_t kBandBytes = std::size_t{256} << 10U;

PoolAxis poolAxis(const KernelAttributes& attributes, const std::string& axis) {
  const auto size = [&](const char* name) {
    return static_cast<std::size_t>(attributes.integer((name + axis).c_str()));
  };
  PoolAxis found;
  found.input = size("input_");
  found.output = size("output_");
  found.window = size("window_");
  found.stride = size("stride_");
  found.before = size("before_");
  return found;
}

// A pool of any number of pictures, whose channels the tensors tell.
struct Pools {
  explicit Pools(const KernelAttributes& attributes)
      : pool{poolAxis(attributes, "rows"), poolAxis(attributes, "columns"), 0, attributes.flag("masked")} {}

  // Of a tensor x. Throws where its program was built for another size: nothing else looks.
  MaxPool of(const Shape& x) const {
    MaxPool found = pool;
    if (x.size() != 4 || sizeOf(x, 1) != pool.rows.input || sizeOf(x, 2) != pool.columns.input) refuse();
    found.channels = static_cast<std::size_t>(x.back());
    return found;
  }

  // The same of what a tensor's outputs have.
  void checkOutputs(const Shape& x, const Shape& outputs) const {
    const Shape expected{x[0], static_cast<std::int64_t>(pool.rows.output),
                         static_cast<std::int64_t>(pool.columns.output), x[3]};
    if (outputs != expected) refuse();
  }

  // `run(picture, band)` for bands of `rows`, which are the input's or the output's.
  template <typename Run>
  static void inBands(const Shape& x, std::size_t rows, const Run& run) {
    const auto pictures = static_cast<std::size_t>(x.front());
    const std::size_t bytes = static_cast<std::size_t>(tensorflow::elementCount(x)) * sizeof(float);
    if (bytes == 0 || rows == 0) return;
    const std::size_t bands = std::clamp<std::size_t>(bytes / pictures / kBandBytes, 1, rows);
    inParallel(pictures * bands, [&](std::size_t part) { run(part / bands, Range::part(rows, part % bands, bands)); });
  }

  MaxPool pool;

 private:
  static std::size_t sizeOf(const Shape& shape, std::size_t axis) { return static_cast<std::size_t>(shape[axis]); }
  [[noreturn]] static void refuse() {
    throw Error(code::kInternal, "A pool got a tensor of another size than its own.");
  }
};

class MaxPoolKernel {
 public:
  explicit MaxPoolKernel(const KernelAttributes& attributes) : pools_(attributes) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {tensorflow::kUnknownShape, tensorflow::kUnknownShape}; }

  void compute(const KernelCall& call) const {
    const TensorHandle x = call.input(0);
    Shape shape = tensorflow::shapeOf(x.get());
    const MaxPool pool = pools_.of(shape);
    const Shape pooled{shape[0], static_cast<std::int64_t>(pool.rows.output),
                       static_cast<std::int64_t>(pool.columns.output), shape[3]};
    const auto type = tensorflow::api().TF_TensorType(x.get());
    const TensorHandle y = call.output(0, type, pooled);
    const TensorHandle choices = call.output(1, tensorflow::TF_UINT8, pooled);
    if (type == tensorflow::TF_FLOAT) return run<float>(pool, shape, x.get(), y.get(), choices.get());
    run<BFloat16>(pool, shape, x.get(), y.get(), choices.get());
  }

 private:
  template <typename T>
  void run(const MaxPool& pool, const Shape& shape, const TF_Tensor* x, const TF_Tensor* y,
           const TF_Tensor* choices) const {
    const std::size_t x_row = pool.columns.input * pool.channels;
    const std::size_t y_row = pool.columns.output * pool.channels;
    Pools::inBands(shape, pool.rows.output, [&](std::size_t picture, const Range& band) {
      const Range inputs = pool.rows.inputsOf(band);
      const std::size_t at = (picture * pool.rows.output + band.first) * y_row;
      const std::size_t count = band.count() * y_row;
      Reader<T> from(inputs.count() * x_row);
      Writer<T> to(count);
      T* const target = dataOf<T>(y) + at;
      const T* const source = dataOf<T>(x) + (picture * pool.rows.input + inputs.first) * x_row;
      pool.run(from.read(source, inputs.count() * x_row), band, to.room(target), dataOf<Choice>(choices) + at);
      to.write(target, count);
    });
  }

  Pools pools_;
};

class MaxPoolGradientKernel {
 public:
  explicit MaxPoolGradientKernel(const KernelAttributes& attributes) : pools_(attributes) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {2}; }

  void compute(const KernelCall& call) const {
    const TensorHandle gradient = call.input(0);
    const TensorHandle choices = call.input(1);
    const TensorHandle x = call.input(2);
    const Shape shape = tensorflow::shapeOf(x.get());
    pools_.of(shape);
    pools_.checkOutputs(shape, tensorflow::shapeOf(gradient.get()));
    pools_.checkOutputs(shape, tensorflow::shapeOf(choices.get()));
    const TensorHandle dx = call.output(0, x.get());
    if (tensorflow::api().TF_TensorType(x.get()) == tensorflow::TF_FLOAT) {
      return run<float>(gradient.get(), choices.get(), dx.get());
    }
    run<BFloat16>(gradient.get(), choices.get(), dx.get());
  }

 private:
  template <typename T>
  void run(const TF_Tensor* gradient, const TF_Tensor* choices, const TF_Tensor* dx) const {
    const Shape shape = tensorflow::shapeOf(dx);
    const MaxPool pool = pools_.of(shape);
    const std::size_t x_row = pool.columns.input * pool.channels;
    const std::size_t y_row = pool.columns.output * pool.channels;
    Pools::inBands(shape, pool.rows.input, [&](std::size_t picture, const Range& band) {
      const Range outputs = pool.rows.outputsOf(band);
      const std::size_t at = (picture * pool.rows.output + outputs.first) * y_row;
      const std::size_t count = band.count() * x_row;
      Reader<T> from(outputs.count() * y_row);
      Writer<T> to(count);
      T* const target = dataOf<T>(dx) + (picture * pool.rows.input + band.first) * x_row;
      pool.runGradient(from.read(dataOf<T>(gradient) + at, outputs.count() * y_row), dataOf<Choice>(choices) + at, band,
                       to.room(target));
      to.write(target, count);
    });
  }

  Pools pools_;
};

}  // namespace

void registerMaxPool() {
  using tensorflow::TF_BFLOAT16;
  using tensorflow::TF_FLOAT;
  std::vector<std::string> attributes{"T: {float, bfloat16}", "masked: bool"};
  for (const char* size : {"input", "output", "window", "stride", "before"}) {
    attributes.push_back(std::string(size) + "_rows: int");
    attributes.push_back(std::string(size) + "_columns: int");
  }
  tensorflow::registerCustom<MaxPoolKernel>({kMaxPool, attributes, {"x: T"}, {"y: T", "choices: uint8"}},
                                            {TF_FLOAT, TF_BFLOAT16});
  tensorflow::registerCustom<MaxPoolGradientKernel>(
      {kMaxPoolGradient, attributes, {"gradient: T", "choices: uint8", "x: T"}, {"dx: T"}}, {TF_FLOAT, TF_BFLOAT16});
}

}  // namespace livedream::kernels

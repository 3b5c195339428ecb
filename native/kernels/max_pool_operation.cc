#include <algorithm>

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
using tensorflow::TensorHandle;
using tensorflow::TF_Tensor;

// The rows of a band: few enough that what it works on stays in the second-level cache.
constexpr std::size_t kBandBytes = std::size_t{256} << 10U;

PoolAxis axisOf(const KernelAttributes& attributes, const std::string& axis) {
  const auto size = [&](const char* name) {
    return static_cast<std::size_t>(attributes.integer((name + axis).c_str()));
  };
  PoolAxis found;
  found.window = size("window_");
  found.stride = size("stride_");
  found.before = size("before_");
  return found;
}

class MaxPoolGradientKernel {
 public:
  explicit MaxPoolGradientKernel(const KernelAttributes& attributes)
      : rows_(axisOf(attributes, "rows")),
        columns_(axisOf(attributes, "columns")),
        masked_(attributes.flag("masked")) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {1}; }

  void compute(const KernelCall& call) const {
    const TensorHandle gradient = call.input(0);
    const TensorHandle x = call.input(1);
    const TensorHandle y = call.input(2);
    const TensorHandle dx = call.output(0, x.get());
    const Tensors tensors{gradient.get(), x.get(), y.get(), dx.get()};
    if (tensorflow::api().TF_TensorType(x.get()) == tensorflow::TF_FLOAT) return run<float>(tensors);
    run<BFloat16>(tensors);
  }

 private:
  struct Tensors {
    const TF_Tensor* gradient;
    const TF_Tensor* x;
    const TF_Tensor* y;
    const TF_Tensor* dx;
  };

  MaxPool poolOf(const tensorflow::Shape& x, const tensorflow::Shape& y) const {
    MaxPool pool{rows_, columns_, static_cast<std::size_t>(x[3])};
    pool.rows.input = static_cast<std::size_t>(x[1]);
    pool.rows.output = static_cast<std::size_t>(y[1]);
    pool.columns.input = static_cast<std::size_t>(x[2]);
    pool.columns.output = static_cast<std::size_t>(y[2]);
    return pool;
  }

  template <typename T>
  void run(const Tensors& of) const {
    const tensorflow::Shape shape = tensorflow::shapeOf(of.x);
    const MaxPool pool = poolOf(shape, tensorflow::shapeOf(of.y));
    const std::size_t row_bytes = pool.columns.input * pool.channels * sizeof(float);
    const std::size_t rows = pool.rows.input;
    if (row_bytes == 0 || rows == 0) return;
    const std::size_t bands = std::clamp<std::size_t>(rows * row_bytes / kBandBytes, 1, rows);
    const auto pictures = static_cast<std::size_t>(shape[0]);
    inParallel(pictures * bands, [&](std::size_t part) {
      const Range range(rows, part % bands, bands);
      runBand<T>(of, pool, part / bands, range);
    });
  }

  template <typename T>
  void runBand(const Tensors& of, const MaxPool& pool, std::size_t picture, const Range& range) const {
    const std::size_t input_row = pool.columns.input * pool.channels;
    const std::size_t output_row = pool.columns.output * pool.channels;
    const Reached outputs(pool.rows, range.first, range.last);
    const bool any = outputs.first < outputs.last;
    const std::size_t from = any ? std::min(range.first, pool.rows.begin(outputs.first)) : range.first;
    const std::size_t to = any ? std::max(range.last, pool.rows.end(outputs.last - 1)) : range.last;
    const std::size_t inputs = (to - from) * input_row;
    const std::size_t output_count = (outputs.last - outputs.first) * output_row;
    const std::size_t x_at = (picture * pool.rows.input + from) * input_row;
    const std::size_t y_at = (picture * pool.rows.output + outputs.first) * output_row;
    const std::size_t own = (range.last - range.first) * input_row;
    T* dx = dataOf<T>(of.dx) + (picture * pool.rows.input + range.first) * input_row;
    Reader<T> x(inputs);
    Reader<T> y(output_count);
    Reader<T> gradient(output_count);
    Writer<T> result(own);
    MaxPoolGradient(pool, masked_)
        .run({x.read(dataOf<T>(of.x) + x_at, inputs), y.read(dataOf<T>(of.y) + y_at, output_count),
              gradient.read(dataOf<T>(of.gradient) + y_at, output_count), result.room(dx), from, outputs.first,
              range.first, range.last});
    result.write(dx, own);
  }

  PoolAxis rows_;
  PoolAxis columns_;
  bool masked_;
};

}  // namespace

void registerMaxPoolGradient() {
  tensorflow::registerCustom<MaxPoolGradientKernel>(
      {kMaxPoolGradient,
       {"T: {float, bfloat16}", "window_rows: int", "window_columns: int", "stride_rows: int", "stride_columns: int",
        "before_rows: int", "before_columns: int", "masked: bool"},
       {"gradient: T", "x: T", "y: T"},
       {"dx: T"}},
      {tensorflow::TF_FLOAT, tensorflow::TF_BFLOAT16});
}

}  // namespace livedream::kernels

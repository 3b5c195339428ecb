#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "kernels/operations.h"
#include "kernels/parallel.h"
#include "kernels/winograd.h"
#include "kernels/winograd_filters.h"
#include "tensorflow/custom_operation.h"

namespace livedream::kernels {

namespace {

using tensorflow::dataOf;
using tensorflow::KernelAttributes;
using tensorflow::KernelCall;
using tensorflow::Shape;
using tensorflow::TensorHandle;

ConvolutionAxis convolutionAxis(const KernelAttributes& attributes, const std::string& axis) {
  const auto size = [&](const char* name) {
    return static_cast<std::size_t>(attributes.integer((name + axis).c_str()));
  };
  ConvolutionAxis found;
  found.input = size("input_");
  found.output = size("output_");
  found.before = size("before_");
  return found;
}

// What both directions share: the axes, and the filter at the points.
class Convolution {
 public:
  Convolution(const KernelAttributes& attributes, bool gradient)
      : rows_(convolutionAxis(attributes, "rows")),
        columns_(convolutionAxis(attributes, "columns")),
        gradient_(gradient) {}

  const ConvolutionAxis& rows() const noexcept { return rows_; }
  const ConvolutionAxis& columns() const noexcept { return columns_; }

  void run(const tensorflow::TF_Tensor* x, TensorHandle weight, const Finish& finish,
           const tensorflow::TF_Tensor* y) const {
    const auto kept = filter(std::move(weight));
    const WinogradConvolution convolution(static_cast<std::size_t>(tensorflow::shapeOf(x)[0]), rows_, columns_);
    const std::size_t squares = convolution.squares(kept->filter.size());
    const std::size_t most = WinogradConvolution::squaresAtOnce(kept->filter);
    // As many for each thread, and all of one size.
    const std::size_t rounds = (squares + most * threadCount() - 1) / (most * threadCount());
    const std::size_t parts = std::min(squares, std::max<std::size_t>(rounds, 1) * threadCount());
    inParallel(parts, [&](std::size_t part) {
      convolution.run(dataOf<float>(x), kept->filter, Range::part(squares, part, parts), finish, dataOf<float>(y));
    });
  }

 private:
  std::shared_ptr<const FilterOfWeight> filter(TensorHandle weight) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!kept_ || dataOf<float>(kept_->weight.get()) != dataOf<float>(weight.get())) {
      kept_ = filterOf(std::move(weight), gradient_);
    }
    return kept_;
  }

  ConvolutionAxis rows_;
  ConvolutionAxis columns_;
  bool gradient_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const FilterOfWeight> kept_;
};

class WinogradKernel {
 public:
  explicit WinogradKernel(const KernelAttributes& attributes)
      : convolution_(attributes, false), relu_(attributes.flag("relu")) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {tensorflow::kUnknownShape}; }

  void compute(const KernelCall& call) const {
    const TensorHandle x = call.input(0);
    TensorHandle weight = call.input(1);
    const TensorHandle bias = call.inputs() > 2 ? call.input(2) : TensorHandle{};
    const Shape shape{tensorflow::shapeOf(x.get())[0], static_cast<std::int64_t>(convolution_.rows().output),
                      static_cast<std::int64_t>(convolution_.columns().output),
                      tensorflow::shapeOf(weight.get()).back()};
    const TensorHandle y = call.output(0, tensorflow::TF_FLOAT, shape);
    Finish finish;
    finish.bias = bias ? dataOf<float>(bias.get()) : nullptr;
    finish.relu = relu_;
    convolution_.run(x.get(), std::move(weight), finish, y.get());
  }

 private:
  Convolution convolution_;
  bool relu_;
};

class WinogradGradientKernel {
 public:
  explicit WinogradGradientKernel(const KernelAttributes& attributes)
      : convolution_(attributes, true), masked_(attributes.flag("masked")) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {2}; }

  void compute(const KernelCall& call) const {
    const TensorHandle gradient = call.input(0);
    TensorHandle weight = call.input(1);
    const TensorHandle x = call.input(2);
    const TensorHandle dx = call.output(0, x.get());
    Finish finish;
    finish.mask = masked_ ? dataOf<float>(x.get()) : nullptr;
    convolution_.run(gradient.get(), std::move(weight), finish, dx.get());
  }

 private:
  Convolution convolution_;
  bool masked_;
};

}  // namespace

void registerWinograd() {
  std::vector<std::string> attributes{"T: {float}"};
  for (const char* size : {"input", "output", "before"}) {
    attributes.push_back(std::string(size) + "_rows: int");
    attributes.push_back(std::string(size) + "_columns: int");
  }
  std::vector<std::string> forward = attributes;
  forward.insert(forward.end(), {"relu: bool", "biases: int >= 0"});
  attributes.emplace_back("masked: bool");
  tensorflow::registerCustom<WinogradKernel>({kWinograd, forward, {"x: T", "filter: T", "bias: biases * T"}, {"y: T"}},
                                             {tensorflow::TF_FLOAT});
  tensorflow::registerCustom<WinogradGradientKernel>(
      {kWinogradGradient, attributes, {"gradient: T", "filter: T", "x: T"}, {"dx: T"}}, {tensorflow::TF_FLOAT});
}

}  // namespace livedream::kernels

#include <cstddef>
#include <utility>

#include "error.h"
#include "kernels/carry.h"
#include "kernels/operations.h"
#include "kernels/parallel.h"
#include "kernels/settle.h"
#include "picture_shape.h"
#include "tensorflow/custom_operation.h"

// What frames of a stream take besides their steps.

namespace livedream::kernels {

namespace {

using tensorflow::dataOf;
using tensorflow::KernelAttributes;
using tensorflow::KernelCall;
using tensorflow::Shape;
using tensorflow::TensorHandle;
using tensorflow::TF_FLOAT;

std::size_t side(const Shape& shape, std::size_t axis) { return static_cast<std::size_t>(shape.at(axis)); }

// [1, height, width, channels]
Shape ofOnePicture(const TensorHandle& tensor, std::int64_t channels) {
  Shape shape = tensorflow::shapeOf(tensor.get());
  if (shape.size() == kPictureRank && shape[0] == 1 && shape[3] == channels) return shape;
  throw Error(code::kInternal, "A stream's kernel got what is no picture.");
}

void check(bool alike) {
  if (!alike) throw Error(code::kInternal, "A stream's kernel got pictures of several sizes.");
}

class CarryKernel {
 public:
  explicit CarryKernel(const KernelAttributes& attributes)
      : scale_(static_cast<std::size_t>(attributes.integer("scale"))) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {0, 0}; }

  void compute(const KernelCall& call) const {
    const TensorHandle picture = call.input(0);
    const TensorHandle change = call.input(1);
    const TensorHandle tracking = call.input(2);
    const Shape shape = ofOnePicture(picture, 3);
    check(tensorflow::shapeOf(change.get()) == shape);
    const Shape grid = ofOnePicture(tracking, 3);
    check(grid[1] > 0 && grid[2] > 0);
    const TensorHandle start = call.output(0, picture.get());
    const TensorHandle carried = call.output(1, picture.get());
    const WarpSize size{side(shape, 1), side(shape, 2)};
    if (size.height == 0 || size.width == 0) return;
    const CarryRows rows{dataOf<float>(picture.get()), dataOf<float>(change.get()), dataOf<float>(start.get()),
                         dataOf<float>(carried.get())};
    const TrackingGrid from{dataOf<float>(tracking.get()), side(grid, 1), side(grid, 2), scale_};
    const std::size_t parts = partsFor(size.height * size.width * sizeof(float) * 16);
    inParallel(parts, [&](std::size_t part) { carryRows(rows, from, size, Range::part(size.height, part, parts)); });
  }

 private:
  std::size_t scale_;
};

class SettleKernel {
 public:
  explicit SettleKernel(const KernelAttributes& /*attributes*/) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {0, 0, tensorflow::kUnknownShape}; }

  void compute(const KernelCall& call) const {
    const TensorHandle picture = call.input(0);
    const Shape shape = ofOnePicture(picture, 3);
    const auto same = [&](int index) {
      TensorHandle input = call.input(index);
      check(tensorflow::shapeOf(input.get()) == shape);
      return input;
    };
    const TensorHandle carried = same(1);
    const TensorHandle start = same(2);
    const TensorHandle dreamed = same(3);
    const auto numbers = [&](int index, std::int64_t count) {
      TensorHandle input = call.input(index);
      check(tensorflow::elementCount(tensorflow::shapeOf(input.get())) == count);
      return input;
    };
    const TensorHandle mean = numbers(6, 3);
    const float* means = dataOf<float>(mean.get());
    const auto number = [&](int index) { return *dataOf<float>(numbers(index, 1).get()); };
    const SettleWeights weights{number(4), number(8), number(5), {means[0], means[1], means[2]}, number(7)};
    if (side(shape, 1) == 0 || side(shape, 2) == 0) throw Error(code::kInternal, "A stream's kernel got no pixel.");
    const TensorHandle result = call.output(0, picture.get());
    const TensorHandle change = call.output(1, picture.get());
    const TensorHandle statistics = call.output(2, TF_FLOAT, {4});
    const Settled settled =
        settle({side(shape, 1), side(shape, 2), dataOf<float>(picture.get()), dataOf<float>(carried.get()),
                dataOf<float>(start.get()), dataOf<float>(dreamed.get()), dataOf<float>(result.get()),
                dataOf<float>(change.get())},
               weights);
    auto* to = dataOf<float>(statistics.get());
    to[0] = settled.strength;
    for (std::size_t channel = 0; channel < settled.mean.size(); ++channel) to[channel + 1] = settled.mean.at(channel);
  }
};

}  // namespace

void registerStream() {
  tensorflow::registerCustom<CarryKernel>(
      {kCarry, {"T: {float}", "scale: int"}, {"picture: T", "change: T", "tracking: T"}, {"start: T", "carried: T"}},
      {TF_FLOAT});
  tensorflow::registerCustom<SettleKernel>(
      {kSettle,
       {"T: {float}"},
       {"picture: T", "carried: T", "start: T", "dreamed: T", "blend: T", "most: T", "mean: T", "held: T", "usual: T"},
       {"result: T", "change: T", "statistics: T"}},
      {TF_FLOAT});
}

}  // namespace livedream::kernels

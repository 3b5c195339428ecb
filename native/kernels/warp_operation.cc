#include <cstddef>

#include "error.h"
#include "kernels/operations.h"
#include "kernels/parallel.h"
#include "kernels/warp.h"
#include "tensorflow/custom_operation.h"

namespace livedream::kernels {

namespace {

using tensorflow::dataOf;
using tensorflow::KernelAttributes;
using tensorflow::KernelCall;
using tensorflow::Shape;
using tensorflow::TensorHandle;

class WarpKernel {
 public:
  explicit WarpKernel(const KernelAttributes& /*attributes*/) {}

  static std::vector<int> shapesLike(int /*inputs*/) { return {0}; }

  void compute(const KernelCall& call) const {
    const TensorHandle picture = call.input(0);
    const TensorHandle motion = call.input(1);
    const TensorHandle warped = call.output(0, picture.get());
    const Shape shape = tensorflow::shapeOf(picture.get());
    Shape moved = shape;
    if (shape.size() == 4) moved[3] = 2;
    if (shape.size() != 4 || shape[0] != 1 || shape[3] != 3 || tensorflow::shapeOf(motion.get()) != moved) {
      throw Error(code::kInternal, "A picture is warped by a motion of another size.");
    }
    const WarpSize size{static_cast<std::size_t>(shape[1]), static_cast<std::size_t>(shape[2])};
    if (size.height == 0 || size.width == 0) return;
    const std::size_t parts = partsFor(2 * size.height * size.width * sizeof(float) * 4);
    inParallel(parts, [&](std::size_t part) {
      warpRows(dataOf<float>(picture.get()), dataOf<float>(motion.get()), size, Range::part(size.height, part, parts),
               dataOf<float>(warped.get()));
    });
  }
};

}  // namespace

void registerWarp() {
  tensorflow::registerCustom<WarpKernel>({kWarp, {"T: {float}"}, {"picture: T", "motion: T"}, {"warped: T"}},
                                         {tensorflow::TF_FLOAT});
}

}  // namespace livedream::kernels

#include "dream/frame.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace livedream {

using tensorflow::Call;
using tensorflow::TF_FLOAT;
using tensorflow::TF_UINT8;

namespace {

constexpr std::int64_t kColours = 3;

// Sizes and axes stay on the host, whichever device runs.
tensorflow::EagerHandle integers(const Workspace& workspace, const std::vector<std::int32_t>& values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return workspace.context().onHost(tensorflow::makeTensor(values, {count}).get());
}

Frame combined(const Workspace& workspace, const char* operation, const Frame& a, const Frame& b) {
  return Call(workspace.context(), operation, workspace.device()).input(a).input(b).result("combining pictures");
}

}  // namespace

Frame toFrame(const Workspace& workspace, const tensorflow::TF_Tensor* picture) {
  tensorflow::EagerHandle uploaded = workspace.context().upload(picture, workspace.device());
  if (tensorflow::api().TF_TensorType(picture) == TF_FLOAT) return uploaded;
  return Call(workspace.context(), "Cast", workspace.device())
      .type("DstT", TF_FLOAT)
      .input(uploaded)
      .result("converting the picture");
}

tensorflow::TensorHandle toHost(const Workspace& workspace, const Frame& frame, bool floats) {
  if (floats) return tensorflow::download(frame);
  const auto& context = workspace.context();
  const auto& device = workspace.device();
  const auto scalar = [&](float value) { return context.upload(tensorflow::makeScalar(value).get(), device); };
  const Frame clipped =
      Call(context, "ClipByValue", device).input(frame).input(scalar(0)).input(scalar(255)).result("clipping");
  const Frame rounded = Call(context, "Round", device).input(clipped).result("rounding");
  const Frame bytes = Call(context, "Cast", device).type("DstT", TF_UINT8).input(rounded).result("rounding");
  return tensorflow::download(bytes);
}

Frame plainFrame(const Workspace& workspace, const Octave& size, float value) {
  const auto values = tensorflow::allocateTensor(TF_FLOAT, {size.height, size.width, kColours});
  auto* first = tensorflow::dataOf<float>(values.get());
  std::fill(first, first + size.height * size.width * kColours, value);
  return workspace.context().upload(values.get(), workspace.device());
}

Frame resize(const Workspace& workspace, const Frame& frame, const Octave& size) {
  const auto& context = workspace.context();
  const auto& device = workspace.device();
  const auto height = static_cast<std::int32_t>(size.height);
  const auto width = static_cast<std::int32_t>(size.width);
  const Frame batch =
      Call(context, "ExpandDims", device).input(frame).input(integers(workspace, {0})).result("preparing a resize");
  const Frame resized = Call(context, "ResizeBilinear", device)
                            .boolean("half_pixel_centers", true)
                            .input(batch)
                            .input(integers(workspace, {height, width}))
                            .result("resizing a picture");
  return Call(context, "Reshape", device)
      .input(resized)
      .input(integers(workspace, {height, width, kColours}))
      .result("resizing a picture");
}

Frame add(const Workspace& workspace, const Frame& a, const Frame& b) { return combined(workspace, "AddV2", a, b); }

Frame subtract(const Workspace& workspace, const Frame& a, const Frame& b) { return combined(workspace, "Sub", a, b); }

}  // namespace livedream

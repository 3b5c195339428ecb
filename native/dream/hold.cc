#include "dream/hold.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "dream/colours.h"

namespace livedream {

using tensorflow::Call;
using tensorflow::Shape;
using tensorflow::TensorHandle;
using tensorflow::TF_FLOAT;

namespace {

constexpr float kFull = 255;

bool finishes(const Plan& plan) noexcept {
  return plan.keep_colour != KeepColour::kNone || plan.blend > 0 || plan.limit < kUnlimited || plan.mask;
}

Frame maskOf(const Place& place, const std::vector<std::uint8_t>& mask, const Octave& octave) {
  const TensorHandle values = tensorflow::allocateTensor(TF_FLOAT, {1, octave.height, octave.width, 1});
  std::transform(mask.begin(), mask.end(), tensorflow::dataOf<float>(values.get()),
                 [](std::uint8_t value) { return static_cast<float>(value) / kFull; });
  return place.context.upload(values.get(), place.device);
}

// Side by side, as the channels of one picture.
Frame regionsOf(const Place& place, const Plan& plan, const Octave& octave) {
  const std::size_t count = plan.regions.size();
  const auto pixels = static_cast<std::size_t>(octave.height * octave.width);
  const TensorHandle values =
      tensorflow::allocateTensor(TF_FLOAT, {1, octave.height, octave.width, static_cast<std::int64_t>(count)});
  auto* to = tensorflow::dataOf<float>(values.get());
  for (std::size_t region = 0; region < count; ++region) {
    const std::vector<std::uint8_t>& from = *plan.regions[region];
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      to[pixel * count + region] = static_cast<float>(from[pixel]) / kFull;
    }
  }
  return place.context.upload(values.get(), place.device);
}

}  // namespace

bool looksBack(const Plan& plan) noexcept { return finishes(plan) || plan.l2 > 0; }

Hold heldTo(const Place& place, const Plan& plan, const Frame& source) {
  Hold hold;
  if (!looksBack(plan)) return hold;
  hold.source = copied(place, source);
  if (plan.mask) hold.mask = maskOf(place, *plan.mask, plan.octaves.back());
  if (!plan.regions.empty()) hold.regions = regionsOf(place, plan, plan.octaves.back());
  return hold;
}

std::vector<Hold> holdsOf(const Place& place, const Plan& plan, const Frame& source) {
  std::vector<Hold> holds(plan.octaves.size());
  if (!looksBack(plan)) return holds;
  holds.back() = heldTo(place, plan, source);
  for (std::size_t octave = plan.octaves.size() - 1; octave-- > 0;) {
    const Octave& size = plan.octaves[octave];
    holds[octave].source = resize(place, holds[octave + 1].source, size, plan.tileable);
    if (plan.mask) holds[octave].mask = resize(place, holds[octave + 1].mask, size, plan.tileable);
    if (plan.regions.empty()) continue;
    holds[octave].regions = resize(place, holds[octave + 1].regions, size, plan.tileable);
  }
  return holds;
}

Hold plainHold(const Place& place, const Plan& plan, const Octave& octave) {
  Hold hold;
  if (!looksBack(plan)) return hold;
  constexpr float kGrey = 128;
  hold.source = plainFrame(place, octave, kGrey);
  if (plan.mask) {
    const auto pixels = static_cast<std::size_t>(octave.height * octave.width);
    const auto everywhere = std::make_shared<const std::vector<std::uint8_t>>(pixels, std::uint8_t{UINT8_MAX});
    hold.mask = maskOf(place, *everywhere, octave);
    if (!plan.regions.empty()) {
      Plan all;
      all.regions.assign(plan.regions.size(), everywhere);
      hold.regions = regionsOf(place, all, octave);
    }
  }
  return hold;
}

Frame heldOutside(const Place& place, const Frame& frame, const Hold& hold) {
  const Frame none = place.context.upload(tensorflow::makeScalar(0).get(), place.device);
  const Frame inside =
      Call(place.context, "Greater", place.device).input(hold.mask).input(none).result("reading the mask");
  return Call(place.context, "SelectV2", place.device)
      .input(inside)
      .input(frame)
      .input(hold.source)
      .result("keeping what is masked");
}

std::optional<Frame> finished(const Place& place, const Plan& plan, const Frame& frame, const Hold& hold) {
  if (!finishes(plan)) return std::nullopt;
  const TensorHandle dreamed = tensorflow::download(frame);
  const TensorHandle source = tensorflow::download(hold.source);
  const TensorHandle mask = plan.mask ? tensorflow::download(hold.mask) : nullptr;
  const Shape shape = tensorflow::shapeOf(dreamed.get());
  // On a CPU what was downloaded is the frame's own memory.
  const TensorHandle result = tensorflow::allocateTensor(TF_FLOAT, shape);
  auto* values = tensorflow::dataOf<float>(result.get());
  std::copy_n(tensorflow::dataOf<float>(dreamed.get()), tensorflow::elementCount(shape), values);
  const auto pixels = static_cast<std::size_t>(shape[1] * shape[2]);
  const auto each = pixels * static_cast<std::size_t>(shape[3]);
  for (std::size_t picture = 0; picture < static_cast<std::size_t>(shape[0]); ++picture) {
    const Pixels of{tensorflow::dataOf<float>(source.get()) + picture * each,
                    mask ? tensorflow::dataOf<float>(mask.get()) : nullptr, pixels};
    finishPicture(values + picture * each, of, plan.keep_colour, plan.blend, plan.limit);
  }
  return place.context.upload(result.get(), place.device);
}

}  // namespace livedream

#include "node/optical_flow.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "flow/tracking.h"
#include "node/from_javascript.h"
#include "node/library_worker.h"
#include "node/pixels.h"
#include "picture_shape.h"

namespace livedream::node {

namespace {

// At the pictures' own size.
struct Found {
  std::vector<float> motion;      // right and down, [height, width, 2]
  std::vector<float> confidence;  // [height, width]
};

Found findIn(const flow::Pixels& now, const flow::Pixels& before) {
  const flow::Tracking tracking = flow::track(flow::BrightnessPyramid(now), flow::BrightnessPyramid(before));
  const auto scale = static_cast<float>(flow::largestLevel(now.height, now.width).scale);
  flow::Field motion(now.height, now.width);
  flow::Plane confidence(now.height, now.width);
  flow::enlarge(tracking.motion.u, scale, motion.u);
  flow::enlarge(tracking.motion.v, scale, motion.v);
  flow::enlarge(tracking.confidence, scale, confidence);
  Found found;
  found.motion.reserve(now.height * now.width * 2);
  found.confidence.reserve(now.height * now.width);
  for (std::size_t row = 0; row < now.height; ++row) {
    const auto y = static_cast<std::ptrdiff_t>(row);
    for (std::size_t x = 0; x < now.width; ++x) {
      found.motion.push_back(scale * motion.u.row(y)[x]);
      found.motion.push_back(scale * motion.v.row(y)[x]);
      found.confidence.push_back(confidence.row(y)[x]);
    }
  }
  return found;
}

flow::Pixels pixelsOf(const Values& values, std::size_t width, std::size_t height) {
  return std::visit([&](const auto& list) { return flow::Pixels{list.data(), height, width}; }, values);
}

Napi::Value write(Napi::Env env, Found& found) {
  const auto list = [env](const std::vector<float>& values) {
    Napi::Float32Array array = Napi::Float32Array::New(env, values.size());
    std::copy(values.begin(), values.end(), array.Data());
    return array;
  };
  Napi::Object object = Napi::Object::New(env);
  object.Set("motion", list(found.motion));
  object.Set("confidence", list(found.confidence));
  return object;
}

}  // namespace

Napi::Value opticalFlow(const Napi::CallbackInfo& info) {
  const auto width = static_cast<std::size_t>(info[2].ToNumber().Int64Value());
  const auto height = static_cast<std::size_t>(info[3].ToNumber().Int64Value());
  const std::size_t values = height * width * kColours;
  const auto now = std::make_shared<const std::vector<std::uint8_t>>(readBytes(info[0], values));
  const auto before = std::make_shared<const std::vector<std::uint8_t>>(readBytes(info[1], values));
  return postToLibrary<Found>(
      info.Env(),
      [now, before, width, height] {
        return findIn({now->data(), height, width}, {before->data(), height, width});
      },
      write);
}

Napi::Value knownShare(const Napi::CallbackInfo& info) {
  const auto width = static_cast<std::size_t>(info[2].ToNumber().Int64Value());
  const auto height = static_cast<std::size_t>(info[3].ToNumber().Int64Value());
  const std::size_t values = height * width * kColours;
  const auto now = std::make_shared<const Values>(readValues(info[0], values));
  const auto before = std::make_shared<const Values>(readValues(info[1], values));
  return postToLibrary<float>(
      info.Env(),
      [now, before, width, height] {
        const flow::BrightnessPyramid seen(pixelsOf(*now, width, height));
        return flow::track(seen, flow::BrightnessPyramid(pixelsOf(*before, width, height))).mean_confidence;
      },
      [](Napi::Env env, float share) -> Napi::Value { return Napi::Number::New(env, share); });
}

}  // namespace livedream::node

#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "dream/frame.h"
#include "dream/home.h"
#include "dream/plan.h"
#include "tensorflow/context.h"

namespace livedream {

// A picture that stays on the device between jobs, in memory of its own: it outlives the workspace that made it and may
// outlive the engine. Immutable. Made and used on the engine's thread, freed on any.
class KeptFrame {
 public:
  // `pixels` lives in the home's context.
  KeptFrame(std::shared_ptr<const Home> home, Frame pixels);

  std::int64_t pictures() const noexcept { return pictures_; }
  std::int64_t height() const noexcept { return height_; }
  std::int64_t width() const noexcept { return width_; }
  bool livesIn(const Home& home) const noexcept { return home_.get() == &home; }

  const Frame& pixels() const noexcept { return pixels_; }
  // A handle of another context of the device to the same memory; this frame must outlive it.
  Frame share(const Place& place) const;

 private:
  std::shared_ptr<const Home> home_;
  Frame pixels_;  // destroyed before the context that it lives in
  std::int64_t pictures_ = 0;
  std::int64_t height_ = 0;
  std::int64_t width_ = 0;
};

// Copies a workspace's frame, on the device, to where it may stay.
std::shared_ptr<const KeptFrame> keep(const std::shared_ptr<const Home>& home, const Frame& frame);

// A job's picture: on the host, or kept on the device by a job before.
struct Picture {
  std::shared_ptr<tensorflow::TF_Tensor> tensor;  // uint8 or float32
  std::shared_ptr<const KeptFrame> frame;
};
// Must not outlive the picture.
Frame toFrame(const Place& place, const Picture& picture);

}  // namespace livedream

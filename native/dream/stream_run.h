#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "dream/coherence.h"
#include "dream/dream_run.h"
#include "dream/kept_frame.h"
#include "flow/brightness_pyramid.h"

namespace livedream {

// Of the frame that a stream began with, dreamed by itself, and what all after it are held to: how much it was changed
// on average, and of each colour.
struct StreamHold {
  float strength = 0;
  std::array<float, 3> mean{};
};

// What the frames of a stream leave to the next one. Immutable, so that a frame may be dreamed anew from the same
// state. Made and used on the engine's thread, freed on any.
struct StreamState {
  std::shared_ptr<const flow::BrightnessPyramid> seen;  // of the last source
  std::shared_ptr<const KeptFrame> change;              // what the dream changed of it
  StreamHold hold;

  // What it takes: the change in floats, and three planes of all levels of brightness.
  std::size_t bytes() const noexcept;
};

// From what was kept of one elsewhere: `source` [1, height, width, 3] in bytes or floats, `change` in floats, both on
// the host.
std::shared_ptr<const StreamState> restoreState(const std::shared_ptr<const Home>& home,
                                                const tensorflow::TF_Tensor* source,
                                                const tensorflow::TF_Tensor* change, const StreamHold& hold);

// What became of the last dream when a frame was made.
enum class Carry {
  kFirst,    // there was none
  kCut,      // the picture is another one
  kCarried,  // it was moved along
};

struct StreamFrame {
  DreamResult dream;  // the frame on the host, in bytes or floats
  std::shared_ptr<const StreamState> state;
  Carry carry = Carry::kFirst;
  float confidence = 0;  // the share of the picture that is known from before
  float strength = 0;    // how much the dream changes the picture on average, of 255
  double flow = 0;       // milliseconds of the search for motion
  double settle = 0;     // of carrying the last dream along, and of what follows the steps
};

// One frame of a stream: what the last dream changed is moved along with what is seen, dreamed on, and held. Made and
// used on the engine's thread for the length of one job.
class StreamRun {
 public:
  StreamRun(DreamRun& run, const Plan& plan, const Coherence& coherence) noexcept
      : run_(run), plan_(plan), coherence_(coherence) {}

  // `source` is on the host, of the last octave's size; `before` is null for the first frame.
  StreamFrame dream(const tensorflow::TF_Tensor* source, const StreamState* before,
                    const std::shared_ptr<const Home>& home);
  // Builds, compiles and runs once what a frame takes besides its steps.
  void warmUp();

 private:
  struct Begun {
    Frame start;
    Frame change;
  };

  Begun carried(const Frame& picture, const Frame& change, const Frame& tracking) const;
  // Of a frame that nothing is carried to.
  Begun fresh(const Frame& picture) const;
  // Programs' results: picture, change, statistics.
  std::vector<tensorflow::EagerHandle> settle(const Frame& picture, const Begun& begun, const Frame& dreamed,
                                              const StreamState* held) const;

  DreamRun& run_;
  const Plan& plan_;
  const Coherence& coherence_;
};

}  // namespace livedream

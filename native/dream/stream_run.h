#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

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

// What a frame is dreamed of. `source` is on the host, of the last octave's size; `before` is null for the first frame.
struct StreamSource {
  std::shared_ptr<tensorflow::TF_Tensor> picture;
  std::shared_ptr<const StreamState> before;
  Coherence coherence;
};

// One frame of a stream, or one each of several whose steps are one batch: what the last dream changed is moved along
// with what is seen, dreamed on, and held. Made and used on the engine's thread for the length of one job.
class StreamRun {
 public:
  StreamRun(DreamRun& run, const Plan& plan) noexcept : run_(run), plan_(plan) {}

  // As many as the plan has pictures, one at least.
  std::vector<StreamFrame> dream(const std::vector<StreamSource>& sources, const std::shared_ptr<const Home>& home);
  // Builds, compiles and runs once what a frame takes besides its steps.
  void warmUp();

 private:
  struct Begun {
    Frame start;
    Frame change;
  };
  // One of the frames, until its steps and after them.
  struct UnderWay {
    StreamFrame result;
    std::shared_ptr<StreamState> state;
    const StreamState* held = nullptr;  // what it goes on from; null where it begins anew
    Frame picture;
    Begun begun;
  };

  UnderWay begin(const StreamSource& source) const;
  // All of them, from where they begin to what all octaves make of them.
  std::vector<Frame> climb(const std::vector<UnderWay>& frames);
  void finish(UnderWay& frame, const Coherence& coherence, const Frame& dreamed,
              const std::shared_ptr<const Home>& home) const;
  Begun carried(const Frame& picture, const Frame& change, const Frame& tracking) const;
  // Of a frame that nothing is carried to.
  Begun fresh(const Frame& picture) const;
  // Programs' results: picture, change, statistics.
  std::vector<tensorflow::EagerHandle> settle(const Frame& picture, const Begun& begun, const Frame& dreamed,
                                              const StreamState* held, const Coherence& coherence) const;

  DreamRun& run_;
  const Plan& plan_;
};

}  // namespace livedream

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cancellation.h"
#include "dream/frame.h"
#include "dream/hold.h"
#include "dream/plan.h"
#include "dream/tracer.h"
#include "dream/watch.h"
#include "dream/workspace.h"

namespace livedream {

// What an ascent did so far.
struct AscentRecord {
  std::vector<float> objectives;  // before each step, averaged over tiles; of each picture in turn
  double compile = 0;             // milliseconds of steps that built a program or waited for one, as far as they did
  double steps = 0;               // of all else that steps took
  std::uint64_t programs_built = 0;
  Compilations compilations;
  std::uint64_t steps_done = 0;
  std::vector<bool> moved;  // whether any gradient of a picture was not zero everywhere
};

// Climbs the objective's gradient on frames of one workspace, in one tile or many. Made and used on one thread, the
// engine's or that of its Prefetch, for the length of one job; plan and cancellation outlive it.
class Ascent {
 public:
  // `workspace` is the picture's; those of tiles come from the cache.
  Ascent(Workspace& workspace, WorkspaceCache& cache, const Plan& plan, const Cancellation& cancellation, Watch watch);

  // What the octaves after this call are held to: holdsOf.
  void hold(std::vector<Hold> holds) noexcept { holds_ = std::move(holds); }
  const Hold& holdOf(std::size_t octave) const noexcept { return holds_[octave]; }

  // All iterations of an octave. Throws ERR_LIVEDREAM_ABORTED between steps, or the slices of a compiled loop, and
  // ERR_LIVEDREAM_NOT_FINITE after one.
  Frame climb(Frame frame, std::size_t octave);
  // One step, or slice of steps, for what it builds, on a picture of one grey.
  void warmUp(std::size_t octave);
  // Whether all has been compiled that the steps of an octave run, each for itself.
  bool ready(std::size_t octave) const;

  struct Gradient {
    Frame values;
    float objective = 0;
  };
  // At the last octave's size, without shift.
  Gradient gradient(const Frame& frame);
  // What the channels of the first term's layer answer (Answer), at the last octave's size, which is one batch.
  std::vector<float> answers(const Frame& frame);
  // What a guide's part of the first term is, of a guide of the last octave's size, which is one batch: float32[rows,
  // channels].
  Frame features(const Frame& frame);

  // kCarry or kSettle, for one picture of the last octave's size; what it builds and compiles counts.
  std::vector<tensorflow::EagerHandle> follow(Task task, const TrackingSize& tracking, const Bindings& bindings);

  // From now on every program runs there, of a plan of ordinary kernels; null ends it.
  void traceBy(Tracer* tracer) noexcept { tracer_ = tracer; }

  const AscentRecord& record() const noexcept { return record_; }
  void throwIfCancelled() const;

 private:
  struct Step {
    Frame picture;
    std::vector<float> statistics;  // as the programs give them: each of all pictures
  };

  Step step(const Frame& picture, std::size_t octave, int iteration);
  // Whether the octave's steps are those of compiled_loop.h.
  bool isCompiled(std::size_t octave) const noexcept;
  Frame climbCompiled(Frame frame, std::size_t octave);
  // Steps of a compiled loop whose statistics are still on the device.
  struct Slice {
    int first;
    int steps;
    tensorflow::EagerHandle statistics;
  };
  Frame runSlice(const Frame& picture, std::size_t octave, int first, std::vector<Slice>& done);
  void recordSlices(std::vector<Slice>& slices, std::size_t octave);
  Step stepInOne(const Frame& picture, std::size_t octave, const tensorflow::EagerHandle& shift);
  Step stepInBatches(const Frame& picture, std::size_t octave, const tensorflow::EagerHandle& shift);
  // What was built and compiled so far, to tell what a step's time went to.
  struct Pauses {
    std::uint64_t count;
    double ran;  // first runs that were no compiling
  };
  Pauses pauses() const noexcept;
  void recordTime(double milliseconds, const Pauses& before) noexcept;
  // Counts what a step did; throws where a picture is finite no more.
  void record(const std::vector<float>& statistics, std::size_t octave, int iteration);
  // Gives a preview, where one is wanted.
  void show(const Frame& frame, std::size_t octave, int iteration) const;
  // What the update takes, but for the picture.
  Bindings& bindUpdate(Bindings& bindings, std::size_t octave);
  std::vector<Frame> cut(const Frame& picture, const Octave& octave, const tensorflow::EagerHandle& shift);
  // What is computed of tiles, in the tiles' own workspace; `results` own it, the other two are the picture's handles
  // to it.
  struct TileGradient {
    std::vector<tensorflow::EagerHandle> results;
    tensorflow::EagerHandle gradient;
    tensorflow::EagerHandle objective;
  };
  TileGradient gradientOf(const Frame& tiles, const Octave& octave);
  // What the objective's terms take, by the names of their inputs.
  using Terms = std::map<std::string, tensorflow::EagerHandle>;
  // A workspace with that, put there once.
  struct Site {
    std::shared_ptr<Workspace> workspace;
    Terms terms;
  };
  Site& tileSite(const Octave& octave);
  Terms putTerms(const Workspace& workspace) const;
  static Bindings termBindings(const Terms& terms);
  std::array<std::int32_t, 2> shiftFor(std::size_t octave, int iteration) const;
  TaskSpec specOf(Task task, const Octave& octave, std::int64_t steps = 1) const;
  // Runs the task's program, which is built if need be; `steps` are those of Task::kClimb.
  std::vector<tensorflow::EagerHandle> run(Workspace& workspace, Task task, const Octave& octave,
                                           const Bindings& bindings, std::int64_t steps = 1);

  Workspace& workspace_;
  WorkspaceCache& cache_;
  const Plan& plan_;
  const Cancellation& cancellation_;
  Watch watch_;
  Terms terms_;
  struct UpdateValues {
    tensorflow::EagerHandle step;
    tensorflow::EagerHandle rows;
    tensorflow::EagerHandle columns;
    tensorflow::EagerHandle chroma;
    tensorflow::EagerHandle limit;
    tensorflow::EagerHandle total_variation;
    tensorflow::EagerHandle l2;
  };
  std::map<std::size_t, UpdateValues> updates_;             // by octave
  std::vector<Hold> holds_;                                 // of each octave
  std::map<std::array<std::int64_t, 3>, Site> tile_sites_;  // by the tile's height and width, and how many are a batch
  Tracer* tracer_ = nullptr;
  AscentRecord record_;
};

}  // namespace livedream

#pragma once

#include <cstddef>
#include <cstdint>

#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// What one frame of a stream takes over from the one before.
struct Coherence {
  float blend = 0;      // 0..1, how little of what is new is let into what was carried along
  float strength = 0;   // how far a stream's dream may go, in that of a picture by itself
  float scene_cut = 0;  // 0..1, the share of the picture that must be known from before
};

// A motion and its confidence come at half the picture's size where its sides are even, or a pixel more; `scale` is 1
// or
// 2. [1, rows, columns, 3]: right and down in their own pixels, confidence.
struct TrackingSize {
  std::int64_t scale = 1;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

// Of pictures of this size.
TrackingSize trackingSize(const Octave& size);

// The change that a dream made to the frame before, moved along to this one: where it is known from before. By our
// kernel (kernels/carry.h), which is for processors, or by ordinary operations.
struct Carried {
  tensorflow::TF_Output start;   // this frame with it
  tensorflow::TF_Output change;  // it
};
Carried addCarry(tensorflow::Graph& graph, const Octave& size, const TrackingSize& tracking_size,
                 tensorflow::TF_Output picture, tensorflow::TF_Output change, tensorflow::TF_Output tracking,
                 bool by_kernel);

// What addSettle() takes; from `blend` on scalars, but for the mean, which is [3].
struct SettleInputs {
  tensorflow::TF_Output picture;
  tensorflow::TF_Output change;
  tensorflow::TF_Output start;
  tensorflow::TF_Output dreamed;
  tensorflow::TF_Output blend;
  tensorflow::TF_Output most;   // that the picture may be changed by on average
  tensorflow::TF_Output mean;   // of the change, towards which it is held
  tensorflow::TF_Output held;   // how far, 0..1
  tensorflow::TF_Output usual;  // mean change of a picture dreamed by itself
};

// Of the statistics, float32[kSettled]: how much the picture is changed on average, and the mean change of each colour.
enum Settling : std::size_t { kStrength, kMeanRed, kMeanGreen, kMeanBlue, kSettled };

// Lets what was dreamed on top of the carried change into it: all where nothing was carried, and the more the weaker
// the change is there than usual. Gradients are largest where a dream is strongest, so that what comes into view would
// never become one; and for the same reason the change is held to a strength in every place (kernels/local_mean.h).
// Then brightness and the mean strength are held, which would drift where dream is laid on dream.
struct Settled {
  tensorflow::TF_Output picture;
  tensorflow::TF_Output change;
  tensorflow::TF_Output statistics;
};
Settled addSettle(tensorflow::Graph& graph, const Octave& size, const SettleInputs& inputs, bool by_kernel);

}  // namespace livedream

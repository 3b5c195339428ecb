#pragma once

#include <cstdint>
#include <vector>

#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// What an update takes at run time.
struct UpdateInputs {
  tensorflow::TF_Output step;
  // Of Normalize::kSmooth: smoothingFilters.
  tensorflow::TF_Output rows;
  tensorflow::TF_Output columns;
};

struct Updated {
  tensorflow::TF_Output pictures;
  tensorflow::TF_Output gradient_mean;  // of |gradient|, after normalizing: [pictures]
};

// How an octave's gradient moves its pictures.
Update updateOf(const Plan& plan, const Octave& octave) noexcept;

// pictures + gradient * step / (mean(|gradient|) + 1e-7), each picture by itself, the gradient normalized before.
//
// With keep_range a step goes at most half of the way to a few levels short of black or white, so that nothing
// saturates however long it is climbed; a pixel that is beyond already goes no further.
Updated addUpdate(tensorflow::Graph& graph, const Update& update, tensorflow::TF_Output pictures,
                  tensorflow::TF_Output gradient, const UpdateInputs& inputs);

}  // namespace livedream

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
  tensorflow::TF_Output chroma;
  // Of what needs it: the picture that the dream is of, at the octave's size.
  tensorflow::TF_Output source;
  tensorflow::TF_Output limit;
  // [1, height, width, 1], 0..1.
  tensorflow::TF_Output mask;
  // Weights of the picture's own gradients.
  tensorflow::TF_Output total_variation;
  tensorflow::TF_Output l2;
};

struct Updated {
  tensorflow::TF_Output pictures;
  tensorflow::TF_Output gradient_mean;  // of |gradient|, after normalizing: [pictures]
};

// How an octave's gradient moves its pictures.
Update updateOf(const Plan& plan, const Octave& octave) noexcept;

// pictures + gradient * step / (mean(|gradient|) + 1e-7), each picture by itself, the gradient normalized before.
//
// The picture's own gradients (picture_terms.h) are taken off the one of the network when that is of mean 1: so their
// weights mean the same for every network. A mask multiplies what then moves the picture; 0 moves nothing at all.
//
// With chroma what a pixel's colours get beyond their mean is multiplied by that: an adversarially trained network is
// trained not to mind hues, so that its gradient is nearly grey (measured: docs/embedded-network.md).
//
// With keep_range a step goes at most half of the way to a few levels short of black or white, so that nothing
// saturates however long it is climbed; a pixel that is beyond already goes no further. With a limit no pixel ends
// further than that from the source.
Updated addUpdate(tensorflow::Graph& graph, const Update& update, tensorflow::TF_Output pictures,
                  tensorflow::TF_Output gradient, const UpdateInputs& inputs);

}  // namespace livedream

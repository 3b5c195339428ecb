#pragma once

#include <memory>

#include "kernels/winograd_filter.h"
#include "tensorflow/tensor.h"

namespace livedream::kernels {

// A filter at the points together with the weight it was made of, whose memory is kept so that its address means it.
struct FilterOfWeight {
  FilterOfWeight(tensorflow::TensorHandle of, bool gradient);

  tensorflow::TensorHandle weight;
  WinogradFilter filter;
};

// The one of a weight, float32[size, size, inputs, outputs], that never changes: made once and shared by every kernel
// of every program that has it, for as long as one keeps it. Any thread.
std::shared_ptr<const FilterOfWeight> filterOf(tensorflow::TensorHandle weight, bool gradient);

}  // namespace livedream::kernels

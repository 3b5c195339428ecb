#pragma once

#include <vector>

#include "cancellation.h"
#include "dream/engine.h"

namespace livedream {

// How fast a device computes what it computes best of a network: a large 3x3 convolution by TensorFlow's ordinary
// kernels (oneDNN's, cuDNN's). What a benchmark measures its steps by.
struct ConvolutionPeak {
  double operations = 0;             // floating-point, of one trial
  std::vector<double> milliseconds;  // of each trial
};

// By an engine's device, threads and precision. Throws ERR_LIVEDREAM_DEVICE_UNAVAILABLE, or ERR_LIVEDREAM_ABORTED
// between trials.
ConvolutionPeak measureConvolutionPeak(const EngineSettings& settings, const Cancellation& cancellation);

}  // namespace livedream

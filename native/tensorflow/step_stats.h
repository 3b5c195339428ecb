#pragma once

#include <string_view>
#include <vector>

#include "tensorflow/session.h"

namespace livedream::tensorflow {

// What ran, in the order of its beginnings, from a serialized tensorflow.RunMetadata. Sources and sinks, and what
// TensorFlow only passes on without running it, are left out.
std::vector<TracedOperation> readTrace(std::string_view run_metadata);

}  // namespace livedream::tensorflow

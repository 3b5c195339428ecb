#pragma once

#include <string_view>

namespace livedream {

// Whether a model may run the operation: stateless image, array and math operations of TensorFlow. A graph is a
// program, and whoever loads a model from elsewhere must not thereby let it read files, reach the network or keep
// anything.
bool isAllowedOperation(std::string_view op) noexcept;

// Operations that reach out of the graph although TensorFlow does not call them stateful.
bool reachesOut(std::string_view op) noexcept;

}  // namespace livedream

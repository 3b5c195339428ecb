#pragma once

#include <string>
#include <string_view>

namespace livedream::tensorflow {

// The name that TensorFlow knows an operation by. Those of our own end with where this copy of the addon lies in
// memory: a process may hold several (two versions of the package, one bundled twice), and TensorFlow ends a process
// that registers a name a second time. Others are as they are. Any thread.
std::string registeredName(std::string_view operation);

// And back, for what is compared and told. Any thread.
std::string_view ownName(std::string_view registered) noexcept;

}  // namespace livedream::tensorflow

#pragma once

#include <string>

namespace livedream::tensorflow {

// Tells the opened library where XLA keeps what it compiled. TensorFlow has no function for it, only the flag
// --tf_xla_persistent_cache_directory in the environment's TF_XLA_FLAGS, which it reads once; but setenv() in a library
// of somebody's service races with every other thread that reads the environment. So the flag goes through TensorFlow's
// own parser of flags, which it exports, after the environment's flags were parsed: they hold as before.
// Before anything is compiled. Returns what went wrong, empty where nothing did.
std::string setCompiledFolder(void* framework, void* library, const std::string& folder);

}  // namespace livedream::tensorflow

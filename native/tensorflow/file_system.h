#pragma once

#include <string>

namespace livedream::tensorflow {

// The folder that TensorFlow is told to keep compiled programs in.
inline constexpr const char* kCompiledFolder = "livedream://compiled";

// Registers the file system behind it with the opened library: TensorFlow's plugin interface, of which this addon is
// the plugin. Returns what went wrong, empty where nothing did.
std::string registerFileSystem(void* library);

}  // namespace livedream::tensorflow

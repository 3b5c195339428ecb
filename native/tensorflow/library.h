#pragma once

#include <string>

#include "tensorflow/api.h"

namespace livedream::tensorflow {

// Opens libtensorflow once in the process, for all threads and environments; it is never closed, because its threads
// and static destructors outlive every owner we could give it. Later calls must name the same file. Throws Error. Takes
// about a second the first time: not for JavaScript's thread.
void openLibrary(const std::string& framework_path, const std::string& library_path, bool verbose);

bool isLibraryOpen() noexcept;

// What the library logged while it was opened, and did not get to write to stderr.
std::string libraryMessages();

// The functions; openLibrary must have returned before.
const Api& api() noexcept;

// TensorFlow's version, such as "2.21.0".
std::string libraryVersion();

}  // namespace livedream::tensorflow

#pragma once

#include <optional>
#include <string>

#include "cache/entry_store.h"
#include "tensorflow/api.h"

namespace livedream::tensorflow {

// Opens libtensorflow once in the process, for all threads and environments; it is never closed, because its threads
// and static destructors outlive every owner we could give it. Later calls must name the same file. Throws Error. Takes
// about a second the first time: not for JavaScript's thread. With `compile_cache` XLA keeps what it compiles there,
// for the whole process; later calls do not change that.
void openLibrary(const std::string& framework_path, const std::string& library_path, bool verbose,
                 std::optional<cache::StoreSettings> compile_cache = std::nullopt);

bool isLibraryOpen() noexcept;

// What the library logged while it was opened, and did not get to write to stderr.
std::string libraryMessages();

// Why this library keeps nothing that XLA compiled, though it should; empty where nothing is wrong.
std::string compileCacheProblem();

// The functions; openLibrary must have returned before.
const Api& api() noexcept;

// TensorFlow's version, such as "2.21.0".
std::string libraryVersion();

}  // namespace livedream::tensorflow

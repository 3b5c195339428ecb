#include "tensorflow/library.h"

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <optional>

#include "dream/error.h"
#include "tensorflow/quiet_stderr.h"

namespace livedream::tensorflow {

namespace {

// The one global of the addon: the loaded library.
struct Loaded {
  std::mutex mutex;
  std::string path;
  Api api;
  std::atomic<bool> open{false};
};

// Never destroyed: engine threads of a dying process may still call through it.
Loaded& loaded() noexcept {
  static auto& instance = *new Loaded;  // NOLINT(cppcoreguidelines-owning-memory,bugprone-unhandled-exception-at-new)
  return instance;
}

void* openFile(const std::string& path) {
  // RTLD_LOCAL: its symbols (protobuf, absl) must not answer for those of other addons; RTLD_LAZY: 800 MB of
  // relocations less.
  void* handle = dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* reason = dlerror();
    throw Error(code::kRuntimeUnloadable, "The system could not load " + path + ".", reason == nullptr ? "" : reason);
  }
  return handle;
}

void* openQuietly(const std::string& path, bool verbose) {
  std::optional<QuietStderr> quiet;
  if (!verbose) quiet.emplace();
  return openFile(path);
}

// TensorFlow 2.21 logs through absl and no longer looks at TF_CPP_MIN_LOG_LEVEL for all of it: absl's own switch, where
// the library exports it. Its name carries absl's release, so it is asked for by the releases known.
void silence(void* framework) noexcept {
  constexpr const char* kSetMinLogLevel[] = {
      "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE",  // TensorFlow 2.21
      "_ZN4absl12lts_2023080214SetMinLogLevelENS_18LogSeverityAtLeastE",   // TensorFlow 2.16 to 2.20
      "_ZN4absl12lts_2023080214SetMinLogLevelENS0_18LogSeverityAtLeastE",
  };
  constexpr int kNothing = 1000;  // absl::LogSeverityAtLeast::kInfinity
  for (const char* name : kSetMinLogLevel) {
    if (void* symbol = dlsym(framework, name)) {
      reinterpret_cast<void (*)(int)>(symbol)(kNothing);
      return;
    }
  }
}

void setUnlessSet(const char* name, const char* value) noexcept { setenv(name, value, /*overwrite=*/0); }

template <typename Function>
void resolve(Function& function, const char* name, void* framework, void* library, std::string& missing) {
  void* symbol = dlsym(library, name);
  if (symbol == nullptr) symbol = dlsym(framework, name);
  if (symbol == nullptr) {
    missing += missing.empty() ? "" : ", ";
    missing += name;
    return;
  }
  function = reinterpret_cast<Function>(symbol);
}

// Also where the library lacks other functions.
std::string versionOf(void* library) {
  void* symbol = dlsym(library, "TF_Version");
  if (symbol == nullptr) return "A TensorFlow of unknown version";
  return std::string("TensorFlow ") + reinterpret_cast<const char* (*)()>(symbol)();
}

}  // namespace

void openLibrary(const std::string& framework_path, const std::string& library_path, bool verbose) {
  Loaded& state = loaded();
  const std::lock_guard<std::mutex> lock(state.mutex);
  if (state.open) {
    if (state.path == library_path) return;
    throw Error(code::kRuntimeVersion,
                "This process has already loaded " + state.path + " and cannot load " + library_path + " beside it.");
  }
  // Read by TensorFlow when it is loaded, so set before. A user's own value stands.
  if (!verbose) setUnlessSet("TF_CPP_MIN_LOG_LEVEL", "3");
  void* framework = openQuietly(framework_path, verbose);
  if (!verbose) silence(framework);
  void* library = openQuietly(library_path, verbose);

  Api functions;
  std::string missing;
#define LIVEDREAM_RESOLVE(result, name, arguments) resolve(functions.name, #name, framework, library, missing);
  LIVEDREAM_TENSORFLOW_FUNCTIONS(LIVEDREAM_RESOLVE)
#undef LIVEDREAM_RESOLVE
  if (!missing.empty())
    throw Error(code::kRuntimeVersion, versionOf(library) + " in " + library_path + " lacks " + missing + ".");
  state.api = functions;
  state.path = library_path;
  state.open = true;
}

bool isLibraryOpen() noexcept { return loaded().open; }

const Api& api() noexcept { return loaded().api; }

// NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): openLibrary resolved it
std::string libraryVersion() { return api().TF_Version(); }

}  // namespace livedream::tensorflow

#include "tensorflow/library.h"

#include <dlfcn.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "error.h"
#include "tensorflow/captured_stderr.h"
#include "tensorflow/compile_cache.h"
#include "tensorflow/file_system.h"
#include "tensorflow/xla_flags.h"

namespace livedream::tensorflow {

namespace {

// The one global of the addon: the loaded library.
struct Loaded {
  std::mutex mutex;
  std::string path;
  std::string messages;
  std::string cache_problem;
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

// TensorFlow logs through absl: absl's own switch, where the library exports it. Its name carries absl's release, so it
// is asked for by the releases known. TF_CPP_MIN_LOG_LEVEL is left alone: setenv() races with whoever reads the
// environment, and the library does not look at it for all that it says.
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

// Returns what went wrong, empty where nothing did: a library that cannot keep what it compiled can still compile.
std::string keepCompiledIn(cache::StoreSettings settings, void* framework, void* library) {
  std::string problem = registerFileSystem(library);
  if (problem.empty()) problem = setCompiledFolder(framework, library, kCompiledFolder);
  if (problem.empty()) keepCompiled(std::move(settings));
  return problem;
}

}  // namespace

void openLibrary(const std::string& framework_path, const std::string& library_path, bool verbose,
                 std::optional<cache::StoreSettings> compile_cache) {
  Loaded& state = loaded();
  const std::lock_guard<std::mutex> lock(state.mutex);
  if (state.open) {
    if (state.path == library_path) return;
    throw Error(code::kRuntimeVersion,
                "This process has already loaded " + state.path + " and cannot load " + library_path + " beside it.");
  }
  std::optional<CapturedStderr> captured;
  if (!verbose) captured.emplace();
  void* framework = openFile(framework_path);
  if (!verbose) silence(framework);
  void* library = openFile(library_path);
  if (captured) state.messages = captured->finish();

  Api functions;
  std::string missing;
#define LIVEDREAM_RESOLVE(result, name, arguments) resolve(functions.name, #name, framework, library, missing);
  LIVEDREAM_TENSORFLOW_FUNCTIONS(LIVEDREAM_RESOLVE)
#undef LIVEDREAM_RESOLVE
  if (!missing.empty())
    throw Error(code::kRuntimeVersion, versionOf(library) + " in " + library_path + " lacks " + missing + ".");
  state.api = functions;
  state.path = library_path;
  if (compile_cache) state.cache_problem = keepCompiledIn(std::move(*compile_cache), framework, library);
  state.open = true;
}

std::string libraryMessages() {
  Loaded& state = loaded();
  const std::lock_guard<std::mutex> lock(state.mutex);
  return state.messages;
}

std::string compileCacheProblem() {
  Loaded& state = loaded();
  const std::lock_guard<std::mutex> lock(state.mutex);
  return state.cache_problem;
}

bool isLibraryOpen() noexcept { return loaded().open; }

const Api& api() noexcept { return loaded().api; }

// NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): openLibrary resolved it
std::string libraryVersion() { return api().TF_Version(); }

}  // namespace livedream::tensorflow

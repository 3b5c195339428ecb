#pragma once

#include <napi.h>

#include <functional>
#include <map>
#include <memory>

namespace livedream::node {

// Runs what must end before its environment does, once and on JavaScript's thread: at the process's 'exit' event, which
// process.exit() and an uncaught exception emit but run no cleanup hooks after it, or in a cleanup hook, which
// worker.terminate() and embedders run without that event. Owned by AddonData.
class ExitHooks {
 public:
  explicit ExitHooks(Napi::Env env);
  ExitHooks(const ExitHooks&) = delete;
  ExitHooks& operator=(const ExitHooks&) = delete;
  ~ExitHooks();

  // Cleanup hooks run newest first: a hook that uses a thread-safe function is added after that function was made.
  // `owner` identifies it for remove().
  void add(const void* owner, std::function<void()> action);
  void remove(const void* owner) noexcept;

 private:
  struct Hook {
    std::function<void()> action;
    bool done = false;
    void run() noexcept;
  };

  static void onCleanup(void* hook) { static_cast<Hook*>(hook)->run(); }

  napi_env env_;
  std::map<const void*, std::unique_ptr<Hook>> hooks_;
};

}  // namespace livedream::node

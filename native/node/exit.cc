#include "node/exit.h"

#include <utility>

namespace livedream::node {

ExitHooks::ExitHooks(Napi::Env env) : env_(env) {
  const auto process = env.Global().Get("process").As<Napi::Object>();
  const Napi::Value once = process.Get("once");
  if (!once.IsFunction()) return;
  const auto stop_all = [this](const Napi::CallbackInfo&) {
    for (const auto& [owner, hook] : hooks_) hook->run();
  };
  once.As<Napi::Function>().Call(process,
                                 {Napi::String::New(env, "exit"), Napi::Function::New(env, stop_all, "stopLivedream")});
}

ExitHooks::~ExitHooks() {
  while (!hooks_.empty()) remove(hooks_.begin()->first);
}

void ExitHooks::add(const void* owner, std::function<void()> action) {
  auto hook = std::make_unique<Hook>();
  hook->action = std::move(action);
  napi_add_env_cleanup_hook(env_, onCleanup, hook.get());
  hooks_[owner] = std::move(hook);
}

void ExitHooks::remove(const void* owner) noexcept {
  const auto found = hooks_.find(owner);
  if (found == hooks_.end()) return;
  napi_remove_env_cleanup_hook(env_, onCleanup, found->second.get());
  hooks_.erase(found);
}

void ExitHooks::Hook::run() noexcept {
  if (!std::exchange(done, true)) action();
}

}  // namespace livedream::node

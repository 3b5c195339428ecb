#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>

#include "dream/worker.h"
#include "node/channel.h"
#include "node/exit.h"

namespace livedream::node {

// What one environment (the main thread or a worker thread) owns of this addon.
struct AddonData {
  explicit AddonData(Napi::Env env) : exit_hooks(env) {}

  ExitHooks exit_hooks;
  Napi::FunctionReference model_class;
  Napi::FunctionReference frame_class;
  Napi::FunctionReference stream_state_class;
  // What V8 was told of, for all engines of this environment together.
  std::int64_t external_bytes = 0;

  // For opening the library and asking for devices; made on first use.
  std::shared_ptr<Channel> channel;
  std::unique_ptr<Worker> worker;  // delivers through the channel, so destroyed first
};

AddonData& addonData(Napi::Env env);

}  // namespace livedream::node

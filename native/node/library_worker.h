#pragma once

#include <napi.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "node/addon_data.h"
#include "node/promise_job.h"

namespace livedream::node {

// The thread for blocking work that belongs to no engine: opening the library, listing devices, importing models,
// looking at their layers. One an environment, made on first use.
inline Worker& libraryWorker(Napi::Env env) {
  constexpr std::size_t kQueueLimit = 1024;
  AddonData& addon = addonData(env);
  if (!addon.worker) {
    addon.channel = std::make_shared<Channel>(env, "livedream library");
    addon.worker = std::make_unique<Worker>(kQueueLimit, deliverThrough(addon.channel));
    // Joins the thread while the environment still takes its messages.
    addon.exit_hooks.add(&addon, [&addon] {
      addon.worker->stop();
      addon.channel->close();
    });
  }
  return *addon.worker;
}

// The end of the environment, too, cancels the work, which is waited for then.
template <typename Result, typename Work, typename Convert>
Napi::Value postToLibrary(Napi::Env env, Work work, Convert convert,
                          std::shared_ptr<Cancellation> cancellation = nullptr) {
  Worker& worker = libraryWorker(env);
  auto job = std::make_unique<PromiseJob<Result>>(env, std::move(work), std::move(convert));
  job->cancelledBy(std::move(cancellation));
  job->onSettled([channel = addonData(env).channel] { channel->release(); });
  addonData(env).channel->hold();
  return postTo(worker, env, std::move(job));
}

}  // namespace livedream::node

#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "cancellation.h"
#include "dream/worker.h"
#include "node/channel.h"
#include "node/errors.h"

namespace livedream::node {

// A job that settles a promise: run() on the worker, then deliver() on JavaScript's thread.
class PromiseJobBase : public Job, public Message {
 public:
  explicit PromiseJobBase(Napi::Env env) : deferred_(Napi::Promise::Deferred::New(env)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

  // Called once on JavaScript's thread before the promise settles, whichever way.
  void onSettled(std::function<void()> settled) { settled_ = std::move(settled); }
  void cancelledBy(std::shared_ptr<Cancellation> cancellation) { cancellation_ = std::move(cancellation); }

  void refuse(const Error& error) noexcept override { error_ = error; }
  void cancel() noexcept override {
    if (cancellation_) cancellation_->cancel();
  }
  bool cancelled() const noexcept override { return cancellation_ && cancellation_->cancelled(); }

  void deliver(Napi::Env env) final {
    if (settled_) settled_();
    if (error_) return deferred_.Reject(toJavaScript(env, *error_).Value());
    Napi::Value value;
    try {
      value = toValue(env);
    } catch (const Napi::Error& error) {
      return deferred_.Reject(error.Value());
    }
    deferred_.Resolve(value);
  }

 protected:
  virtual Napi::Value toValue(Napi::Env env) = 0;

  std::optional<Error> error_;

 private:
  Napi::Promise::Deferred deferred_;
  std::function<void()> settled_;
  std::shared_ptr<Cancellation> cancellation_;
};

// `work` runs on the worker's thread and may throw; `convert` turns its result into a value on JavaScript's.
template <typename Result>
class PromiseJob final : public PromiseJobBase {
 public:
  using Work = std::function<Result()>;
  using Convert = std::function<Napi::Value(Napi::Env, Result&)>;

  PromiseJob(Napi::Env env, Work work, Convert convert)
      : PromiseJobBase(env), work_(std::move(work)), convert_(std::move(convert)) {}

  void run() noexcept override {
    try {
      result_.emplace(work_());
    } catch (...) {
      error_ = currentError();
    }
  }

 protected:
  Napi::Value toValue(Napi::Env env) override { return convert_(env, *result_); }

 private:
  Work work_;
  Convert convert_;
  std::optional<Result> result_;
};

// Posts a job and gives its promise, which a refusal settles at once: no promise is left behind. On JavaScript's
// thread.
inline Napi::Promise postTo(Worker& worker, Napi::Env env, std::unique_ptr<PromiseJobBase> job) {
  const Napi::Promise promise = job->promise();
  PromiseJobBase& same = *job;
  std::unique_ptr<Job> posted = std::move(job);
  try {
    worker.post(std::move(posted));
  } catch (const Error& error) {
    same.refuse(error);
    same.deliver(env);
  }
  return promise;
}

// What a Worker calls to hand a job back: all jobs of this addon are PromiseJobs.
inline Worker::Deliver deliverThrough(const std::shared_ptr<Channel>& channel) {
  return [channel](std::unique_ptr<Job> job) {
    channel->post(std::unique_ptr<Message>(dynamic_cast<Message*>(job.release())));
  };
}

}  // namespace livedream::node

#include "node/channel.h"

#include "node/errors.h"

namespace livedream::node {

namespace {

void onJavaScriptThread(napi_env env, napi_value /*callback*/, void* /*context*/, void* data) {
  const std::unique_ptr<Message> message(static_cast<Message*>(data));
  if (env == nullptr) return message->abandon();
  const Napi::HandleScope scope(env);
  try {
    message->deliver(Napi::Env(env));
  } catch (const Napi::Error& error) {
    // Thrown by a user's callback: nobody is below us to catch it, so it is uncaught as in any event handler.
    napi_fatal_exception(env, error.Value());
  }
}

}  // namespace

Channel::Channel(Napi::Env env, const char* name) : env_(env) {
  napi_value resource_name = Napi::String::New(env, name);
  const napi_status status = napi_create_threadsafe_function(
      env, nullptr, nullptr, resource_name, /*max_queue_size: see the class=*/0,
      /*initial_thread_count=*/1, nullptr, nullptr, nullptr, onJavaScriptThread, &function_);
  if (status != napi_ok) throw Napi::Error::New(env, "Node could not make a thread-safe function.");
  napi_unref_threadsafe_function(env_, function_);
}

void Channel::post(std::unique_ptr<Message> message) noexcept {
  if (function_ != nullptr &&
      napi_call_threadsafe_function(function_, message.get(), napi_tsfn_nonblocking) == napi_ok) {
    message.release();  // NOLINT(bugprone-unused-return-value): onJavaScriptThread owns it now
    return;
  }
  message->abandon();
}

void Channel::hold() noexcept {
  if (holds_++ == 0 && function_ != nullptr) napi_ref_threadsafe_function(env_, function_);
}

void Channel::release() noexcept {
  if (--holds_ == 0 && function_ != nullptr) napi_unref_threadsafe_function(env_, function_);
}

void Channel::close() noexcept {
  if (function_ == nullptr) return;
  napi_release_threadsafe_function(function_, napi_tsfn_abort);
  function_ = nullptr;
}

}  // namespace livedream::node

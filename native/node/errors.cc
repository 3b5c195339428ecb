#include "node/errors.h"

#include <exception>
#include <new>
#include <system_error>

namespace livedream::node {

Napi::Error toJavaScript(Napi::Env env, const Error& error) {
  Napi::Error result = Napi::Error::New(env, error.what());
  result.Set("code", Napi::String::New(env, error.code()));
  if (!error.detail().empty()) result.Set("detail", Napi::String::New(env, error.detail()));
  if (error.octave >= 0) result.Set("octave", Napi::Number::New(env, error.octave));
  if (error.iteration >= 0) result.Set("iteration", Napi::Number::New(env, error.iteration));
  return result;
}

Error currentError() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {code::kOutOfMemory, "There is not enough memory for this dream."};
  } catch (const std::exception& error) {
    return {code::kInternal, "An unexpected fault in the native engine.", error.what()};
  } catch (...) {
    return {code::kInternal, "An unexpected fault in the native engine."};
  }
}

}  // namespace livedream::node

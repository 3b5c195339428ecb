#include "node/traces.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace livedream::node {

namespace {

using tensorflow::TracedOperation;

// Nanoseconds since 1970 are more than a number of JavaScript can hold.
double millisecondsFrom(std::int64_t origin, std::int64_t time) noexcept {
  constexpr double kNanoseconds = 1e6;
  return static_cast<double>(time - origin) / kNanoseconds;
}

Napi::Array writeOperations(Napi::Env env, const std::vector<TracedOperation>& operations, std::int64_t origin) {
  Napi::Array list = Napi::Array::New(env, operations.size());
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const TracedOperation& operation = operations[i];
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", operation.name);
    object.Set("operation", operation.operation);
    object.Set("device", operation.device);
    object.Set("begin", millisecondsFrom(origin, operation.begin));
    object.Set("end", millisecondsFrom(origin, operation.end));
    list.Set(static_cast<std::uint32_t>(i), object);
  }
  return list;
}

}  // namespace

Napi::Value writeTraces(Napi::Env env, const std::vector<ProgramTrace>& traces) {
  std::int64_t origin = std::numeric_limits<std::int64_t>::max();
  for (const ProgramTrace& trace : traces) {
    if (!trace.operations.empty()) origin = std::min(origin, trace.operations.front().begin);
  }
  Napi::Array list = Napi::Array::New(env, traces.size());
  for (std::size_t i = 0; i < traces.size(); ++i) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("program", traces[i].program);
    object.Set("octave", Napi::Number::New(env, static_cast<double>(traces[i].octave)));
    object.Set("iteration", Napi::Number::New(env, traces[i].iteration));
    object.Set("operations", writeOperations(env, traces[i].operations, origin));
    list.Set(static_cast<std::uint32_t>(i), object);
  }
  return list;
}

}  // namespace livedream::node

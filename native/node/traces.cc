#include "node/traces.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "node/list.h"

namespace livedream::node {

namespace {

using tensorflow::TracedOperation;

// Nanoseconds since 1970 are more than a number of JavaScript can hold.
double millisecondsFrom(std::int64_t origin, std::int64_t time) noexcept {
  constexpr double kNanoseconds = 1e6;
  return static_cast<double>(time - origin) / kNanoseconds;
}

Napi::Object writeOperation(Napi::Env env, const TracedOperation& operation, std::int64_t origin) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", operation.name);
  object.Set("operation", operation.operation);
  object.Set("device", operation.device);
  object.Set("begin", millisecondsFrom(origin, operation.begin));
  object.Set("end", millisecondsFrom(origin, operation.end));
  return object;
}

}  // namespace

Napi::Value writeTraces(Napi::Env env, const std::vector<ProgramTrace>& traces) {
  std::int64_t origin = std::numeric_limits<std::int64_t>::max();
  for (const ProgramTrace& trace : traces) {
    if (!trace.operations.empty()) origin = std::min(origin, trace.operations.front().begin);
  }
  const auto operation = [&](const TracedOperation& each) { return writeOperation(env, each, origin); };
  return writeList(env, traces, [&](const ProgramTrace& trace) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("program", trace.program);
    object.Set("octave", Napi::Number::New(env, static_cast<double>(trace.octave)));
    object.Set("iteration", Napi::Number::New(env, trace.iteration));
    object.Set("operations", writeList(env, trace.operations, operation));
    return object;
  });
}

}  // namespace livedream::node

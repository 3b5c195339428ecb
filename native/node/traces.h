#pragma once

#include <napi.h>

#include <vector>

#include "dream/tracer.h"

namespace livedream::node {

// As lib/binding/native.ts describes it.
Napi::Value writeTraces(Napi::Env env, const std::vector<ProgramTrace>& traces);

}  // namespace livedream::node

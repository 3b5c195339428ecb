#pragma once

#include <napi.h>

#include <vector>

#include "dream/kernel_check.h"

namespace livedream::node {

// As lib/binding/native.ts describes it.
Napi::Value writeKernels(Napi::Env env, const std::vector<KernelFinding>& findings);

}  // namespace livedream::node

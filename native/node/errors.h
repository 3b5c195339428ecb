#pragma once

#include <napi.h>

#include "error.h"

namespace livedream::node {

// A JavaScript Error with `code`, and where they apply `detail`, `octave` and `iteration`.
Napi::Error toJavaScript(Napi::Env env, const Error& error);

// What the exception in flight is to us; call it in a catch block. Out of memory gets its code, the rest is internal.
Error currentError() noexcept;

}  // namespace livedream::node

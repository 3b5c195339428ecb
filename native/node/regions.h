#pragma once

#include <napi.h>

#include "dream/plan.h"

namespace livedream::node {

// The masks of terms, of the plan's last octave; throws a TypeError where the plan's terms, mask or batches contradict
// them. All else of the plan has been read.
void readRegions(const Napi::Array& regions, Plan& plan);

}  // namespace livedream::node

#pragma once

#include <cstdint>
#include <string>

#include "cancellation.h"
#include "dream/network.h"

namespace livedream {

// The floating-point operations of one gradient of a layer by a picture of this size: of convolutions and products of
// matrices, forward and back, as the graph says them, whatever rewrites save. All else is small beside them. Throws
// ERR_LIVEDREAM_LAYER_UNKNOWN, _MODEL_UNREADABLE or _ABORTED.
double countOperations(const Network& network, const std::string& layer, std::int64_t height, std::int64_t width,
                       const Cancellation& cancellation);

}  // namespace livedream

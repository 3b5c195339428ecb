#include "dream/response.h"

#include "dream/attributes.h"

namespace livedream {

Response responseOf(const NetworkNode& node) {
  constexpr std::int64_t kRadius = 5;
  constexpr float kBeta = 0.5F;
  return {integerOf(attribute(node, "depth_radius"), kRadius), floatOf(attribute(node, "bias"), 1),
          floatOf(attribute(node, "alpha"), 1), floatOf(attribute(node, "beta"), kBeta)};
}

}  // namespace livedream

#include "node/regions.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "node/fields.h"
#include "node/pixels.h"

namespace livedream::node {

void readRegions(const Napi::Array& regions, Plan& plan) {
  const Octave& size = plan.octaves.back();
  for (std::uint32_t i = 0; i < regions.Length(); ++i) {
    const auto pixels = static_cast<std::size_t>(size.height * size.width);
    plan.regions.push_back(std::make_shared<const std::vector<std::uint8_t>>(readBytes(regions.Get(i), pixels)));
  }
  const auto one_batch = [](const Octave& octave) { return octave.batches() == 1; };
  const auto known = [&](const Term& term) { return term.region < static_cast<int>(plan.regions.size()); };
  const bool terms = std::all_of(plan.objectives.begin(), plan.objectives.end(), [&](const Objective& objective) {
    return std::all_of(objective.begin(), objective.end(), known);
  });
  if (!terms || !plan.mask || !std::all_of(plan.octaves.begin(), plan.octaves.end(), one_batch)) {
    fail(regions.Env(), "regions", "of terms, with a mask, in one batch");
  }
}

}  // namespace livedream::node

#pragma once

#include <array>
#include <cstdint>

namespace livedream {

// The random shift of one iteration, rows then columns, each in [0, size). Counter-based: it depends on its arguments
// alone, so the same seed gives the same dream whatever ran before. Philox4x32-10, Salmon et al., "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011.
std::array<std::int32_t, 2> jitterShift(std::uint64_t seed, std::uint32_t octave, std::uint32_t iteration,
                                        std::int64_t height, std::int64_t width) noexcept;

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) noexcept;

}  // namespace livedream

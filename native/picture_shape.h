#pragma once

#include <cstddef>
#include <cstdint>

namespace livedream {

// A batch of pictures is [pictures, height, width, colours].
inline constexpr std::size_t kPictureRank = 4;
// Red, green, blue.
inline constexpr std::int64_t kColours = 3;

}  // namespace livedream

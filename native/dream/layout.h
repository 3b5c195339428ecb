#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dream/network.h"
#include "picture_shape.h"
#include "tensorflow/tensor.h"

namespace livedream {

// TensorFlow's two layouts of a batch of pictures, as permutations for Transpose that lead from one to the other:
// channels last is [batch, height, width, channels] (NHWC), channels first [batch, channels, height, width] (NCHW).
using Permutation = std::array<std::int64_t, kPictureRank>;
constexpr Permutation kToChannelsFirst{0, 3, 1, 2};
constexpr Permutation kToChannelsLast{0, 2, 3, 1};

// The shape that a placeholder declares; nothing where it declares none.
std::optional<tensorflow::Shape> declaredShape(const NetworkNode& placeholder);

// Whether the network takes its picture channels first. The declared shape of the input tells it, by where the 3 is;
// where that says nothing, the first node that the picture reaches and that is made for one layout.
bool channelsFirst(const std::vector<NetworkNode>& nodes, std::size_t input,
                   const std::optional<tensorflow::Shape>& declared);

// Whether some part of a network, besides its picture, may be channels first.
bool hasChannelsFirstPart(const std::vector<NetworkNode>& nodes);

// A list with an entry, or several, for each of four axes, in the order of the other layout.
std::vector<std::int64_t> permute(const std::vector<std::int64_t>& list, const Permutation& permutation);

// The same of a mask with a bit for each axis; those of axes beyond the `named` are set.
std::int64_t permuteMask(std::int64_t mask, std::size_t named);

// Where axes of channels first stand channels last; false where there is no such axis.
bool moveAxes(std::vector<std::int64_t>& axes);

// Whether the axes that a reduction leaves stand in the same order in both layouts; `axes` are channels last.
bool leavesOrder(const std::vector<std::int64_t>& axes);

}  // namespace livedream

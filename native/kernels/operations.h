#pragma once

namespace livedream::kernels {

// TensorFlow's names of our operations. All take and give float32 or bfloat16, where nothing else
// is said, and compute in float32; the last axis of
// [batch, height, width, channels] lies together.

// x -> y; depth_radius, bias, alpha, beta as LRN has them: local_response.h.
constexpr const char* kResponse = "LivedreamResponse";
// gradient, x -> gradient by x; the same, and masked.
constexpr const char* kResponseGradient = "LivedreamResponseGradient";
// x -> y, choices (uint8, which of a window's values it is); input, output, window, stride and before for rows and
// columns, and masked: max_pool.h. y's shape has to be told by an EnsureShape.
constexpr const char* kMaxPool = "LivedreamMaxPool";
// gradient, choices, x -> gradient by x; the same.
constexpr const char* kMaxPoolGradient = "LivedreamMaxPoolGradient";
// Gradients of one shape, then an activation that is their channels from `offset` on -> the sum of the gradients there,
// masked where the activation is not positive: masked_sum.h.
constexpr const char* kMaskedSum = "LivedreamMaskedSum";

// x, filter, at most one bias -> a convolution of stride 1, in float32; input, output and before for rows and columns,
// and relu: winograd.h. The filter never changes. y's shape has to be told by an EnsureShape.
constexpr const char* kWinograd = "LivedreamWinograd";
// gradient, filter, x -> gradient by x; the same sizes, of this convolution's own input, which is the gradient, and
// masked.
constexpr const char* kWinogradGradient = "LivedreamWinogradGradient";

// Of frames of a stream, in float32, as addCarry() and addSettle() of dream/coherence.h compute the same.
// picture, change, tracking -> start, carried; scale: carry.h.
constexpr const char* kCarry = "LivedreamCarry";
// picture, carried, start, dreamed, blend, most, mean, held, usual -> result, change, statistics: settle.h.
constexpr const char* kSettle = "LivedreamSettle";

void registerResponse();
void registerMaxPool();
void registerMaskedSum();
void registerWinograd();
void registerStream();

// All of them, once in a process; the library must be open. Any thread.
void registerOperations();

}  // namespace livedream::kernels

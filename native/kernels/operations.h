#pragma once

namespace livedream::kernels {

// TensorFlow's names of our operations. All take and give float32 or bfloat16 and compute in float32; the last axis of
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

void registerResponse();
void registerMaxPool();
void registerMaskedSum();

// All of them, once in a process; the library must be open. Any thread.
void registerOperations();

}  // namespace livedream::kernels

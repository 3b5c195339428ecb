#pragma once

#include <cstddef>
#include <vector>

#include "kernels/lanes.h"
#include "kernels/range.h"
#include "kernels/scratch.h"

namespace livedream::kernels {

// Numbers as a tensor stores them, read and written as floats: in place where they are floats, else by way of a buffer.
// One thread at a time.
template <typename T>
class Reader;
template <typename T>
class Writer;

template <>
class Reader<float> {
 public:
  explicit Reader(std::size_t /*most*/) noexcept {}
  const float* read(const float* from, std::size_t /*count*/) noexcept { return from; }
};

template <>
class Reader<BFloat16> {
 public:
  explicit Reader(std::size_t most) : buffer_(most) {}
  const float* read(const BFloat16* from, std::size_t count) noexcept {
    widen(from, buffer_.data(), count);
    return buffer_.data();
  }

 private:
  Scratch buffer_;
};

template <>
class Writer<float> {
 public:
  explicit Writer(std::size_t /*most*/) noexcept {}
  // Where to put what write() stores.
  float* room(float* to) noexcept { return to; }
  void write(float* /*to*/, std::size_t /*count*/) noexcept {}
};

template <>
class Writer<BFloat16> {
 public:
  explicit Writer(std::size_t most) : buffer_(most) {}
  float* room(BFloat16* /*to*/) noexcept { return buffer_.data(); }
  void write(BFloat16* to, std::size_t count) noexcept { narrow(buffer_.data(), to, count); }

 private:
  Scratch buffer_;
};

}  // namespace livedream::kernels

#pragma once

#include <cstddef>
#include <vector>

namespace livedream::flow {

// A picture of one float a pixel, in row order, with a border that may be read: what reaches over an edge finds the
// edge's own value there, once replicateEdges() was called. Not shared between threads but for reading, or rows apart.
class Plane {
 public:
  // How far over the edge may be read.
  static constexpr std::ptrdiff_t kBorder = 16;

  Plane() = default;
  Plane(std::size_t height, std::size_t width)
      : height_(height), width_(width), values_((height + 2 * kBorder) * (width + 2 * kBorder)) {}

  std::size_t height() const noexcept { return height_; }
  std::size_t width() const noexcept { return width_; }
  std::ptrdiff_t stride() const noexcept { return static_cast<std::ptrdiff_t>(width_) + 2 * kBorder; }

  // The row's first pixel; -kBorder to height + kBorder - 1.
  float* row(std::ptrdiff_t y) noexcept { return values_.data() + (y + kBorder) * stride() + kBorder; }
  const float* row(std::ptrdiff_t y) const noexcept { return values_.data() + (y + kBorder) * stride() + kBorder; }

  void replicateEdges() noexcept;

 private:
  std::size_t height_ = 0;
  std::size_t width_ = 0;
  std::vector<float> values_;
};

// A motion: how far right and how far down, in pixels, for each pixel.
struct Field {
  Field() = default;
  Field(std::size_t height, std::size_t width) : u(height, width), v(height, width) {}

  std::size_t height() const noexcept { return u.height(); }
  std::size_t width() const noexcept { return u.width(); }

  Plane u;
  Plane v;
};

// To `factor` times the size, bilinear, half-pixel centres; of an odd side the last pixels are left out.
void enlarge(const Plane& from, float factor, Plane& to);

}  // namespace livedream::flow

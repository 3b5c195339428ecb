#include "dream/symmetric_matrix.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace livedream {

namespace {

constexpr std::size_t kSide = 3;
// Each sweep squares what is left beside the diagonal; so many leave nothing of it in a double.
constexpr int kSweeps = 12;

struct Eigen {
  std::array<double, kSide> values;
  Matrix3 vectors;  // by columns
};

// One of Jacobi's rotations, which makes a[p][q] zero.
void rotate(Matrix3& a, Matrix3& vectors, std::size_t p, std::size_t q) noexcept {
  if (a[p][q] == 0) return;
  const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const double t = std::copysign(1, theta) / (std::abs(theta) + std::sqrt(theta * theta + 1));
  const double c = 1 / std::sqrt(t * t + 1);
  const double s = t * c;
  for (std::size_t k = 0; k < kSide; ++k) {
    const double kp = a[k][p];
    const double kq = a[k][q];
    a[k][p] = c * kp - s * kq;
    a[k][q] = s * kp + c * kq;
  }
  for (std::size_t k = 0; k < kSide; ++k) {
    const double pk = a[p][k];
    const double qk = a[q][k];
    a[p][k] = c * pk - s * qk;
    a[q][k] = s * pk + c * qk;
    const double vp = vectors[k][p];
    const double vq = vectors[k][q];
    vectors[k][p] = c * vp - s * vq;
    vectors[k][q] = s * vp + c * vq;
  }
}

Eigen eigenOf(Matrix3 a) noexcept {
  Matrix3 vectors{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (const auto& [p, q] : {std::pair<std::size_t, std::size_t>{0, 1}, {0, 2}, {1, 2}}) rotate(a, vectors, p, q);
  }
  return {{a[0][0], a[1][1], a[2][2]}, vectors};
}

template <typename Of>
Matrix3 withValues(const Matrix3& a, Of of) noexcept {
  const Eigen eigen = eigenOf(a);
  Matrix3 result{};
  for (std::size_t i = 0; i < kSide; ++i) {
    for (std::size_t j = 0; j < kSide; ++j) {
      for (std::size_t k = 0; k < kSide; ++k) {
        result[i][j] += eigen.vectors[i][k] * of(eigen.values[k]) * eigen.vectors[j][k];
      }
    }
  }
  return result;
}

}  // namespace

Matrix3 product(const Matrix3& a, const Matrix3& b) noexcept {
  Matrix3 result{};
  for (std::size_t i = 0; i < kSide; ++i) {
    for (std::size_t j = 0; j < kSide; ++j) {
      for (std::size_t k = 0; k < kSide; ++k) result[i][j] += a[i][k] * b[k][j];
    }
  }
  return result;
}

Matrix3 squareRoot(const Matrix3& a) noexcept {
  return withValues(a, [](double value) { return std::sqrt(std::max(value, 0.0)); });
}

Matrix3 inverseSquareRoot(const Matrix3& a) noexcept {
  return withValues(a, [](double value) { return 1 / std::sqrt(value); });
}

}  // namespace livedream

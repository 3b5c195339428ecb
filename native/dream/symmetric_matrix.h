#pragma once

#include <array>

namespace livedream {

// Three by three, by rows.
using Matrix3 = std::array<std::array<double, 3>, 3>;

Matrix3 product(const Matrix3& a, const Matrix3& b) noexcept;

// Of a symmetric matrix without negative eigenvalues: the symmetric one whose square it is. Jacobi's rotations.
Matrix3 squareRoot(const Matrix3& a) noexcept;
// The inverse of that, of one whose eigenvalues are all above 0.
Matrix3 inverseSquareRoot(const Matrix3& a) noexcept;

}  // namespace livedream

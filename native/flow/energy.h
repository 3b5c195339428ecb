#pragma once

#include <array>
#include <cstddef>

#include "flow/brightness_pyramid.h"
#include "flow/plane.h"

namespace livedream::flow {

// The energy that a motion is refined by (refinement.h), as linear equations around the motion that it starts from.

// What the energy is linear in around the motion that the refinement starts from.
struct Slopes {
  explicit Slopes(const Plane& like)
      : moved(like.height(), like.width()),
        change(like.height(), like.width()),
        right(like.height(), like.width()),
        down(like.height(), like.width()),
        change_right(like.height(), like.width()),
        change_down(like.height(), like.width()),
        right_right(like.height(), like.width()),
        right_down(like.height(), like.width()),
        down_down(like.height(), like.width()) {}

  Plane moved;   // there, where here moves to
  Plane change;  // there less here
  Plane right;
  Plane down;
  Plane change_right;
  Plane change_down;
  Plane right_right;
  Plane right_down;
  Plane down_down;
};

// a_u * u + a_both * v + (smoothness of u) = b_u, and the same for v.
struct Equations {
  explicit Equations(const Plane& like)
      : a_u(like.height(), like.width()),
        a_both(like.height(), like.width()),
        a_v(like.height(), like.width()),
        b_u(like.height(), like.width()),
        b_v(like.height(), like.width()),
        steady(like.height(), like.width()),
        held_right(like.height(), like.width()),
        held_down(like.height(), like.width()),
        inverse_u(like.height(), like.width()),
        inverse_v(like.height(), like.width()) {}

  Plane a_u;
  Plane a_both;
  Plane a_v;
  Plane b_u;
  Plane b_v;
  Plane steady;      // how smooth the motion is to be here
  Plane held_right;  // how much a pixel is held to the next one, 0 beyond the edges
  Plane held_down;   // and to that below
  Plane inverse_u;   // of all that u is multiplied by
  Plane inverse_v;
};

// What is around a row's pixels: to the left, to the right, above and below.
using Around = std::array<const float*, 4>;

// How much each pixel of a row is held to those around it.
Around heldAround(const Equations& equations, std::ptrdiff_t y) noexcept;

// Both in so many parts side by side; the parts do not change the result. `motion` has its edges replicated.
void slopesOf(const BrightnessLevel& here, const BrightnessLevel& there, const Field& motion, std::size_t parts,
              Slopes& slopes);
void equationsOf(const Slopes& slopes, const Field& start, const Field& motion, std::size_t parts,
                 Equations& equations);

}  // namespace livedream::flow

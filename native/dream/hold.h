#pragma once

#include <optional>
#include <vector>

#include "dream/frame.h"
#include "dream/place.h"
#include "dream/plan.h"

namespace livedream {

// What a dream is held to, at the size of an octave; null where nothing asks for it.
struct Hold {
  Frame source;
  Frame mask;     // [1, height, width, 1], 0..1
  Frame regions;  // of each region, [1, height, width, regions]
};

// Whether a dream looks back at its source, while it is climbed or when it is finished.
bool looksBack(const Plan& plan) noexcept;

// Of every octave. `source`, of the last octave's size, is what the dream is of, which a stream's does not begin with.
std::vector<Hold> holdsOf(const Place& place, const Plan& plan, const Frame& source);
// Of the last octave alone.
Hold heldTo(const Place& place, const Plan& plan, const Frame& source);
// Of one octave of a dream of nothing, for what compiles its programs.
Hold plainHold(const Place& place, const Plan& plan, const Octave& octave);

// What an octave begins with: the source, where nothing is dreamed.
Frame heldOutside(const Place& place, const Frame& frame, const Hold& hold);

// A climbed picture of any octave with its colours, its blend and its limit: finishPicture. Nothing where nothing of
// that is asked for, and the picture is finished as it is.
std::optional<Frame> finished(const Place& place, const Plan& plan, const Frame& frame, const Hold& hold);

}  // namespace livedream

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dream/precision.h"
#include "dream/rewrites.h"

namespace livedream {

struct ChannelWeight {
  std::int64_t channel = 0;
  float weight = 1;
};

// What a layer answers to a guide picture: Ascent::features.
struct GuideFeatures {
  std::string key;  // the same for the same guide: plans of several pictures are compared by it
  std::int64_t rows = 0;
  std::vector<float> values;  // [rows, channels of the layer]
};

// One summand of what is climbed.
struct Term {
  enum class Kind {
    kChannels,         // the mean of the weighted channels
    kLayer,            // the mean of the squares of all
    kEvenPositions,    // the mean over positions of the root mean square of each: no spot outshines the others
    kEvenChannels,     // the mean over channels of that of each
    kGuideDot,         // the mean over positions of the largest product with a position of the guide
    kGuideStatistics,  // how near the products of channels are to the guide's: guide_seed.h
  };

  std::string layer;
  Kind kind = Kind::kChannels;
  float weight = 1;
  std::vector<ChannelWeight> channels;
  // Whether its push is brought to a strength that its weight alone decides: balance.h.
  bool balanced = false;
  std::shared_ptr<const GuideFeatures> guide;  // of the last two kinds
  int region = -1;                             // where it is climbed, of the plan's; everywhere

  bool guided() const noexcept { return kind == Kind::kGuideDot || kind == Kind::kGuideStatistics; }
};

// The sum of its terms, of which there is at least one; they may be on several layers.
using Objective = std::vector<Term>;

// Who goes from step to step within an octave.
enum class Loop {
  kNative,    // livedream, a program a step
  kCompiled,  // the program, which XLA compiled
};

// How programs are built and run; part of the key of each.
struct Mode {
  // Must-compile by XLA, or TensorFlow's ordinary kernels.
  bool xla = false;
  // That of the engine, whose weights are of this type.
  Precision precision = Precision::kFloat32;
  Rewrites rewrites;
  Loop loop = Loop::kNative;
};

// One octave's picture and the equal tiles it is cut in: rows * tile_height >= height, what reaches over wraps round
// and is dropped from the gradient. One tile of the picture's own size where it is no larger than a tile.
struct Octave {
  // Of one size, dreamed side by side, as one batch; more than one only where each is one tile.
  std::int64_t pictures = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  std::int64_t tile_height = 0;
  std::int64_t tile_width = 0;
  // Tiles that one gradient program takes; divides tiles(), and is all of them where there are several pictures.
  std::int64_t batch = 1;
  // Of one tile: how much of the picture's other side the network sees beyond each edge, so that it wraps; of the
  // gradient there nothing is kept. The tile is larger by twice as much.
  std::int64_t margin = 0;

  std::int64_t tiles() const noexcept { return pictures * rows * columns; }
  std::int64_t batches() const noexcept { return tiles() / batch; }
};

// What becomes of the gradient before it moves the picture: gradient_normalization.h.
enum class Normalize { kNone, kLaplacian, kSmooth };

// What becomes of the colours of a finished dream: colours.h.
enum class KeepColour { kNone, kLuminance, kPalette };

// How a gradient moves the picture; part of the key of the programs that do. How far, how strongly and where are
// inputs of theirs.
struct Update {
  Normalize normalize = Normalize::kNone;
  // Of kSmooth: how far the smoothing reaches, in pixels.
  std::int64_t radius = 0;
  bool chroma = false;  // colours move more or less than brightness does
  bool keep_range = false;
  bool limit = false;            // pixels go so far from the source at most
  bool mask = false;             // the step has a strength in every place
  bool total_variation = false;  // with the picture's own gradients: picture_terms.h
  bool l2 = false;
  bool wraps = false;    // beyond an edge comes the one across
  bool regions = false;  // a gradient's mean is that of where there is a mask

  bool needsSource() const noexcept { return limit || l2; }
};

// The limit that is none.
constexpr float kUnlimited = 255;

// The options of a dream that reach the engine as they are: type, name here, name in JavaScript. The members below and
// the reader in native/node come from it; in lib/ they are the options of DREAM_OPTIONS that say `engine: true`.
#define LIVEDREAM_PLAN_OPTIONS(F)               \
  F(std::vector<int>, iterations, "iterations") \
  F(std::vector<float>, step, "step")           \
  F(bool, jitter, "jitter")                     \
  F(std::uint64_t, seed, "seed")                \
  F(Normalize, normalize, "normalize")          \
  F(float, sigma, "sigma")                      \
  F(float, chroma, "chroma")                    \
  F(bool, keep_range, "keepRange")              \
  F(float, limit, "limit")                      \
  F(KeepColour, keep_colour, "keepColour")      \
  F(float, blend, "blend")                      \
  F(float, total_variation, "totalVariation")   \
  F(float, l2, "l2")                            \
  F(bool, tileable, "tileable")

// A dream, checked and complete (lib/plan makes it): the engine adds nothing to it.
// `iterations` and `step` have a value for each octave.
struct Plan {
  std::vector<Objective> objectives;  // one for each picture; they differ in channels and weights alone
  std::vector<Octave> octaves;        // smallest first
#define LIVEDREAM_MEMBER(type, name, javascript) type name{};
  LIVEDREAM_PLAN_OPTIONS(LIVEDREAM_MEMBER)
#undef LIVEDREAM_MEMBER
  // Where to dream and how strongly, 0..255, of the last octave's size and for all pictures; null is everywhere.
  std::shared_ptr<const std::vector<std::uint8_t>> mask;
  // The same of terms that are climbed in a place of their own; then there is a mask, which is all of them together,
  // and each octave is one batch.
  std::vector<std::shared_ptr<const std::vector<std::uint8_t>>> regions;
  Mode mode;
  // Whether there are memory and cores for a step of one octave beside one of the next: see Prefetch.
  bool prefetch = false;
  enum class Output {
    kBytes,   // on the host, clipped and rounded
    kFloats,  // on the host, neither
    kFrame,   // kept on the device, neither
  };
  Output output = Output::kBytes;

  const Objective& objective() const noexcept { return objectives.front(); }
};

}  // namespace livedream

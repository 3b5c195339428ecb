#include "node/from_javascript.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "node/fields.h"
#include "node/frame_object.h"
#include "node/regions.h"
#include "picture_shape.h"

namespace livedream::node {

namespace {

Term::Kind readKind(const Napi::Object& object) {
  const std::string name = text(object, "kind");
  if (name == "channels") return Term::Kind::kChannels;
  if (name == "layer") return Term::Kind::kLayer;
  if (name == "evenPositions") return Term::Kind::kEvenPositions;
  if (name == "evenChannels") return Term::Kind::kEvenChannels;
  if (name == "guideDot") return Term::Kind::kGuideDot;
  if (name == "guideStatistics") return Term::Kind::kGuideStatistics;
  fail(object.Env(), "kind", "the name of a kind of term");
}

std::shared_ptr<const GuideFeatures> readGuide(const Napi::Object& object) {
  auto guide = std::make_shared<GuideFeatures>();
  guide->key = text(object, "key");
  guide->rows = count(object, "rows");
  const Napi::Value values = object.Get("values");
  const auto floats = values.IsTypedArray() && values.As<Napi::TypedArray>().TypedArrayType() == napi_float32_array;
  if (!floats) fail(object.Env(), "values", "floats");
  const auto given = values.As<Napi::Float32Array>();
  guide->values.assign(given.Data(), given.Data() + given.ElementLength());
  return guide;
}

Term readTerm(const Napi::Object& object) {
  Term term;
  term.layer = text(object, "layer");
  term.kind = readKind(object);
  term.weight = static_cast<float>(number(object, "weight"));
  if (has(object, "region")) term.region = static_cast<int>(count(object, "region", 0));
  const Napi::Array channels = list(object, "channels");
  for (std::uint32_t i = 0; i < channels.Length(); ++i) {
    const Napi::Object chosen = element(channels, i);
    term.channels.push_back({count(chosen, "channel", 0), static_cast<float>(number(chosen, "weight"))});
  }
  term.balanced = has(object, "balanced") && flag(object, "balanced");
  if (has(object, "guide")) term.guide = readGuide(member(object, "guide"));
  return term;
}

bool sameGuide(const Term& a, const Term& b) {
  if (!a.guide || !b.guide) return a.guide == b.guide;
  return a.guide->key == b.guide->key && a.guide->rows == b.guide->rows;
}

// Whether one program and one guide serve both: channels and weights are its arguments, for each picture.
bool sameTerms(const Objective& a, const Objective& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Term& x, const Term& y) {
    return x.layer == y.layer && x.kind == y.kind && x.balanced == y.balanced && sameGuide(x, y);
  });
}

Objective readObjective(const Napi::Array& terms) {
  if (terms.Length() == 0) fail(terms.Env(), "objective", "at least one term");
  Objective objective;
  for (std::uint32_t i = 0; i < terms.Length(); ++i) objective.push_back(readTerm(element(terms, i)));
  return objective;
}

Precision readPrecision(const Napi::Object& object) {
  const std::string name = text(object, "precision");
  if (name == "float32") return Precision::kFloat32;
  if (name == "bfloat16") return Precision::kBFloat16;
  if (name == "float16") return Precision::kFloat16;
  fail(object.Env(), "precision", "'float32', 'bfloat16' or 'float16'");
}

Rewrite readRewrite(const Napi::Value& value) {
  const std::string name = value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
#define LIVEDREAM_READ(rewrite, javascript) \
  if (name == (javascript)) return Rewrite::rewrite;
  LIVEDREAM_REWRITES(LIVEDREAM_READ)
#undef LIVEDREAM_READ
  fail(value.Env(), "rewrites", "names of rewrites");
}

Loop readLoop(const Napi::Object& mode) {
  if (!has(mode, "loop")) return Loop::kNative;
  const std::string loop = text(mode, "loop");
  if (loop == "native") return Loop::kNative;
  if (loop == "compiled") return Loop::kCompiled;
  fail(mode.Env(), "loop", "'native' or 'compiled'");
}

Mode readMode(const Napi::Object& object) {
  Mode mode;
  mode.xla = flag(object, "xla");
  mode.precision = readPrecision(object);
  const Napi::Array names = list(object, "rewrites");
  for (std::uint32_t i = 0; i < names.Length(); ++i) mode.rewrites.add(readRewrite(names.Get(i)));
  mode.loop = readLoop(object);
  return mode;
}

Octave readOctave(const Napi::Object& object) {
  Octave octave;
  octave.pictures = count(object, "pictures");
  octave.height = count(object, "height");
  octave.width = count(object, "width");
  octave.rows = count(object, "rows");
  octave.columns = count(object, "columns");
  octave.tile_height = count(object, "tileHeight");
  octave.tile_width = count(object, "tileWidth");
  octave.batch = count(object, "batch");
  if (has(object, "margin")) octave.margin = count(object, "margin", 0);
  const std::int64_t over_rows = octave.rows * octave.tile_height - octave.height;
  const std::int64_t over_columns = octave.columns * octave.tile_width - octave.width;
  if (over_rows < 0 || over_rows > octave.height || over_columns < 0 || over_columns > octave.width ||
      octave.tiles() % octave.batch != 0 || (octave.pictures > 1 && octave.batch != octave.pictures)) {
    fail(object.Env(), "octaves", "cut in tiles that cover them");
  }
  if (octave.margin > 0 &&
      (octave.rows != 1 || octave.columns != 1 || over_rows != 2 * octave.margin || over_columns != over_rows)) {
    fail(object.Env(), "margin", "of one tile, around the picture");
  }
  return octave;
}

// One reader a type of option.
void readOption(const Napi::Object& object, const char* field, std::vector<int>& values) {
  for (const double value : numbers(object, field)) {
    if (value < 0 || value > kMostCount || value != std::floor(value)) fail(object.Env(), field, "whole numbers");
    values.push_back(static_cast<int>(value));
  }
}
void readOption(const Napi::Object& object, const char* field, std::vector<float>& values) {
  for (const double value : numbers(object, field)) values.push_back(static_cast<float>(value));
}
void readOption(const Napi::Object& object, const char* field, float& value) {
  value = static_cast<float>(number(object, field));
}
void readOption(const Napi::Object& object, const char* field, bool& value) { value = flag(object, field); }
void readOption(const Napi::Object& object, const char* field, Normalize& value) {
  const std::string name = text(object, field);
  if (name == "none") {
    value = Normalize::kNone;
  } else if (name == "laplacian") {
    value = Normalize::kLaplacian;
  } else if (name == "smooth") {
    value = Normalize::kSmooth;
  } else {
    fail(object.Env(), field, "'none', 'laplacian' or 'smooth'");
  }
}
void readOption(const Napi::Object& object, const char* field, KeepColour& value) {
  const std::string name = text(object, field);
  if (name == "none") {
    value = KeepColour::kNone;
  } else if (name == "luminance") {
    value = KeepColour::kLuminance;
  } else if (name == "palette") {
    value = KeepColour::kPalette;
  } else {
    fail(object.Env(), field, "'none', 'luminance' or 'palette'");
  }
}
void readOption(const Napi::Object& object, const char* field, std::uint64_t& value) {
  const Napi::Value given = object.Get(field);
  if (!given.IsBigInt()) fail(object.Env(), field, "a bigint");
  bool lossless = false;
  value = given.As<Napi::BigInt>().Uint64Value(&lossless);
}

}  // namespace

Settings readSettings(const Napi::Object& object) {
  Settings settings;
  settings.engine.device = text(object, "device");
  settings.engine.program_cache_bytes = static_cast<std::size_t>(number(object, "programCacheBytes"));
  settings.engine.precision = readPrecision(object);
  settings.engine.threads = static_cast<int>(count(object, "threads", 0));
  if (has(object, "gpuMemoryFraction")) settings.engine.gpu_memory_fraction = number(object, "gpuMemoryFraction");
  settings.queue_limit = static_cast<std::size_t>(count(object, "queueLimit"));
  return settings;
}

ModelSpec readModel(const Napi::Object& object) {
  ModelSpec model;
  if (has(object, "checkpoint")) model.checkpoint = text(object, "checkpoint");
  if (has(object, "signature")) model.signature = text(object, "signature");
  if (has(object, "input")) model.input = text(object, "input");
  model.bgr = text(object, "channelOrder") == "bgr";
  if (has(object, "scale")) model.scale = static_cast<float>(number(object, "scale"));
  if (has(object, "mean")) {
    const std::vector<double> mean = numbers(object, "mean");
    if (mean.size() != kColours) fail(object.Env(), "mean", "three numbers");
    model.mean.emplace();
    std::transform(mean.begin(), mean.end(), model.mean->begin(), [](double each) { return static_cast<float>(each); });
  }
  const Napi::Array feeds = has(object, "feeds") ? list(object, "feeds") : Napi::Array::New(object.Env());
  for (std::uint32_t i = 0; i < feeds.Length(); ++i) {
    const Napi::Object feed = element(feeds, i);
    model.feeds.push_back({text(feed, "placeholder"), numbers(feed, "values"), flag(feed, "scalar")});
  }
  const Bytes graph = bytesOf(object.Get("graph"), "graph");
  model.graph.assign(static_cast<const char*>(graph.data), graph.size);
  return model;
}

Plan readPlan(const Napi::Object& object) {
  Plan plan;
  const Napi::Array objectives = list(object, "objectives");
  if (objectives.Length() == 0) fail(object.Env(), "objectives", "at least one");
  for (std::uint32_t i = 0; i < objectives.Length(); ++i) {
    const Napi::Value terms = objectives.Get(i);
    if (!terms.IsArray()) fail(object.Env(), "objectives", "lists of terms");
    plan.objectives.push_back(readObjective(terms.As<Napi::Array>()));
    if (!sameTerms(plan.objective(), plan.objectives.back()))
      fail(object.Env(), "objectives", "of the same layers and guides");
  }
  const Napi::Array octaves = list(object, "octaves");
  if (octaves.Length() == 0) fail(object.Env(), "octaves", "at least one");
  for (std::uint32_t i = 0; i < octaves.Length(); ++i) {
    plan.octaves.push_back(readOctave(element(octaves, i)));
    if (plan.octaves.back().pictures != objectives.Length()) fail(object.Env(), "octaves", "of all pictures");
  }
#define LIVEDREAM_READ(type, name, javascript) readOption(object, javascript, plan.name);
  LIVEDREAM_PLAN_OPTIONS(LIVEDREAM_READ)
#undef LIVEDREAM_READ
  if (plan.iterations.size() != plan.octaves.size() || plan.step.size() != plan.octaves.size()) {
    fail(object.Env(), "iterations", "with step, a value for each octave");
  }
  if (has(object, "mask")) {
    const Octave& size = plan.octaves.back();
    const auto pixels = static_cast<std::size_t>(size.height * size.width);
    plan.mask = std::make_shared<const std::vector<std::uint8_t>>(readBytes(object.Get("mask"), pixels));
  }
  if (has(object, "regions")) readRegions(list(object, "regions"), plan);
  plan.mode = readMode(member(object, "mode"));
  plan.prefetch = has(object, "prefetch") && flag(object, "prefetch");
  plan.output = readOutput(object.Env(), text(object, "output"));
  return plan;
}

Plan::Output readOutput(Napi::Env env, const std::string& name) {
  if (name == "uint8") return Plan::Output::kBytes;
  if (name == "float32") return Plan::Output::kFloats;
  if (name == "frame") return Plan::Output::kFrame;
  fail(env, "output", "'uint8', 'float32' or 'frame'");
}

Picture readPicture(const Napi::Value& value, const Plan& plan) {
  const Octave& size = plan.octaves.back();
  std::shared_ptr<const KeptFrame> frame = FrameObject::find(value);
  if (!frame) return {readPixels(value, size), nullptr};
  if (frame->pictures() != size.pictures || frame->height() != size.height || frame->width() != size.width) {
    fail(value.Env(), "picture", "a frame of the last octave's size");
  }
  return {nullptr, std::move(frame)};
}

}  // namespace livedream::node

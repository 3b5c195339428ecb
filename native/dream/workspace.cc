#include "dream/workspace.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <utility>

namespace livedream {

namespace {

// The least that a context costs: device objects, allocator, function library.
constexpr std::size_t kContextBytes = std::size_t{1} << 20U;

// What an evicted context freed lies scattered over glibc's arenas, which keep it: resident memory went on growing
// through 500 dreams of changing sizes, by 15 % [measured]. Costs a few milliseconds, and only after an eviction.
void returnFreeMemory() noexcept {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace

std::string keyOf(const TaskSpec& spec) {
  const Octave& o = spec.octave;
  std::string key = std::to_string(static_cast<int>(spec.task)) + (spec.mode.xla ? "x" : "o");
  const auto add = [&key](std::initializer_list<std::int64_t> numbers) {
    for (const std::int64_t number : numbers) key += "_" + std::to_string(number);
  };
  add({o.tile_height, o.tile_width, o.batch, o.pictures});
  // The gradient of a batch of tiles does not know what picture they are cut from.
  if (spec.task != Task::kGradient) add({o.height, o.width, o.rows, o.columns});
  if (spec.task == Task::kClimb) add({spec.steps});
  if (spec.task == Task::kCarry || spec.task == Task::kSettle) add({spec.by_kernel ? 1 : 0});
  if (updates(spec.task)) {
    const Update& update = spec.update;
    add({static_cast<std::int64_t>(update.normalize), update.radius, update.keep_range ? 1 : 0});
    // Nothing more of what has none of these: the name of its program is part of what is kept on disk.
    if (update.chroma) key += "_chroma";
    if (update.limit) key += "_limit";
    if (update.mask) key += "_mask";
    if (update.total_variation) key += "_variation";
    if (update.l2) key += "_l2";
    if (update.wraps) key += "_wraps";
    if (update.regions) key += "_regions";
  }
  if (!usesNetwork(spec.task)) return key;
  if (spec.regions > 0) key += "_in" + std::to_string(spec.regions);
  add({static_cast<std::int64_t>(spec.mode.precision), spec.mode.rewrites.bits(),
       static_cast<std::int64_t>(spec.mode.loop)});
  for (const Term& term : spec.objective) {
    add({static_cast<std::int64_t>(term.kind), static_cast<std::int64_t>(term.layer.size())});
    if (term.region >= 0) key += "@" + std::to_string(term.region) + "_";
    key += term.layer;
    // Left out where there is neither, so that what XLA compiled before there were any is found again.
    if (term.balanced) key += "_balanced";
    if (term.guide) add({term.guide->rows});
  }
  return key;
}

Workspace::Workspace(const Network& network, const Weights& weights, const tensorflow::ContextSettings& settings,
                     tensorflow::Device device)
    : network_(network), device_(std::move(device)), context_(settings), weights_(weights.share(context_)) {}

const Program& Workspace::program(const TaskSpec& spec, std::uint64_t& built) {
  const std::string key = keyOf(spec);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = programs_.find(key);
  if (found != programs_.end()) return *found->second;
  // The same in every process, as XLA finds by it what another one compiled; with the device, as GPUs may differ. A
  // hash, as names of layers may hold what functions' names may not.
  const std::string name =
      "livedream_program_" + std::to_string(std::hash<std::string>()(key + " " + device_.shortName()));
  auto program = std::make_unique<Program>(context_, device_, network_, spec, name);
  ++built;
  return *programs_.emplace(key, std::move(program)).first->second;
}

bool Workspace::compiled(const TaskSpec& spec) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = programs_.find(keyOf(spec));
  return found != programs_.end() && found->second->compiled();
}

std::size_t Workspace::programs() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return programs_.size();
}

std::size_t Workspace::bytes() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::size_t bytes = kContextBytes;
  for (const auto& [key, program] : programs_) bytes += program->bytes();
  return bytes;
}

WorkspaceCache::WorkspaceCache(const Network& network, const Weights& weights,
                               const tensorflow::ContextSettings& settings, tensorflow::Device device,
                               std::size_t limit_bytes)
    : network_(network),
      weights_(weights),
      settings_(settings),
      device_(std::move(device)),
      limit_bytes_(limit_bytes) {}

std::shared_ptr<Workspace> WorkspaceCache::forPicture(const Octave& picture) {
  return use("picture " + std::to_string(picture.height) + "x" + std::to_string(picture.width) + "x" +
             std::to_string(picture.pictures));
}

std::shared_ptr<Workspace> WorkspaceCache::forTiles(const Octave& octave) {
  return use("tiles " + std::to_string(octave.tile_height) + "x" + std::to_string(octave.tile_width) + "x" +
             std::to_string(octave.batch));
}

std::shared_ptr<Workspace> WorkspaceCache::use(const std::string& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  if (found != entries_.end()) {
    std::rotate(found, found + 1, entries_.end());
  } else {
    evict();
    entries_.push_back({key, std::make_shared<Workspace>(network_, weights_, settings_, device_)});
  }
  return entries_.back().workspace;
}

void WorkspaceCache::trim() {
  const std::lock_guard<std::mutex> lock(mutex_);
  evict();
}

void WorkspaceCache::evict() {
  const std::uint64_t before = evicted_;
  for (auto entry = entries_.begin();
       entry != entries_.end() && entry + 1 != entries_.end() && heldBytes() > limit_bytes_;) {
    if (entry->workspace.use_count() > 1) {
      ++entry;
      continue;
    }
    evicted_ += entry->workspace->programs();
    entry = entries_.erase(entry);
  }
  if (evicted_ > before) returnFreeMemory();
}

std::size_t WorkspaceCache::heldBytes() const noexcept {
  std::size_t bytes = 0;
  for (const Entry& entry : entries_) bytes += entry.workspace->bytes();
  return bytes;
}

std::size_t WorkspaceCache::bytes() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return heldBytes();
}

std::uint64_t WorkspaceCache::evicted() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return evicted_;
}

std::size_t WorkspaceCache::programs() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::size_t count = 0;
  for (const Entry& entry : entries_) count += entry.workspace->programs();
  return count;
}

std::uint64_t WorkspaceCache::built() const noexcept { return evicted() + programs(); }

}  // namespace livedream

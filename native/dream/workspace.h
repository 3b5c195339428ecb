#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dream/network.h"
#include "dream/place.h"
#include "dream/plan.h"
#include "dream/program.h"
#include "dream/weights.h"
#include "tensorflow/context.h"

namespace livedream {

// What makes one program differ from another in the same workspace; a step, a seed or a channel does not.
std::string keyOf(const TaskSpec& spec);

// Everything compiled for pictures or tiles of one size: an eager context, handles to the weights, and the programs of
// the octaves. TensorFlow frees what XLA compiled only with the context, so this is the unit of eviction. For the
// engine's thread and its Prefetch: TensorFlow's contexts take calls of several threads, as Python's do.
class Workspace {
 public:
  Workspace(const Network& network, const Weights& weights, const tensorflow::ContextSettings& settings,
            tensorflow::Device device);

  const Network& network() const noexcept { return network_; }
  // Of the whole network, in its order.
  const std::vector<tensorflow::EagerHandle>& weights() const noexcept { return weights_; }
  const tensorflow::Context& context() const noexcept { return context_; }
  const tensorflow::Device& device() const noexcept { return device_; }
  Place place() const noexcept { return {context_, device_}; }

  // A few of them, which every call brings along from the host.
  tensorflow::EagerHandle integers(const std::vector<std::int32_t>& values, const tensorflow::Shape& shape) const {
    return context_.onHost(tensorflow::makeTensor(values, shape).get());
  }

  std::int64_t channels(const std::string& layer) const { return network_.channels(layer); }

  // The program, built on first use, which is added to `built`.
  const Program& program(const TaskSpec& spec, std::uint64_t& built);
  // Whether it is there and has been compiled.
  bool compiled(const TaskSpec& spec) const;
  // With the network's weights.
  std::vector<tensorflow::EagerHandle> run(const Program& program, const Bindings& bindings,
                                           Compilations& counted) const {
    return program.run(bindings, weights_, counted);
  }

  std::size_t bytes() const noexcept;
  std::size_t programs() const noexcept;

 private:
  const Network& network_;
  tensorflow::Device device_;
  tensorflow::Context context_;
  std::vector<tensorflow::EagerHandle>
      weights_;               // these and the programs are destroyed before the context they live in
  mutable std::mutex mutex_;  // guards programs_; programs stay where they are
  std::map<std::string, std::unique_ptr<Program>> programs_;
};

// Workspaces by picture size, and by tile size for what is computed of tiles, whatever picture they are cut from. The
// least recently used ones are evicted when their programs' bytes pass the limit; who uses one keeps it for that long.
// For the engine's thread and its Prefetch.
class WorkspaceCache {
 public:
  WorkspaceCache(const Network& network, const Weights& weights, const tensorflow::ContextSettings& settings,
                 tensorflow::Device device, std::size_t limit_bytes);

  // For pictures of this size.
  std::shared_ptr<Workspace> forPicture(const Octave& picture);
  // For batches of this octave's tiles.
  std::shared_ptr<Workspace> forTiles(const Octave& octave);
  // Evicts down to the limit, but never those that are in use, nor the one used last.
  void trim();

  std::size_t bytes() const noexcept;
  std::size_t programs() const noexcept;
  std::uint64_t built() const noexcept;
  std::uint64_t evicted() const noexcept;

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<Workspace> workspace;
  };

  std::shared_ptr<Workspace> use(const std::string& key);
  // With the mutex held.
  void evict();
  std::size_t heldBytes() const noexcept;

  const Network& network_;
  const Weights& weights_;
  tensorflow::ContextSettings settings_;
  tensorflow::Device device_;
  std::size_t limit_bytes_;
  mutable std::mutex mutex_;    // guards what follows
  std::vector<Entry> entries_;  // least recently used first; there are few
  std::uint64_t evicted_ = 0;
};

}  // namespace livedream

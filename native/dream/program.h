#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "dream/network.h"
#include "dream/plan.h"
#include "dream/task_graph.h"
#include "tensorflow/context.h"

namespace livedream {

// Values for a program's inputs, by name; more than it takes do no harm. The handles must outlive it.
class Bindings {
 public:
  Bindings& add(const std::string& name, const tensorflow::EagerHandle& handle) {
    handles_[name] = &handle;
    return *this;
  }
  // Throws an internal error where it is not there.
  const tensorflow::EagerHandle& get(const std::string& name) const;

 private:
  std::map<std::string, const tensorflow::EagerHandle*> handles_;
};

// For errors: "a step of a picture of 400 x 267 pixels on 'mixed4d', compiled by XLA".
std::string describe(const TaskSpec& spec);

// How XLA came by machine code.
struct Compilations {
  std::uint64_t compiled = 0;
  std::uint64_t from_disk = 0;  // what another process compiled, or this one before
  std::uint64_t awaited = 0;    // what another thread was just compiling: Prefetch
  double ran = 0;               // milliseconds of first runs after what they compiled, as far as that can be told
};

// A function of one task for one octave's shape in one mode, living in a context. Owned by a Workspace, run by the
// engine's thread and by its Prefetch: the first run compiles, and whoever else wants to run waits for it. The
// network's weights are arguments: see Workspace.
class Program {
 public:
  Program(tensorflow::Context& context, tensorflow::Device device, const Network& network, const TaskSpec& spec,
          std::string name);

  // `weights` are those of the whole network, in its order. The first run compiles, which is added to `counted`.
  std::vector<tensorflow::EagerHandle> run(const Bindings& bindings,
                                           const std::vector<tensorflow::EagerHandle>& weights,
                                           Compilations& counted) const;

  const std::string& description() const noexcept { return description_; }
  // What keeping it costs, estimated: see program.cc.
  std::size_t bytes() const noexcept { return bytes_; }
  // Whether it ran.
  bool compiled() const noexcept { return compiled_; }

 private:
  // A call with nothing but its mode set.
  tensorflow::Call call() const;
  std::vector<tensorflow::EagerHandle> execute(const Bindings& bindings,
                                               const std::vector<tensorflow::EagerHandle>& weights) const;
  std::vector<tensorflow::EagerHandle> executeFirst(const Bindings& bindings,
                                                    const std::vector<tensorflow::EagerHandle>& weights,
                                                    Compilations& counted) const;

  tensorflow::Context& context_;
  tensorflow::Device device_;
  std::string name_;
  std::string description_;
  bool networks_ = false;  // computes the network
  Mode mode_;
  mutable std::mutex first_run_;
  mutable std::atomic<bool> compiled_{false};
  mutable bool anew_ =
      false;  // set in the first run: another call to XLA than the one before, which could not use what was on disk
  int outputs_ = 0;
  std::vector<std::string> inputs_;  // the names of what it takes besides weights, in its order
  std::vector<int> weights_;         // indices into Network::weightShapes()
  std::size_t bytes_ = 0;
};

}  // namespace livedream

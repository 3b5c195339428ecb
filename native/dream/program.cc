#include "dream/program.h"

#include <chrono>
#include <cstdint>
#include <utility>

#include "dream/compiled_loop.h"
#include "error.h"
#include "tensorflow/compile_cache.h"

namespace livedream {

namespace {

std::string sizeOf(std::int64_t height, std::int64_t width) {
  return std::to_string(width) + " x " + std::to_string(height) + " pixels";
}

// TensorFlow does not say what a function or a compiled program holds. Measured on inception5h's step (see
// docs/architecture.md): about 12 KB an operation for the graphs, kernels and executors of an ordinary function, about
// 40 KB where XLA's compiled code and its own form of the graph stay too.
constexpr std::size_t kOperationBytes = std::size_t{12} * 1024;
constexpr std::size_t kXlaOperationBytes = std::size_t{40} * 1024;

}  // namespace

std::string describe(const TaskSpec& spec) {
  const Octave& o = spec.octave;
  const std::string count = o.pictures == 1 ? "a picture of " : std::to_string(o.pictures) + " pictures of ";
  std::string picture = count + sizeOf(o.height, o.width);
  const std::string tiles = std::to_string(o.batch) + " tiles of " + sizeOf(o.tile_height, o.tile_width);
  std::string layers;
  for (const Term& term : spec.objective) layers += (layers.empty() ? " on '" : ", '") + term.layer + "'";
  const std::string compiled = spec.mode.xla ? ", compiled by XLA" : "";
  switch (spec.task) {
    case Task::kClimb:
      return std::to_string(spec.steps) + " steps of " + picture + layers + compiled;
    case Task::kStep:
      return "a step of " + picture + layers + compiled;
    case Task::kCut:
      return "the tiles of " + picture + compiled;
    case Task::kGradient:
      return "the gradient of " + tiles + layers + compiled;
    case Task::kAscend:
      return "the update of " + picture + compiled;
    case Task::kJoin:
      return "the joined gradient of " + picture + compiled;
    case Task::kAnswers:
      return "the answers to " + picture + layers + compiled;
    case Task::kFeatures:
      return "the features of " + picture + layers + compiled;
    case Task::kCarry:
      return "what is carried to " + picture + compiled;
    case Task::kSettle:
      return "what settles on " + picture + compiled;
  }
  return picture;
}

const tensorflow::EagerHandle& Bindings::get(const std::string& name) const {
  const auto found = handles_.find(name);
  if (found == handles_.end()) throw Error(code::kInternal, "A program takes '" + name + "', which nothing gives.");
  return *found->second;
}

Program::Program(tensorflow::Context& context, tensorflow::Device device, const Network& network, const TaskSpec& spec,
                 std::string name)
    : context_(context),
      device_(std::move(device)),
      name_(std::move(name)),
      description_(describe(spec)),
      networks_(usesNetwork(spec.task)),
      mode_(spec.mode) {
  const bool loops = spec.task == Task::kClimb;
  TaskGraph built = loops ? addCompiledLoop(context_, network, spec, name_) : buildTask(network, spec);
  if (!loops) context_.addFunction(built.graph, name_, built.inputs, built.outputs);
  outputs_ = static_cast<int>(built.outputs.size());
  inputs_ = std::move(built.names);
  weights_ = std::move(built.weights);
  bytes_ = (built.graph.operations() + built.called_operations) * (mode_.xla ? kXlaOperationBytes : kOperationBytes);
}

tensorflow::Call Program::call() const {
  tensorflow::Call call(context_, name_, device_);
  // Must-compile fails where XLA cannot; auto-clustering would silently fall back to ordinary kernels.
  // XLA optimises by itself; an ordinary function is optimised only where its call carries a configuration, an empty
  // one too (KernelAndDeviceFunc in tensorflow/core/common_runtime/eager/kernel_and_device.cc). It fuses Conv2D,
  // BiasAdd and Relu, among others: 4 ms of Inception v3's 130 [measured].
  if (mode_.xla) {
    call.boolean("_XlaMustCompile", true);
    // Attributes are part of what XLA knows a compiled function by.
    if (anew_) call.boolean("_livedream_anew", true);
  } else {
    call.text("config_proto", "");
  }
  return call;
}

std::vector<tensorflow::EagerHandle> Program::execute(const Bindings& bindings,
                                                      const std::vector<tensorflow::EagerHandle>& weights) const {
  tensorflow::Call called = call();
  for (const std::string& input : inputs_) called.input(bindings.get(input));
  for (const int weight : weights_) called.input(weights[static_cast<std::size_t>(weight)]);
  // What XLA cannot compile is refused at the first call; a failure later is another one. Ordinary kernels look at what
  // they are given when they run, and what they then refuse is in the network.
  const char* refused = networks_ ? code::kModelUnreadable : nullptr;
  if (mode_.xla) refused = compiled_ ? nullptr : code::kXlaUnavailable;
  return called.execute(outputs_, "computing " + description_, refused);
}

std::vector<tensorflow::EagerHandle> Program::executeFirst(const Bindings& bindings,
                                                           const std::vector<tensorflow::EagerHandle>& weights,
                                                           Compilations& counted) const {
  if (!mode_.xla) return execute(bindings, weights);
  std::vector<tensorflow::EagerHandle> results;
  const tensorflow::CompileWatch watch(name_, description_);
  try {
    results = execute(bindings, weights);
  } catch (const Error&) {
    // Whole, and yet nothing that TensorFlow takes. It remembers the failure for this call, so another one is made.
    if (!watch.loaded()) throw;
    watch.drop();
    anew_ = true;
    results = execute(bindings, weights);
  }
  ++(watch.loaded() ? counted.from_disk : counted.compiled);
  if (const auto kept = watch.kept()) {
    counted.ran += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - *kept).count();
  }
  return results;
}

std::vector<tensorflow::EagerHandle> Program::run(const Bindings& bindings,
                                                  const std::vector<tensorflow::EagerHandle>& weights,
                                                  Compilations& counted) const {
  if (compiled_) return execute(bindings, weights);
  std::unique_lock<std::mutex> lock(first_run_, std::try_to_lock);
  if (!lock.owns_lock()) {
    lock.lock();
    if (compiled_) {
      lock.unlock();
      ++counted.awaited;
      return execute(bindings, weights);
    }
  }
  std::vector<tensorflow::EagerHandle> results = executeFirst(bindings, weights, counted);
  compiled_ = true;
  return results;
}

}  // namespace livedream

#include "dream/kernel_check.h"

#include <set>
#include <tuple>
#include <utility>

#include "dream/compiled_loop.h"
#include "dream/dream_run.h"
#include "dream/hold.h"
#include "dream/kept_frame.h"
#include "dream/program.h"
#include "dream/pyramid.h"
#include "dream/update.h"
#include "error.h"
#include "tensorflow/data_type.h"
#include "tensorflow/executed_node.h"
#include "tensorflow/kernel_registry.h"
#include "tensorflow/operation_names.h"

namespace livedream {

using tensorflow::ExecutedNode;

namespace {

std::string describe(const ExecutedNode& node) {
  std::string text;
  for (const auto& [attribute, types] : node.types) {
    text += (text.empty() ? "" : ", ") + attribute;
    std::set<int> each(types.begin(), types.end());
    for (const int type : each) text += " " + tensorflow::nameOfType(type);
  }
  return text;
}

std::vector<Task> tasksOf(const Plan& plan, const Octave& octave) {
  std::vector<Task> tasks{Task::kCut, Task::kGradient, Task::kAscend, Task::kJoin};
  if (octave.batches() == 1) tasks.insert(tasks.end(), {Task::kStep, Task::kAnswers});
  if (plan.mode.loop == Loop::kCompiled) tasks.push_back(Task::kClimb);
  return tasks;
}

class KernelCheck {
 public:
  explicit KernelCheck(const Network& network)
      : network_(network),
        home_(std::make_shared<Home>(tensorflow::ContextSettings(),
                                     tensorflow::Context(tensorflow::ContextSettings()).device("CPU:0"))) {}

  void addProgram(const Plan& plan, const Octave& octave, std::int64_t iterations, Task task) {
    TaskSpec spec{task, octave, plan.objective(), plan.mode, updateOf(plan, octave), stepsInSlice(iterations)};
    if (task == Task::kCarry) spec.tracking = trackingSize(octave);
    const std::string name = numbered("livedream_checked_", ++programs_);
    const Program program(home_->context, home_->device, network_, spec, name);
    add(program.description(), plan.mode.xla, tensorflow::nodesOf(home_->context, name));
  }

  // What is called by itself: see Pyramid, Hold, and frame.h.
  void addFrames() {
    Octave small;
    small.height = small.width = small.tile_height = small.tile_width = 2;
    Octave large = small;
    large.height = large.width = large.tile_height = large.tile_width = 3;
    const tensorflow::TensorHandle bytes = tensorflow::allocateTensor(tensorflow::TF_UINT8, {1, 3, 3, 3});
    const tensorflow::CallRecorder recorder;
    const Place place = home_->place();
    Pyramid pyramid(place, {small, large}, toFrame(place, bytes.get()));
    const Frame grown = pyramid.grow(pyramid.takeSmallest(), 1);
    Plan masked;
    masked.mask = std::make_shared<const std::vector<std::uint8_t>>(std::size_t{9}, std::uint8_t{1});
    heldOutside(place, resize(place, grown, large, /*wraps=*/true), plainHold(place, masked, large));
    keep(home_, grown);
    partOf(place, joined(place, {&grown, &grown}), large, 1);
    toHost(place, grown, false);
    add("pictures between the programs", false, recorder.nodes());
  }

  std::vector<KernelFinding> take() { return std::move(findings_); }

 private:
  void add(const std::string& program, bool compiled, const std::vector<ExecutedNode>& nodes) {
    for (const ExecutedNode& node : nodes) {
      const std::string types = describe(node);
      if (!seen_.insert({program, node.operation, types}).second) continue;
      const tensorflow::RegisteredKernel* gpu = registry_.find(node, "GPU");
      KernelFinding finding{
          program, std::string(tensorflow::ownName(node.operation)), types, compiled, gpu != nullptr, compiles(node),
          {}};
      if (gpu != nullptr) finding.floats_on_host = registry_.floatsOnHost(node, *gpu);
      findings_.push_back(std::move(finding));
    }
  }

  bool compiles(const ExecutedNode& node) { return registry_.find(node, "XLA_GPU_JIT") != nullptr; }

  const Network& network_;
  std::shared_ptr<Home> home_;
  std::size_t programs_ = 0;
  tensorflow::KernelRegistry registry_;
  std::set<std::tuple<std::string, std::string, std::string>> seen_;
  std::vector<KernelFinding> findings_;
};

}  // namespace

std::vector<KernelFinding> findKernels(const Network& network, const Plan& plan, const Cancellation& cancellation) {
  KernelCheck check(network);
  for (std::size_t octave = 0; octave < plan.octaves.size(); ++octave) {
    for (const Task task : tasksOf(plan, plan.octaves[octave])) {
      if (cancellation.cancelled()) throw Error(code::kAborted, "The check of kernels was cancelled.");
      check.addProgram(plan, plan.octaves[octave], plan.iterations[octave], task);
    }
  }
  // Of streams, whose frames come one by one; by operations, as our kernels are for processors.
  if (plan.octaves.back().pictures == 1) {
    for (const Task task : {Task::kCarry, Task::kSettle}) {
      check.addProgram(plan, plan.octaves.back(), plan.iterations.back(), task);
    }
  }
  check.addFrames();
  return check.take();
}

}  // namespace livedream

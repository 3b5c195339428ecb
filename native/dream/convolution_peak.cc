#include "dream/convolution_peak.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "error.h"
#include "kernels/parallel.h"
#include "tensorflow/context.h"
#include "tensorflow/graph.h"

namespace livedream {

namespace {

using tensorflow::Shape;
using tensorflow::TF_DataType;
using tensorflow::TF_Output;

constexpr std::int64_t kPictureSide = 64;
constexpr std::int64_t kChannels = 256;
constexpr std::int64_t kKernel = 3;
constexpr int kUncounted = 2;
constexpr int kTrials = 7;

const char* const kOperands = "livedream_peak_operands";
const char* const kConvolutions = "livedream_peak_convolutions";

// One fills a processor for milliseconds; on a GPU the launch and the copy of the result have to vanish beside it.
struct Amount {
  std::int64_t batch;
  int convolutions;
};

Amount amountFor(const tensorflow::Device& device) { return device.type == "GPU" ? Amount{32, 8} : Amount{1, 1}; }

TF_Output filled(tensorflow::Graph& graph, const Shape& shape, float value, TF_DataType type) {
  return graph.cast(graph.broadcastTo(graph.constant(value), shape), type);
}

// The picture and the kernel of the convolutions, in their type. The kernel keeps ones at one at most.
void addOperands(tensorflow::Context& context, const Amount& amount, TF_DataType type) {
  tensorflow::Graph graph;
  constexpr float kMean = 1.0F / (kKernel * kKernel * kChannels);
  const TF_Output picture = filled(graph, {amount.batch, kPictureSide, kPictureSide, kChannels}, 1, type);
  const TF_Output kernel = filled(graph, {kKernel, kKernel, kChannels, kChannels}, kMean, type);
  context.addFunction(graph, kOperands, {}, {picture, kernel});
}

// One after another; of the last one value is told, which waits for all.
void addConvolutions(tensorflow::Context& context, const Amount& amount, TF_DataType type) {
  tensorflow::Graph graph;
  const TF_Output picture = graph.placeholder("picture", type, {amount.batch, kPictureSide, kPictureSide, kChannels});
  const TF_Output kernel = graph.placeholder("kernel", type, {kKernel, kKernel, kChannels, kChannels});
  TF_Output result = picture;
  for (int i = 0; i < amount.convolutions; ++i) {
    result = tensorflow::NodeBuilder(graph, "Conv2D", graph.uniqueName("Conv2D"))
                 .input(result)
                 .input(kernel)
                 .type("T", type)
                 .integers("strides", {1, 1, 1, 1})
                 .text("padding", "SAME")
                 .finish();
  }
  const TF_Output value = graph.cast(graph.slice(result, {0, 0, 0, 0}, {1, 1, 1, 1}), tensorflow::TF_FLOAT);
  context.addFunction(graph, kConvolutions, {picture, kernel}, {value});
}

}  // namespace

ConvolutionPeak measureConvolutionPeak(const EngineSettings& settings, const Cancellation& cancellation) {
  if (!tensorflow::isLibraryOpen()) throw Error(code::kInternal, "The library was not opened.");
  tensorflow::ContextSettings wanted;
  wanted.gpu = settings.device.rfind("GPU", 0) == 0;
  wanted.threads = settings.threads;
  kernels::useThreads(settings.threads);
  tensorflow::Context context(wanted);
  const tensorflow::Device device = context.device(settings.device);
  const Amount amount = amountFor(device);
  const TF_DataType type = typeOf(settings.precision);
  addOperands(context, amount, type);
  addConvolutions(context, amount, type);
  const std::vector<tensorflow::EagerHandle> operands =
      tensorflow::Call(context, kOperands, device).execute(2, "filling the operands of a convolution");
  ConvolutionPeak peak;
  peak.operations = 2.0 * static_cast<double>(amount.batch * amount.convolutions) * kPictureSide * kPictureSide *
                    kKernel * kKernel * kChannels * kChannels;
  for (int trial = -kUncounted; trial < kTrials; ++trial) {
    if (cancellation.cancelled()) throw Error(code::kAborted, "The work was cancelled.");
    const auto start = std::chrono::steady_clock::now();
    // The configuration has TensorFlow optimise the function, as it does a step's (program.cc).
    const tensorflow::EagerHandle value = tensorflow::Call(context, kConvolutions, device)
                                              .text("config_proto", "")
                                              .input(operands[0])
                                              .input(operands[1])
                                              .result("computing a convolution");
    tensorflow::floatsOf(value, 1);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    if (trial >= 0) peak.milliseconds.push_back(took.count());
  }
  return peak;
}

}  // namespace livedream

#include "node/to_javascript.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "dream/task_graph.h"
#include "node/frame_object.h"
#include "node/list.h"

namespace livedream::node {

namespace {

double real(std::uint64_t value) noexcept { return static_cast<double>(value); }

// The tensor's memory as an ArrayBuffer, without a copy where this JavaScript engine allows that (Electron does not).
Napi::ArrayBuffer adopt(Napi::Env env, tensorflow::TensorHandle tensor) {
  void* data = tensorflow::api().TF_TensorData(tensor.get());
  const std::size_t bytes = tensorflow::api().TF_TensorByteSize(tensor.get());
  napi_value buffer = nullptr;
  const napi_status status = napi_create_external_arraybuffer(
      env, data, bytes,
      [](napi_env /*env*/, void* /*data*/, void* hint) {
        const tensorflow::TensorHandle owner(static_cast<tensorflow::TF_Tensor*>(hint));
      },
      tensor.get(), &buffer);
  if (status == napi_ok) {
    tensor.release();  // NOLINT(bugprone-unused-return-value): the buffer's finalizer owns it now
    return {env, buffer};
  }
  Napi::ArrayBuffer copy = Napi::ArrayBuffer::New(env, bytes);
  std::memcpy(copy.Data(), data, bytes);
  return copy;
}

Napi::Object writeTexts(Napi::Env env, const std::map<std::string, std::string>& texts) {
  Napi::Object object = Napi::Object::New(env);
  // Defined, not set: a node may be called '__proto__'.
  for (const auto& [name, text] : texts) {
    object.DefineProperty(Napi::PropertyDescriptor::Value(name, Napi::String::New(env, text), napi_default_jsproperty));
  }
  return object;
}

Napi::Object writeSummary(Napi::Env env, const LayerSummary& layer) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", layer.name);
  object.Set("op", layer.op);
  object.Set("channels", static_cast<double>(layer.channels));
  if (layer.head) object.Set("head", true);
  return object;
}

}  // namespace

Napi::Value writePixels(Napi::Env env, tensorflow::TensorHandle tensor) {
  const bool floats = tensorflow::api().TF_TensorType(tensor.get()) == tensorflow::TF_FLOAT;
  Napi::ArrayBuffer buffer = adopt(env, std::move(tensor));
  if (floats) return Napi::Float32Array::New(env, buffer.ByteLength() / sizeof(float), buffer, 0);
  return Napi::Uint8Array::New(env, buffer.ByteLength(), buffer, 0);
}

void writeNetwork(Napi::Object object, const Network& network) {
  const Napi::Env env = object.Env();
  const Napi::Array list =
      writeList(env, network.layers(), [env](const LayerSummary& layer) { return writeSummary(env, layer); });
  const InputFacts& facts = network.inputFacts();
  const Preprocessing& wanted = network.preprocessing();
  Napi::Array mean = Napi::Array::New(env, wanted.mean.size());
  for (std::size_t i = 0; i < wanted.mean.size(); ++i) mean.Set(static_cast<std::uint32_t>(i), wanted.mean[i]);
  Napi::Object input = Napi::Object::New(env);
  input.Set("name", facts.name);
  input.Set("type", facts.type);
  if (!facts.shape.empty()) input.Set("shape", facts.shape);
  input.Set("layout", facts.layout);
  input.Set("channelOrder", wanted.bgr ? "bgr" : "rgb");
  input.Set("mean", mean);
  input.Set("scale", wanted.scale);
  object.Set("layers", list);
  object.Set("weightBytes", real(network.weightBytes()));
  object.Set("input", input);
  object.Set("leftOut", writeTexts(env, network.leftOut()));
  object.Set("unfed", writeTexts(env, network.unfed()));
}

Napi::Object writeCost(Napi::Object object, const LayersCost& cost) {
  object.Set("bytesPerPixel", cost.bytes_per_pixel);
  object.Set("fixedBytes", cost.fixed_bytes);
  return object;
}

Napi::Value writeLayer(Napi::Env env, const Layer& layer) {
  Napi::Object object = writeSummary(env, layer);
  object.Set("stride", static_cast<double>(layer.stride));
  object.Set("leastSize", static_cast<double>(layer.least_size));
  writeCost(object, layer);
  if (!layer.before_activation.empty()) object.Set("beforeActivation", layer.before_activation);
  return object;
}

Napi::Value writeTimings(Napi::Env env, const Timings& timings) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("queued", timings.queued);
  object.Set("compile", timings.compile);
  object.Set("steps", timings.steps);
  object.Set("transfer", timings.transfer);
  object.Set("total", timings.total);
  object.Set("programsBuilt", real(timings.programs_built));
  object.Set("compilations", real(timings.compilations.compiled));
  object.Set("compilationsFromCache", real(timings.compilations.from_disk));
  return object;
}

Napi::Value writeDream(Napi::Env env, DreamResult& result) {
  Napi::Array objectives = Napi::Array::New(env, result.objectives.size());
  for (std::size_t i = 0; i < result.objectives.size(); ++i) {
    objectives.Set(static_cast<std::uint32_t>(i), Napi::Number::New(env, result.objectives[i]));
  }
  Napi::Array moved = Napi::Array::New(env, result.moved.size());
  for (std::size_t i = 0; i < result.moved.size(); ++i) {
    moved.Set(static_cast<std::uint32_t>(i), Napi::Boolean::New(env, result.moved[i]));
  }
  Napi::Object object = Napi::Object::New(env);
  if (result.frame) {
    object.Set("frame", FrameObject::create(env, std::move(result.frame)));
  } else {
    object.Set("data", writePixels(env, std::move(result.picture)));
  }
  object.Set("objectives", objectives);
  object.Set("moved", moved);
  object.Set("timings", writeTimings(env, result.timings));
  return object;
}

Napi::Value writeGradient(Napi::Env env, GradientResult& result) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("data", writePixels(env, std::move(result.gradient)));
  object.Set("objective", Napi::Number::New(env, result.objective));
  return object;
}

Napi::Value writeAnswers(Napi::Env env, const std::vector<float>& answers) {
  const std::size_t channels = answers.size() / kAnswerKinds;
  const auto list = [&](Answer kind) {
    Napi::Float32Array values = Napi::Float32Array::New(env, channels);
    std::copy_n(answers.begin() + static_cast<std::ptrdiff_t>(kind * channels), channels, values.Data());
    return values;
  };
  Napi::Object object = Napi::Object::New(env);
  object.Set("mean", list(kMean));
  object.Set("most", list(kMost));
  object.Set("meanSquare", list(kMeanSquare));
  return object;
}

Napi::Value writeStatistics(Napi::Env env, const Statistics& statistics, std::int64_t reported_bytes) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("graphImports", real(statistics.graph_imports));
  object.Set("weightUploads", real(statistics.weight_uploads));
  object.Set("programsBuilt", real(statistics.programs_built));
  object.Set("programsEvicted", real(statistics.programs_evicted));
  object.Set("programsCached", real(statistics.programs_cached));
  object.Set("programBytes", real(statistics.program_bytes));
  object.Set("weightBytes", real(statistics.weight_bytes));
  object.Set("externalBytes", static_cast<double>(reported_bytes));
  object.Set("steps", real(statistics.steps));
  return object;
}

Napi::Value writeDevices(Napi::Env env, const std::vector<tensorflow::Device>& devices) {
  return writeList(env, devices, [env](const tensorflow::Device& device) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", device.shortName());
    object.Set("type", device.type);
    object.Set("memoryBytes", static_cast<double>(device.memory_bytes));
    return object;
  });
}

}  // namespace livedream::node

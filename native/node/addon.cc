#include <napi.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#ifdef LIVEDREAM_COVERAGE
// It is C's and does not say so to C++.
extern "C" {
#include <gcov.h>
}
#endif

#include "dream/convolution_peak.h"
#include "kernels/operations.h"
#include "kernels/processor.h"
#include "node/addon_data.h"
#include "node/cancellation_object.h"
#include "node/engine_object.h"
#include "node/frame_object.h"
#include "node/from_javascript.h"
#include "node/library_worker.h"
#include "node/model_object.h"
#include "node/optical_flow.h"
#include "node/stream_state_object.h"
#include "node/to_javascript.h"
#include "tensorflow/context.h"
#include "tensorflow/library.h"

namespace livedream::node {

namespace {

struct OpenedLibrary {
  std::string version;
  std::string path;
  std::string messages;
  std::string cache_problem;
};

std::optional<cache::StoreSettings> readCompileCache(const Napi::Value& value) {
  if (!value.IsObject()) return std::nullopt;
  const auto object = value.As<Napi::Object>();
  const double limit = object.Get("limitBytes").ToNumber();
  return cache::StoreSettings{object.Get("folder").ToString().Utf8Value(), object.Get("machine").ToString().Utf8Value(),
                              static_cast<std::uint64_t>(limit)};
}

Napi::Value openLibrary(const Napi::CallbackInfo& info) {
  const std::string framework = info[0].ToString();
  const std::string library = info[1].ToString();
  const bool verbose = info[2].ToBoolean();
  const std::optional<cache::StoreSettings> compile_cache = readCompileCache(info[3]);
  return postToLibrary<OpenedLibrary>(
      info.Env(),
      [framework, library, verbose, compile_cache] {
        tensorflow::openLibrary(framework, library, verbose, compile_cache);
        kernels::registerOperations();
        return OpenedLibrary{tensorflow::libraryVersion(), library, tensorflow::libraryMessages(),
                             tensorflow::compileCacheProblem()};
      },
      [](Napi::Env env, OpenedLibrary& opened) {
        Napi::Object object = Napi::Object::New(env);
        object.Set("version", opened.version);
        object.Set("path", opened.path);
        object.Set("messages", opened.messages);
        if (!opened.cache_problem.empty()) object.Set("compileCacheProblem", opened.cache_problem);
        return object;
      });
}

Napi::Value devices(const Napi::CallbackInfo& info) {
  const double gpu_memory = info[0].IsNumber() ? info[0].ToNumber().DoubleValue() : 0;
  return postToLibrary<std::vector<tensorflow::Device>>(
      info.Env(),
      [gpu_memory] {
        if (!tensorflow::isLibraryOpen()) throw Error(code::kInternal, "The library was not opened.");
        tensorflow::ContextSettings settings;
        settings.gpu = true;
        settings.gpu_memory_fraction = gpu_memory;
        return tensorflow::Context(settings).devices();
      },
      [](Napi::Env env, std::vector<tensorflow::Device>& found) { return writeDevices(env, found); });
}

Napi::Value bfloat16Unit(const Napi::CallbackInfo& info) {
  const auto unit = kernels::bfloat16Unit();
  const char* name = unit == kernels::BFloat16Unit::kAmx      ? "amx"
                     : unit == kernels::BFloat16Unit::kAvx512 ? "avx512"
                                                              : "none";
  return Napi::String::New(info.Env(), name);
}

Napi::Value convolutionPeak(const Napi::CallbackInfo& info) {
  const EngineSettings settings = readSettings(info[0].As<Napi::Object>()).engine;
  const std::shared_ptr<Cancellation> cancellation = CancellationObject::from(info[1]).cancellation();
  return postToLibrary<ConvolutionPeak>(
      info.Env(), [settings, cancellation] { return measureConvolutionPeak(settings, *cancellation); },
      [](Napi::Env env, ConvolutionPeak& peak) {
        Napi::Array milliseconds = Napi::Array::New(env, peak.milliseconds.size());
        for (std::size_t i = 0; i < peak.milliseconds.size(); ++i) {
          milliseconds.Set(static_cast<std::uint32_t>(i), peak.milliseconds[i]);
        }
        Napi::Object object = Napi::Object::New(env);
        object.Set("operations", peak.operations);
        object.Set("milliseconds", milliseconds);
        return object;
      },
      cancellation);
}

Napi::Value importModel(const Napi::CallbackInfo& info) {
  const auto spec = std::make_shared<const ModelSpec>(readModel(info[0].As<Napi::Object>()));
  const std::shared_ptr<Cancellation> cancellation = CancellationObject::from(info[1]).cancellation();
  return postToLibrary<std::shared_ptr<Model>>(
      info.Env(),
      [spec, cancellation] {
        if (!tensorflow::isLibraryOpen()) throw Error(code::kInternal, "The library was not opened.");
        return std::make_shared<Model>(*spec, *cancellation);
      },
      [](Napi::Env env, std::shared_ptr<Model>& model) { return ModelObject::create(env, std::move(model)); },
      cancellation);
}

}  // namespace

AddonData& addonData(Napi::Env env) { return *env.GetInstanceData<AddonData>(); }

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  auto data = std::make_unique<AddonData>(env);
  data->model_class = Napi::Persistent(ModelObject::define(env));
  data->frame_class = Napi::Persistent(FrameObject::define(env));
  data->stream_state_class = Napi::Persistent(StreamStateObject::define(env));
  env.SetInstanceData(data.release());  // freed by N-API with the environment
  exports.Set("openLibrary", Napi::Function::New(env, openLibrary, "openLibrary"));
  exports.Set("importModel", Napi::Function::New(env, importModel, "importModel"));
  exports.Set("devices", Napi::Function::New(env, devices, "devices"));
  exports.Set("bfloat16Unit", Napi::Function::New(env, bfloat16Unit, "bfloat16Unit"));
  exports.Set("convolutionPeak", Napi::Function::New(env, convolutionPeak, "convolutionPeak"));
  exports.Set("externalBytes", Napi::Function::New(
                                   env,
                                   [](const Napi::CallbackInfo& info) {
                                     const auto bytes = static_cast<double>(addonData(info.Env()).external_bytes);
                                     return Napi::Number::New(info.Env(), bytes);
                                   },
                                   "externalBytes"));
  exports.Set("opticalFlow", Napi::Function::New(env, opticalFlow, "opticalFlow"));
  exports.Set("knownShare", Napi::Function::New(env, knownShare, "knownShare"));
  exports.Set("Engine", EngineObject::define(env));
  exports.Set("Cancellation", CancellationObject::define(env));
#ifdef LIVEDREAM_COVERAGE
  exports.Set("writeCoverage", Napi::Function::New(
                                   env,
                                   [](const Napi::CallbackInfo&) {
                                     __gcov_dump();
                                     __gcov_reset();
                                   },
                                   "writeCoverage"));
#endif
  return exports;
}

}  // namespace livedream::node

static Napi::Object InitializeLivedream(Napi::Env env, Napi::Object exports) {
  return livedream::node::initialize(env, exports);
}

NODE_API_MODULE(livedream, InitializeLivedream)

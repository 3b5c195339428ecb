#include "node/model_object.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dream/operation_count.h"
#include "node/addon_data.h"
#include "node/cancellation_object.h"
#include "node/from_javascript.h"
#include "node/kernel_findings.h"
#include "node/library_worker.h"
#include "node/to_javascript.h"

namespace livedream::node {

namespace {

// Tells this class's objects from all others; a random number.
constexpr napi_type_tag kModelTag = {0x8de2417b90f35c6aULL, 0x51c7d02e6ba9f843ULL};

}  // namespace

Napi::Function ModelObject::define(Napi::Env env) {
  return DefineClass(
      env, "Model",
      {InstanceMethod("layer", &ModelObject::layer), InstanceMethod("cost", &ModelObject::cost),
       InstanceMethod("allLayers", &ModelObject::allLayers), InstanceMethod("operations", &ModelObject::operations),
       InstanceMethod("findKernels", &ModelObject::findKernels),
       InstanceMethod("releaseWeights", &ModelObject::releaseWeights)});
}

ModelObject::ModelObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ModelObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&kModelTag);
}

Napi::Value ModelObject::create(Napi::Env env, std::shared_ptr<Model> model) {
  Napi::Object object = addonData(env).model_class.New({});
  writeNetwork(object, model->network());
  Unwrap(object)->model_ = std::move(model);
  return object;
}

ModelObject& ModelObject::from(const Napi::Value& value) {
  const bool tagged = value.IsObject() && value.As<Napi::Object>().CheckTypeTag(&kModelTag);
  ModelObject* object = tagged ? Unwrap(value.As<Napi::Object>()) : nullptr;
  if (object == nullptr || !object->model_) {
    throw Napi::TypeError::New(value.Env(), "livedream's binding expects a model of importModel().");
  }
  return *object;
}

Napi::Value ModelObject::layer(const Napi::CallbackInfo& info) {
  const std::string name = info[0].ToString();
  const auto cancellation = std::make_shared<Cancellation>();
  return postToLibrary<Layer>(
      info.Env(),
      [model = from(info.This()).model_, name, cancellation] { return model->network().layer(name, *cancellation); },
      [](Napi::Env env, Layer& layer) { return writeLayer(env, layer); }, cancellation);
}

Napi::Value ModelObject::cost(const Napi::CallbackInfo& info) {
  const auto given = info[0].As<Napi::Array>();
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < given.Length(); ++i) names.push_back(given.Get(i).ToString());
  const auto cancellation = std::make_shared<Cancellation>();
  return postToLibrary<LayersCost>(
      info.Env(),
      [model = from(info.This()).model_, names, cancellation] { return model->network().cost(names, *cancellation); },
      [](Napi::Env env, LayersCost& cost) { return writeCost(Napi::Object::New(env), cost); }, cancellation);
}

Napi::Value ModelObject::allLayers(const Napi::CallbackInfo& info) {
  const std::shared_ptr<const Cancellation> cancellation = CancellationObject::from(info[0]).cancellation();
  return postToLibrary<std::vector<Layer>>(
      info.Env(),
      [model = from(info.This()).model_, cancellation] { return model->network().allLayers(*cancellation); },
      [](Napi::Env env, std::vector<Layer>& layers) {
        Napi::Array list = Napi::Array::New(env, layers.size());
        for (std::size_t i = 0; i < layers.size(); ++i) {
          list.Set(static_cast<std::uint32_t>(i), writeLayer(env, layers[i]));
        }
        return list;
      });
}

Napi::Value ModelObject::operations(const Napi::CallbackInfo& info) {
  const std::string layer = info[0].ToString();
  const std::int64_t width = info[1].ToNumber().Int64Value();
  const std::int64_t height = info[2].ToNumber().Int64Value();
  const auto cancellation = std::make_shared<Cancellation>();
  return postToLibrary<double>(
      info.Env(),
      [model = from(info.This()).model_, layer, width, height, cancellation] {
        return countOperations(model->network(), layer, height, width, *cancellation);
      },
      [](Napi::Env env, double& count) { return Napi::Number::New(env, count); }, cancellation);
}

Napi::Value ModelObject::findKernels(const Napi::CallbackInfo& info) {
  const auto plan = std::make_shared<const Plan>(readPlan(info[0].As<Napi::Object>()));
  const std::shared_ptr<Cancellation> cancellation = CancellationObject::from(info[1]).cancellation();
  return postToLibrary<std::vector<KernelFinding>>(
      info.Env(),
      [model = from(info.This()).model_, plan, cancellation] {
        return livedream::findKernels(model->network(), *plan, *cancellation);
      },
      [](Napi::Env env, std::vector<KernelFinding>& findings) { return writeKernels(env, findings); }, cancellation);
}

void ModelObject::releaseWeights(const Napi::CallbackInfo& info) { from(info.This()).model_->releaseValues(); }

}  // namespace livedream::node

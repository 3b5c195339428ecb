#pragma once

#include <napi.h>

#include <memory>

#include "dream/model.h"

namespace livedream::node {

// What JavaScript knows as a model: the network's facts as properties, and the handle that engines load. Made by
// importModel() only; lives on the JavaScript thread that asked for it.
class ModelObject : public Napi::ObjectWrap<ModelObject> {
 public:
  static Napi::Function define(Napi::Env env);
  // A new object of this class, with its properties.
  static Napi::Value create(Napi::Env env, std::shared_ptr<Model> model);
  // Throws a TypeError where `value` is none.
  static ModelObject& from(const Napi::Value& value);

  explicit ModelObject(const Napi::CallbackInfo& info);

  const std::shared_ptr<Model>& model() const noexcept { return model_; }

 private:
  Napi::Value layer(const Napi::CallbackInfo& info);
  Napi::Value cost(const Napi::CallbackInfo& info);
  Napi::Value allLayers(const Napi::CallbackInfo& info);
  Napi::Value operations(const Napi::CallbackInfo& info);
  Napi::Value findKernels(const Napi::CallbackInfo& info);
  void releaseWeights(const Napi::CallbackInfo& info);

  std::shared_ptr<Model> model_;
};

}  // namespace livedream::node

// What a test tells the stand-in and asks of it: the library is a Node.js addon too. lib: test/support/tensorflow.ts.

#include <napi.h>

#include "ledger.h"

namespace livedream::standin {

namespace {

Napi::Object counts(Napi::Env env, const std::map<std::string, std::int64_t>& all) {
  Napi::Object object = Napi::Object::New(env);
  for (const auto& [name, count] : all) object.Set(name, static_cast<double>(count));
  return object;
}

// arm({function?, call, code, message, sites})
void armBy(const Napi::CallbackInfo& info) {
  const auto given = info[0].As<Napi::Object>();
  Fault fault;
  if (given.Get("function").IsString()) fault.function = given.Get("function").ToString().Utf8Value();
  fault.call = given.Get("call").ToNumber().Int64Value();
  fault.code = static_cast<tensorflow::TF_Code>(given.Get("code").ToNumber().Int32Value());
  fault.message = given.Get("message").ToString().Utf8Value();
  arm(std::move(fault), given.Get("sites").ToBoolean());
}

Napi::Value listSites(const Napi::CallbackInfo& info) {
  const std::vector<Site> found = sites();
  Napi::Array list = Napi::Array::New(info.Env(), found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    Napi::Object site = Napi::Object::New(info.Env());
    site.Set("function", found[i].function);
    site.Set("way", std::to_string(found[i].way));
    list.Set(static_cast<std::uint32_t>(i), site);
  }
  return list;
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("arm", Napi::Function::New(env, armBy));
  exports.Set("sites", Napi::Function::New(env, listSites));
  exports.Set("fired", Napi::Function::New(
                           env, [](const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), fired()); }));
  exports.Set("calls",
              Napi::Function::New(env, [](const Napi::CallbackInfo& info) { return counts(info.Env(), calls()); }));
  exports.Set("handles", Napi::Function::New(
                             env, [](const Napi::CallbackInfo& info) { return counts(info.Env(), liveHandles()); }));
  return exports;
}

}  // namespace

}  // namespace livedream::standin

static Napi::Object InitializeStandin(Napi::Env env, Napi::Object exports) {
  return livedream::standin::initialize(env, exports);
}

NODE_API_MODULE(standin, InitializeStandin)

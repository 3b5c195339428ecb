#include "node/fields.h"

#include <cmath>

namespace livedream::node {

void fail(Napi::Env env, const std::string& field, const char* expected) {
  throw Napi::TypeError::New(env, "livedream's binding expects '" + field + "' to be " + expected + ".");
}

double number(const Napi::Object& object, const char* field) {
  const Napi::Value value = object.Get(field);
  if (!value.IsNumber() || !std::isfinite(value.As<Napi::Number>().DoubleValue())) {
    fail(object.Env(), field, "a finite number");
  }
  return value.As<Napi::Number>().DoubleValue();
}

std::int64_t count(const Napi::Object& object, const char* field, std::int64_t least) {
  const double value = number(object, field);
  if (value < static_cast<double>(least) || value > kMostCount || value != std::floor(value)) {
    fail(object.Env(), field, "a whole number in range");
  }
  return static_cast<std::int64_t>(value);
}

bool has(const Napi::Object& object, const char* field) { return !object.Get(field).IsUndefined(); }

std::string text(const Napi::Object& object, const char* field) {
  const Napi::Value value = object.Get(field);
  if (!value.IsString()) fail(object.Env(), field, "a string");
  return value.As<Napi::String>();
}

bool flag(const Napi::Object& object, const char* field) {
  const Napi::Value value = object.Get(field);
  if (!value.IsBoolean()) fail(object.Env(), field, "a boolean");
  return value.As<Napi::Boolean>();
}

Napi::Object member(const Napi::Object& object, const char* field) {
  const Napi::Value value = object.Get(field);
  if (!value.IsObject()) fail(object.Env(), field, "an object");
  return value.As<Napi::Object>();
}

Napi::Array list(const Napi::Object& object, const char* field) {
  const Napi::Value value = object.Get(field);
  if (!value.IsArray()) fail(object.Env(), field, "an array");
  return value.As<Napi::Array>();
}

Napi::Object element(const Napi::Array& array, std::uint32_t index) {
  const Napi::Value value = array.Get(index);
  if (!value.IsObject()) fail(array.Env(), "element", "an object");
  return value.As<Napi::Object>();
}

std::vector<double> numbers(const Napi::Object& object, const char* field) {
  const Napi::Array array = list(object, field);
  std::vector<double> values;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value value = array.Get(i);
    if (!value.IsNumber()) fail(object.Env(), field, "numbers");
    values.push_back(value.As<Napi::Number>().DoubleValue());
  }
  return values;
}

}  // namespace livedream::node

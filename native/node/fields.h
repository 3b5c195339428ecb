#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace livedream::node {

// A field of an object that lib/ made, as what it must be. lib/ has validated what users gave, so a wrong value here is
// a fault of ours: a TypeError that names the field. JavaScript's thread.

// The greatest whole number that a field may be.
constexpr double kMostCount = 1U << 30U;

[[noreturn]] void fail(Napi::Env env, const std::string& field, const char* expected);

bool has(const Napi::Object& object, const char* field);
double number(const Napi::Object& object, const char* field);  // finite
std::int64_t count(const Napi::Object& object, const char* field, std::int64_t least = 1);
std::string text(const Napi::Object& object, const char* field);
bool flag(const Napi::Object& object, const char* field);
Napi::Object member(const Napi::Object& object, const char* field);
Napi::Array list(const Napi::Object& object, const char* field);
std::vector<double> numbers(const Napi::Object& object, const char* field);
// One of an array of objects.
Napi::Object element(const Napi::Array& array, std::uint32_t index);

}  // namespace livedream::node

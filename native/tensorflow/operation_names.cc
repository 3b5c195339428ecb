#include "tensorflow/operation_names.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace livedream::tensorflow {

namespace {

constexpr std::string_view kOurs = "Livedream";
constexpr int kHexadecimal = 16;
// The addon stays loaded until the process ends (nodelete), so no other copy is ever given its place.
constexpr char kHere = 0;

bool isOurs(std::string_view operation) noexcept { return operation.substr(0, kOurs.size()) == kOurs; }

}  // namespace

std::string registeredName(std::string_view operation) {
  std::string name(operation);
  if (!isOurs(operation)) return name;
  std::array<char, 2 * sizeof(std::uintptr_t)> digits{};
  const auto place = reinterpret_cast<std::uintptr_t>(&kHere);
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), place, kHexadecimal);
  return name + '_' + std::string(digits.data(), written.ptr);
}

std::string_view ownName(std::string_view registered) noexcept {
  return isOurs(registered) ? registered.substr(0, registered.find('_')) : registered;
}

}  // namespace livedream::tensorflow

#include "tensorflow/wire_format.h"

#include <cstddef>
#include <cstring>

namespace livedream::tensorflow {

namespace {
constexpr std::uint32_t kVarint = 0;
constexpr std::uint32_t kFixed64 = 1;
constexpr std::uint32_t kLengthDelimited = 2;
constexpr std::uint32_t kFixed32 = 5;
}  // namespace

std::optional<std::uint64_t> WireReader::varint() noexcept {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

std::optional<WireField> WireReader::next() noexcept {
  if (rest_.empty()) return std::nullopt;
  std::optional<WireField> found = field();
  if (!found) {
    malformed_ = true;
    rest_ = {};
  }
  return found;
}

std::optional<WireField> WireReader::field() noexcept {
  const auto tag = varint();
  if (!tag) return std::nullopt;
  WireField field;
  field.number = static_cast<std::uint32_t>(*tag >> 3U);
  const auto type = static_cast<std::uint32_t>(*tag & 7U);
  std::uint64_t length = 0;
  if (type == kVarint) {
    const auto value = varint();
    if (!value) return std::nullopt;
    field.value = *value;
    return field;
  }
  if (type == kLengthDelimited) {
    const auto value = varint();
    if (!value) return std::nullopt;
    length = *value;
  } else if (type == kFixed64) {
    length = 8;
  } else if (type == kFixed32) {
    length = 4;
  } else {
    return std::nullopt;
  }
  if (length > rest_.size()) return std::nullopt;
  field.bytes = rest_.substr(0, static_cast<std::size_t>(length));
  rest_.remove_prefix(static_cast<std::size_t>(length));
  if (type != kLengthDelimited) {
    for (std::size_t i = field.bytes.size(); i-- > 0;) {
      field.value = field.value << 8U | static_cast<unsigned char>(field.bytes[i]);
    }
  }
  return field;
}

std::pair<std::string_view, std::string_view> readMapEntry(std::string_view entry) noexcept {
  constexpr std::uint32_t kKey = 1;
  constexpr std::uint32_t kValue = 2;
  std::pair<std::string_view, std::string_view> read;
  WireReader reader(entry);
  while (const auto part = reader.next()) {
    if (part->number == kKey) read.first = part->bytes;
    if (part->number == kValue) read.second = part->bytes;
  }
  return read;
}

void WireWriter::raw(std::uint64_t value) {
  while (value >= 0x80U) {
    message_.push_back(static_cast<char>((value & 0x7fU) | 0x80U));
    value >>= 7U;
  }
  message_.push_back(static_cast<char>(value));
}

WireWriter& WireWriter::varint(std::uint32_t field, std::uint64_t value) {
  raw(std::uint64_t{field} << 3U | kVarint);
  raw(value);
  return *this;
}

WireWriter& WireWriter::real(std::uint32_t field, double value) {
  raw(std::uint64_t{field} << 3U | kFixed64);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  for (std::size_t i = 0; i < sizeof(bits); ++i) message_.push_back(static_cast<char>((bits >> (8U * i)) & 0xffU));
  return *this;
}

WireWriter& WireWriter::bytes(std::uint32_t field, std::string_view value) {
  raw(std::uint64_t{field} << 3U | kLengthDelimited);
  raw(value.size());
  message_.append(value);
  return *this;
}

}  // namespace livedream::tensorflow

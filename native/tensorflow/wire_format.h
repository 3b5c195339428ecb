#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace livedream::tensorflow {

// As much of protobuf's wire format as is needed to read NodeDef and OpDef and to write a ConfigProto, so that no
// protobuf library has to be linked beside TensorFlow's own. https://protobuf.dev/programming-guides/encoding/

struct WireField {
  std::uint32_t number = 0;
  // The value of a varint or fixed field; 0 for a length-delimited one.
  std::uint64_t value = 0;
  // The bytes of a length-delimited field (string, message), pointing into the message that was read.
  std::string_view bytes;

  // Whether a field of numbers came packed, as `bytes` that varint() reads.
  bool packed() const noexcept { return !bytes.empty(); }
};

// Walks the fields of one serialized message, which must outlive it. A malformed message ends the walk early.
class WireReader {
 public:
  explicit WireReader(std::string_view message) noexcept : rest_(message) {}

  std::optional<WireField> next() noexcept;
  // The next number of a packed list.
  std::optional<std::uint64_t> varint() noexcept;
  // Whether the walk ended before the message did.
  bool malformed() const noexcept { return malformed_; }

 private:
  std::optional<WireField> field() noexcept;

  std::string_view rest_;
  bool malformed_ = false;
};

// The key and the value of an entry of a map.
std::pair<std::string_view, std::string_view> readMapEntry(std::string_view entry) noexcept;

class WireWriter {
 public:
  WireWriter& varint(std::uint32_t field, std::uint64_t value);
  WireWriter& bytes(std::uint32_t field, std::string_view value);
  WireWriter& real(std::uint32_t field, double value);
  void reserve(std::size_t bytes) { message_.reserve(bytes); }
  std::string take() noexcept { return std::move(message_); }
  const std::string& message() const noexcept { return message_; }

 private:
  void raw(std::uint64_t value);

  std::string message_;
};

}  // namespace livedream::tensorflow

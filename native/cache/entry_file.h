#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace livedream::cache {

// What an entry must be of to be taken: the machine (its processor, the library, their versions:
// lib/runtime/compile-cache says of what it is made) and the name that TensorFlow asks for.
struct EntryKey {
  std::string_view machine;
  std::string_view name;
};

// An entry's file, text lines and then the payload:
//   livedream compiled program 1
//   hash of all that follows, 16 hexadecimal digits
//   machine
//   name
//   what it is, for people
// lib/runtime/compile-cache reads the lines too.
std::string encodeEntry(const EntryKey& key, std::string_view description, std::string_view payload);

// The payload of a whole entry of this key; nothing where a byte is missing or changed, or it is another machine's or
// another program's.
std::optional<std::string> decodeEntry(std::string_view file, const EntryKey& key);

}  // namespace livedream::cache

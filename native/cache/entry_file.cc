#include "cache/entry_file.h"

#include <cstddef>
#include <cstdint>

namespace livedream::cache {

namespace {

constexpr std::string_view kFormat = "livedream compiled program 1\n";
constexpr std::size_t kHashDigits = 16;

// FNV-1a: any changed byte changes it. It guards against accidents; whoever can write to the folder could also write
// the right hash, so that is kept by the file's owner and mode (entry_store.cc).
std::string hashOf(std::string_view bytes) {
  constexpr std::uint64_t kOffset = 14695981039346656037U;
  constexpr std::uint64_t kPrime = 1099511628211U;
  std::uint64_t hash = kOffset;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(kHashDigits, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, hash >>= 4U) *digit = kDigits[hash & 15U];
  return text;
}

bool take(std::string_view& from, std::string_view what) {
  if (from.substr(0, what.size()) != what) return false;
  from.remove_prefix(what.size());
  return true;
}

}  // namespace

std::string encodeEntry(const EntryKey& key, std::string_view description, std::string_view payload) {
  std::string content;
  content.reserve(key.machine.size() + key.name.size() + description.size() + payload.size() + 3);
  content.append(key.machine).append("\n").append(key.name).append("\n");
  for (const char character : description) content += character == '\n' ? ' ' : character;
  content.append("\n").append(payload);
  std::string file(kFormat);
  return file.append(hashOf(content)).append("\n").append(content);
}

std::optional<std::string> decodeEntry(std::string_view file, const EntryKey& key) {
  if (!take(file, kFormat)) return std::nullopt;
  const std::string_view hash = file.substr(0, kHashDigits);
  if (!take(file, hash) || !take(file, "\n") || hashOf(file) != hash) return std::nullopt;
  if (!take(file, key.machine) || !take(file, "\n")) return std::nullopt;
  if (!take(file, key.name) || !take(file, "\n")) return std::nullopt;
  const std::size_t end = file.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(file.substr(end + 1));
}

}  // namespace livedream::cache

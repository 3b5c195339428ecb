#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace livedream::cache {

struct StoreSettings {
  // The cache of all machines; one folder in it for each.
  std::filesystem::path root;
  std::string machine;
  // Of all machines' entries together.
  std::uint64_t limit_bytes = 0;
};

// Entries on disk, shared with other processes: written aside and renamed, so that nobody sees half of one, and evicted
// least recently used first. Nothing here fails: what cannot be read is not there, what cannot be written is not kept.
// From any thread.
class EntryStore {
 public:
  explicit EntryStore(StoreSettings settings);

  // The payload, which then counts as used. Drops an entry that is broken or foreign.
  std::optional<std::string> read(const std::string& name) const;
  void write(const std::string& name, std::string_view description, std::string_view payload) const;
  void remove(const std::string& name) const;
  // Down to the limit.
  void evict() const;

 private:
  std::filesystem::path fileOf(const std::string& name) const;

  StoreSettings settings_;
  std::filesystem::path folder_;
};

}  // namespace livedream::cache

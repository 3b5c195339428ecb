#include "cache/entry_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "cache/entry_file.h"

namespace livedream::cache {

namespace fs = std::filesystem;

namespace {

constexpr const char* kExtension = ".xla";
constexpr const char* kUnfinished = ".tmp";
// What a process left that died in writing; a living one writes for milliseconds.
constexpr std::chrono::hours kUnfinishedAge{1};

struct FileCloser {
  // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): this is the owner
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

// Entries are machine code that will run: only this user's own, which nobody else may write to.
bool isOwn(const struct stat& facts) noexcept {
  return S_ISREG(facts.st_mode) && facts.st_uid == geteuid() && (facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// Of this very file, whatever is put in its place meanwhile; `most` bytes, as it may be anything.
std::optional<std::string> contentOf(const fs::path& path, std::uint64_t most) {
  // Not waiting for a writer, where it is a pipe.
  const int descriptor = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  const File file(fdopen(descriptor, "rb"));
  struct stat facts {};
  if (!file || fstat(descriptor, &facts) != 0) {
    if (!file) close(descriptor);
    return std::nullopt;
  }
  if (!isOwn(facts) || static_cast<std::uint64_t>(facts.st_size) > most) return std::nullopt;
  std::string content(static_cast<std::size_t>(facts.st_size), '\0');
  if (std::fread(content.data(), 1, content.size(), file.get()) != content.size()) return std::nullopt;
  return content;
}

bool writeNew(const fs::path& path, std::string_view content) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return false;
  File file(fdopen(descriptor, "wb"));
  if (!file) {
    close(descriptor);
    return false;
  }
  const bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
  return std::fclose(file.release()) == 0 && written;
}

struct Found {
  fs::path path;
  std::uint64_t bytes = 0;
  fs::file_time_type used;
};

// All entries of all machines; removes what was left unfinished.
std::vector<Found> entriesBelow(const fs::path& root) {
  std::vector<Found> found;
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator walk(root, options, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    std::error_code gone;  // another process may remove it meanwhile
    const fs::file_time_type used = fs::last_write_time(walk->path(), gone);
    if (gone) continue;
    if (walk->path().extension() == kExtension) {
      const std::uint64_t bytes = fs::file_size(walk->path(), gone);
      if (!gone) found.push_back({walk->path(), bytes, used});
    } else if (walk->path().extension() == kUnfinished && used + kUnfinishedAge < fs::file_time_type::clock::now()) {
      fs::remove(walk->path(), gone);
    }
  }
  return found;
}

}  // namespace

EntryStore::EntryStore(StoreSettings settings)
    : settings_(std::move(settings)), folder_(settings_.root / settings_.machine) {
  evict();
}

fs::path EntryStore::fileOf(const std::string& name) const { return folder_ / (name + kExtension); }

std::optional<std::string> EntryStore::read(const std::string& name) const {
  const fs::path path = fileOf(name);
  std::error_code error;
  if (!fs::exists(path, error)) return std::nullopt;
  const std::optional<std::string> content = contentOf(path, settings_.limit_bytes);
  std::optional<std::string> payload;
  if (content) payload = decodeEntry(*content, {settings_.machine, name});
  if (payload) {
    fs::last_write_time(path, fs::file_time_type::clock::now(), error);
  } else {
    fs::remove(path, error);
  }
  return payload;
}

void EntryStore::write(const std::string& name, std::string_view description, std::string_view payload) const {
  const std::string content = encodeEntry({settings_.machine, name}, description, payload);
  if (content.size() > settings_.limit_bytes) return;
  std::error_code error;
  if (fs::create_directories(folder_, error)) fs::permissions(folder_, fs::perms::owner_all, error);
  static std::atomic<unsigned> count{0};
  const fs::path aside =
      folder_ / (name + "." + std::to_string(getpid()) + "." + std::to_string(count++) + kUnfinished);
  error.clear();
  if (writeNew(aside, content)) fs::rename(aside, fileOf(name), error);
  fs::remove(aside, error);  // where it could not be written whole or renamed
  evict();
}

void EntryStore::remove(const std::string& name) const {
  std::error_code error;
  fs::remove(fileOf(name), error);
}

void EntryStore::evict() const {
  std::vector<Found> entries = entriesBelow(settings_.root);
  std::sort(entries.begin(), entries.end(), [](const Found& a, const Found& b) { return a.used < b.used; });
  std::uint64_t total = 0;
  for (const Found& entry : entries) total += entry.bytes;
  for (const Found& entry : entries) {
    if (total <= settings_.limit_bytes) return;
    std::error_code error;
    fs::remove(entry.path, error);
    total -= entry.bytes;
  }
}

}  // namespace livedream::cache

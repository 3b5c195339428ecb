#include "tensorflow/file_system.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>

#include "tensorflow/compile_cache.h"
#include "tensorflow/file_system_api.h"
#include "tensorflow/status.h"

namespace livedream::tensorflow {

namespace {

void set(TF_Status* status, TF_Code code, const char* message = "") { api().TF_SetStatus(status, code, message); }

// No exception leaves through TensorFlow's C.
template <typename Work>
void guarded(TF_Status* status, Work work) noexcept {
  try {
    set(status, TF_OK);
    work();
  } catch (const std::exception& error) {
    set(status, TF_RESOURCE_EXHAUSTED, error.what());
  }
}

std::string nameOf(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

using Reading = std::shared_ptr<const std::string>;

struct Writing {
  std::string name;
  std::string bytes;
};

// TensorFlow writes an entry by a name of the moment and then renames it to its own: until then it lies here.
struct Unfinished {
  std::mutex mutex;
  std::map<std::string, std::string> files;
};

Unfinished& unfinished() noexcept {
  // For as long as TensorFlow, which outlives static destructors.
  static auto& instance =
      *new Unfinished;  // NOLINT(cppcoreguidelines-owning-memory,bugprone-unhandled-exception-at-new)
  return instance;
}

void openForReading(const void* /*filesystem*/, const char* path, PluginFile* file, TF_Status* status) {
  guarded(status, [&] {
    Reading entry = readCompiled(nameOf(path));
    if (!entry) return set(status, TF_NOT_FOUND, path);
    file->plugin_file = std::make_unique<Reading>(std::move(entry)).release();
  });
}

std::int64_t read(const PluginFile* file, std::uint64_t offset, std::size_t count, char* buffer, TF_Status* status) {
  const std::string& bytes = **static_cast<const Reading*>(file->plugin_file);
  const std::size_t from = std::min<std::size_t>(offset, bytes.size());
  const std::size_t got = bytes.copy(buffer, count, from);
  set(status, got == count ? TF_OK : TF_OUT_OF_RANGE);
  return static_cast<std::int64_t>(got);
}

void closeReading(PluginFile* file) { const std::unique_ptr<Reading> owner(static_cast<Reading*>(file->plugin_file)); }

void openForWriting(const void* /*filesystem*/, const char* path, PluginFile* file, TF_Status* status) {
  guarded(status, [&] {
    auto writing = std::make_unique<Writing>();
    writing->name = nameOf(path);
    file->plugin_file = writing.release();
  });
}

void append(const PluginFile* file, const char* bytes, std::size_t count, TF_Status* status) {
  guarded(status, [&] { static_cast<Writing*>(file->plugin_file)->bytes.append(bytes, count); });
}

std::int64_t tell(const PluginFile* file, TF_Status* status) {
  set(status, TF_OK);
  return static_cast<std::int64_t>(static_cast<Writing*>(file->plugin_file)->bytes.size());
}

void finishWriting(const PluginFile* file, TF_Status* status) {
  guarded(status, [&] {
    auto& writing = *static_cast<Writing*>(file->plugin_file);
    const std::lock_guard<std::mutex> lock(unfinished().mutex);
    unfinished().files[writing.name] = std::move(writing.bytes);
  });
}

void closeWriting(PluginFile* file) { const std::unique_ptr<Writing> owner(static_cast<Writing*>(file->plugin_file)); }

void rename(const void* /*filesystem*/, const char* from, const char* to, TF_Status* status) {
  guarded(status, [&] {
    std::string bytes;
    {
      const std::lock_guard<std::mutex> lock(unfinished().mutex);
      const auto found = unfinished().files.find(nameOf(from));
      if (found == unfinished().files.end()) return set(status, TF_NOT_FOUND, from);
      bytes = std::move(found->second);
      unfinished().files.erase(found);
    }
    writeCompiled(nameOf(to), bytes);
  });
}

void exists(const void* /*filesystem*/, const char* path, TF_Status* status) {
  guarded(status, [&] {
    if (!readCompiled(nameOf(path))) set(status, TF_NOT_FOUND, path);
  });
}

// Folders are there without being made.
void makeFolder(const void* /*filesystem*/, const char* /*path*/, TF_Status* status) { set(status, TF_OK); }

// TensorFlow frees the tables, by our function, once it has copied them.
template <typename Table>
Table* allocated(const Table& table) {
  void* memory = std::malloc(sizeof(Table));  // NOLINT: freed by plugin_memory_free
  return memory == nullptr ? nullptr : new (memory) Table(table);
}

void fill(FilesystemPluginOps& ops) {
  FilesystemOps system{};
  system.init = [](void* /*filesystem*/, TF_Status* status) { set(status, TF_OK); };
  system.cleanup = [](void* /*filesystem*/) {};
  system.new_random_access_file = openForReading;
  system.new_writable_file = openForWriting;
  system.create_dir = makeFolder;
  system.recursively_create_dir = makeFolder;
  system.rename_file = rename;
  system.path_exists = exists;
  ops.scheme = strdup("livedream");
  ops.filesystem_ops_size = sizeof(FilesystemOps);
  ops.filesystem_ops = allocated(system);
  ops.random_access_file_ops_size = sizeof(RandomAccessFileOps);
  ops.random_access_file_ops = allocated(RandomAccessFileOps{closeReading, read});
  ops.writable_file_ops_size = sizeof(WritableFileOps);
  ops.writable_file_ops = allocated(WritableFileOps{closeWriting, append, tell, nullptr, nullptr, finishWriting});
}

}  // namespace

std::string registerFileSystem(void* library) {
  void* symbol = dlsym(library, "TF_RegisterFilesystemPlugin");
  Dl_info addon{};
  if (symbol == nullptr || dladdr(reinterpret_cast<const void*>(&registerFileSystem), &addon) == 0) {
    return "it takes no file systems of others";
  }
  const Status status;
  reinterpret_cast<void (*)(const char*, TF_Status*)>(symbol)(addon.dli_fname, status.get());
  return status.ok() ? "" : status.message();
}

}  // namespace livedream::tensorflow

// What TensorFlow calls of a plugin. The addon is loaded already, so it is this very copy that is asked.
extern "C" __attribute__((visibility("default"))) void TF_InitPlugin(
    livedream::tensorflow::FilesystemPluginInfo* info) {
  info->plugin_memory_allocate = [](std::size_t bytes) { return std::malloc(bytes); };  // NOLINT: TensorFlow's to free
  info->plugin_memory_free = [](void* memory) { std::free(memory); };                   // NOLINT
  info->num_schemes = 0;
  info->ops = livedream::tensorflow::allocated(livedream::tensorflow::FilesystemPluginOps{});
  if (info->ops == nullptr) return;
  livedream::tensorflow::fill(*info->ops);
  info->num_schemes = 1;
}

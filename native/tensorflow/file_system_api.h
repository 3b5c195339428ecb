#pragma once

#include <cstddef>
#include <cstdint>

#include "tensorflow/api.h"

// TensorFlow's interface for file systems of others, declared by ourselves as api.h is: the part of
// tensorflow/c/experimental/filesystem/filesystem_interface.h that livedream fills in, in its order. ABI 0 since 2.3;
// TensorFlow copies as many bytes of a table as we say it has, and takes the rest as not provided.

namespace livedream::tensorflow {

struct PluginFile {
  void* plugin_file;  // ours
};

struct RandomAccessFileOps {
  void (*cleanup)(PluginFile*);
  std::int64_t (*read)(const PluginFile*, std::uint64_t offset, std::size_t count, char* buffer, TF_Status*);
};

struct WritableFileOps {
  void (*cleanup)(PluginFile*);
  void (*append)(const PluginFile*, const char* bytes, std::size_t count, TF_Status*);
  std::int64_t (*tell)(const PluginFile*, TF_Status*);
  void (*flush)(const PluginFile*, TF_Status*);
  void (*sync)(const PluginFile*, TF_Status*);
  void (*close)(const PluginFile*, TF_Status*);
};

// What has no meaning here is declared as `Unused` and left null.
using Unused = void (*)();

struct FilesystemOps {
  void (*init)(void* filesystem, TF_Status*);
  void (*cleanup)(void* filesystem);
  void (*new_random_access_file)(const void* filesystem, const char* path, PluginFile*, TF_Status*);
  void (*new_writable_file)(const void* filesystem, const char* path, PluginFile*, TF_Status*);
  Unused new_appendable_file;
  Unused new_read_only_memory_region_from_file;
  void (*create_dir)(const void* filesystem, const char* path, TF_Status*);
  void (*recursively_create_dir)(const void* filesystem, const char* path, TF_Status*);
  Unused delete_file;
  Unused delete_dir;
  Unused delete_recursively;
  void (*rename_file)(const void* filesystem, const char* from, const char* to, TF_Status*);
  Unused copy_file;
  void (*path_exists)(const void* filesystem, const char* path, TF_Status*);
};

struct FilesystemPluginOps {
  char* scheme;
  int filesystem_ops_abi;
  int filesystem_ops_api;
  std::size_t filesystem_ops_size;
  FilesystemOps* filesystem_ops;
  int random_access_file_ops_abi;
  int random_access_file_ops_api;
  std::size_t random_access_file_ops_size;
  RandomAccessFileOps* random_access_file_ops;
  int writable_file_ops_abi;
  int writable_file_ops_api;
  std::size_t writable_file_ops_size;
  WritableFileOps* writable_file_ops;
  int read_only_memory_region_ops_abi;
  int read_only_memory_region_ops_api;
  std::size_t read_only_memory_region_ops_size;
  void* read_only_memory_region_ops;
};

struct FilesystemPluginInfo {
  std::size_t num_schemes;
  FilesystemPluginOps* ops;
  void* (*plugin_memory_allocate)(std::size_t);
  void (*plugin_memory_free)(void*);
};

}  // namespace livedream::tensorflow

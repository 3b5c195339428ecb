#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cache/entry_store.h"

namespace livedream::tensorflow {

// XLA's compiled programs kept on disk, for all engines of the process. TensorFlow's own persistent cache decides what
// an entry is (a file named by a hash of the call's signature and one of the whole HLO module, which it compares once
// more when it reads it), but works on a file system of ours (file_system.h): so it never sees a broken entry, which
// would fail the call, nor one of another machine, which would be run; and what cannot be written fails nothing.
// Set once, when the library is opened; without, nothing is kept. All of this is for any thread.
void keepCompiled(cache::StoreSettings settings);

// Follows the first call of a function, for what becomes of its compilation. TensorFlow does not say; but the
// function's name stands in what it reads and writes.
class CompileWatch {
 public:
  struct Subject;

  // `description` is kept with the entry, for people.
  CompileWatch(std::string function, std::string description);
  CompileWatch(const CompileWatch&) = delete;
  CompileWatch& operator=(const CompileWatch&) = delete;
  ~CompileWatch();

  // Whether the machine code came from disk.
  bool loaded() const;
  // When it was kept, which is after it was compiled and before it first runs. Nothing where it was not, or where other
  // calls were compiling the same.
  std::optional<std::chrono::steady_clock::time_point> kept() const;
  // Removes the entry that came from disk: TensorFlow did not take it.
  void drop() const;

 private:
  std::shared_ptr<Subject> subject_;
};

// What TensorFlow does to an entry, by its name, through the file system.

// The entry's bytes, for as long as anything is being compiled; null where there is none.
std::shared_ptr<const std::string> readCompiled(const std::string& name);
void writeCompiled(const std::string& name, std::string_view bytes);

}  // namespace livedream::tensorflow

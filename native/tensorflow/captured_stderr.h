#pragma once

#include <string>

namespace livedream::tensorflow {

// Collects what C code writes to `stderr` while it lives. TensorFlow logs from static initializers, before any switch
// of its log can be set, and absl writes through the C library's stream. Only that pointer is exchanged (glibc and
// macOS allow it): file descriptor 2 stays as it is, so processes started meanwhile and Node's own stderr keep theirs.
// What another thread writes by the stream in these milliseconds is written on afterwards. One at a time.
class CapturedStderr {
 public:
  CapturedStderr() noexcept;
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;
  ~CapturedStderr();

  // Ends it: absl's lines are returned, all others go where they were meant to go.
  std::string finish();

 private:
  void restore() noexcept;

  bool capturing_ = false;
};

}  // namespace livedream::tensorflow

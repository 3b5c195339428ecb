#pragma once

namespace livedream::tensorflow {

// Holds back what the C library's static initializers write to file descriptor 2, for the length of a dlopen: absl
// prints two lines before any switch of its own can be reached. Lines of others that fall into the same moment are
// written afterwards, unchanged. Where the descriptor cannot be redirected it does nothing.
class QuietStderr {
 public:
  QuietStderr() noexcept;
  QuietStderr(const QuietStderr&) = delete;
  QuietStderr& operator=(const QuietStderr&) = delete;
  ~QuietStderr();

 private:
  int original_ = -1;
  int held_ = -1;
};

}  // namespace livedream::tensorflow

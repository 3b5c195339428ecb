#include "tensorflow/quiet_stderr.h"

#include <unistd.h>

#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace livedream::tensorflow {

namespace {

int temporaryFile() noexcept {
  std::string path = "/tmp/livedream-XXXXXX";
  const int descriptor = mkstemp(path.data());
  if (descriptor >= 0) unlink(path.c_str());
  return descriptor;
}

// absl's notice, and its prefix: severity, four digits of month and day, a time; "I0000 00:00:1795470207.245936 6069
// port.cc:153]"
bool isAbslLine(std::string_view line) noexcept {
  if (line.rfind("WARNING: All log messages before absl::InitializeLog()", 0) == 0) return true;
  constexpr std::size_t kPrefix = 6;
  if (line.size() < kPrefix || std::string_view("IWEF").find(line[0]) == std::string_view::npos || line[5] != ' ')
    return false;
  for (std::size_t i = 1; i < 5; ++i) {
    if (std::isdigit(static_cast<unsigned char>(line[i])) == 0) return false;
  }
  return true;
}

std::string readAll(int descriptor) {
  std::string text;
  std::array<char, 4096> chunk{};
  lseek(descriptor, 0, SEEK_SET);
  for (ssize_t count = 0; (count = read(descriptor, chunk.data(), chunk.size())) > 0;) {
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return text;
}

void writeAll(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t count = write(descriptor, text.data(), text.size());
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

QuietStderr::QuietStderr() noexcept {
  held_ = temporaryFile();
  if (held_ < 0) return;
  std::fflush(stderr);
  original_ = dup(STDERR_FILENO);
  if (original_ >= 0) dup2(held_, STDERR_FILENO);
}

QuietStderr::~QuietStderr() {
  if (held_ < 0) return;
  if (original_ >= 0) {
    std::fflush(stderr);
    dup2(original_, STDERR_FILENO);
    std::string_view rest;
    const std::string text = readAll(held_);
    for (rest = text; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
      if (!isAbslLine(line)) writeAll(original_, line);
      rest.remove_prefix(line.size());
    }
    close(original_);
  }
  close(held_);
}

}  // namespace livedream::tensorflow

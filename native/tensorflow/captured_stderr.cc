#include "tensorflow/captured_stderr.h"

#include <cctype>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace livedream::tensorflow {

namespace {

// The stream in memory is made once and never closed: a thread that has just read `stderr` may still write to it.
struct Memory {
  char* text = nullptr;
  std::size_t length = 0;
  std::FILE* stream = nullptr;
  std::FILE* original = nullptr;
};

Memory& memory() noexcept {
  static Memory instance;
  return instance;
}

std::FILE*& standardError() noexcept {
#ifdef __APPLE__
  return __stderrp;
#else
  return stderr;
#endif
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

}  // namespace

CapturedStderr::CapturedStderr() noexcept {
  Memory& m = memory();
  if (m.stream == nullptr) m.stream = open_memstream(&m.text, &m.length);
  if (m.stream == nullptr) return;
  std::rewind(m.stream);
  m.original = standardError();
  standardError() = m.stream;
  capturing_ = true;
}

CapturedStderr::~CapturedStderr() { restore(); }

void CapturedStderr::restore() noexcept {
  if (capturing_) standardError() = memory().original;
  capturing_ = false;
}

std::string CapturedStderr::finish() {
  if (!capturing_) return {};
  restore();
  const Memory& m = memory();
  std::fflush(m.stream);
  const std::string text(m.text, m.length);
  std::string own;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
    if (isAbslLine(line)) {
      own += line;
    } else {
      std::fwrite(line.data(), 1, line.size(), stderr);
    }
    rest.remove_prefix(line.size());
  }
  return own;
}

}  // namespace livedream::tensorflow

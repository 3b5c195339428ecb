#include "tensorflow/xla_flags.h"

#include <dlfcn.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace livedream::tensorflow {

namespace {

// A std::vector<tsl::Flag> as the library fills it; an empty one is all null. It is never freed: a few KB, once.
struct FlagList {
  const char* begin = nullptr;
  const char* end = nullptr;
  const char* capacity = nullptr;
};

// absl::Span<const tsl::Flag>, passed by value as two words.
struct FlagSpan {
  const void* data;
  std::size_t size;
};

// tensorflow::AppendMarkForCompilationPassFlags(std::vector<tsl::Flag>*): parses TF_XLA_FLAGS if that was not done.
constexpr const char* kAppendFlags =
    "_ZN10tensorflow33AppendMarkForCompilationPassFlagsEPSt6vectorIN3tsl4FlagESaIS2_EE";
// tsl::Flags::Parse(int*, char**, absl::Span<const tsl::Flag>): TensorFlow 2.21, by the name of its absl
constexpr const char* kParseSpan = "_ZN3tsl5Flags5ParseEPiPPcN4absl12lts_202508144SpanIKNS_4FlagEEE";
// tsl::Flags::Parse(int*, char**, const std::vector<tsl::Flag>&): before
constexpr const char* kParseVector = "_ZN3tsl5Flags5ParseEPiPPcRKSt6vectorINS_4FlagESaIS5_EE";

// Whether a flag may begin here: with its name, as libstdc++ keeps a std::string.
bool looksLikeFlag(const char* at) {
  struct Text {
    const char* data;
    std::size_t length;
    std::size_t capacity;  // of texts beyond kInPlace; others lie here
  } text{};
  constexpr std::size_t kInPlace = 15;
  constexpr std::size_t kLongest = 200;
  std::memcpy(&text, at, sizeof text);
  if (text.length < 4 || text.length > kLongest) return false;
  const bool in_place = text.data == at + offsetof(Text, capacity);
  if (in_place ? text.length > kInPlace : text.length <= kInPlace || text.capacity < text.length) return false;
  return in_place || text.capacity <= kLongest * 2 ? std::strncmp(text.data, "tf_", 3) == 0 : false;
}

// How many flags there are, whose size is the library's own affair: the least step at which each begins with a name.
std::size_t countFlags(const FlagList& list) {
  const auto bytes = static_cast<std::size_t>(list.end - list.begin);
  constexpr std::size_t kLeast = 64;
  constexpr std::size_t kMost = 1024;
  for (std::size_t step = kLeast; step <= kMost && step * 2 <= bytes; step += sizeof(void*)) {
    if (bytes % step != 0) continue;
    bool all = true;
    for (std::size_t at = 0; all && at < bytes; at += step) all = looksLikeFlag(list.begin + at);
    if (all) return bytes / step;
  }
  return 0;
}

}  // namespace

std::string setCompiledFolder(void* framework, void* library, const std::string& folder) {
  void* append = dlsym(library, kAppendFlags);
  void* parse_span = dlsym(framework, kParseSpan);
  void* parse_vector = dlsym(framework, kParseVector);
  if (append == nullptr || (parse_span == nullptr && parse_vector == nullptr)) return "it hides its flags";
  FlagList list;
  reinterpret_cast<void (*)(FlagList*)>(append)(&list);
  std::string program = "livedream";
  std::string flag = "--tf_xla_persistent_cache_directory=" + folder;
  std::array<char*, 3> arguments{program.data(), flag.data(), nullptr};
  int count = 2;
  if (parse_vector != nullptr) {
    reinterpret_cast<bool (*)(int*, char**, const FlagList&)>(parse_vector)(&count, arguments.data(), list);
  } else {
    const std::size_t flags = countFlags(list);
    if (flags == 0) return "its flags have an unknown form";
    reinterpret_cast<bool (*)(int*, char**, FlagSpan)>(parse_span)(&count, arguments.data(), {list.begin, flags});
  }
  // The parser takes out what it knows.
  return count == 1 ? "" : "it does not know the flag tf_xla_persistent_cache_directory";
}

}  // namespace livedream::tensorflow

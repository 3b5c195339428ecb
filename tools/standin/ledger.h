#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tensorflow/api.h"

// What the stand-in remembers of its caller: handles that are alive, calls that may fail, and the one that is to.

namespace livedream::standin {

enum class Kind : std::size_t {
  kStatus,
  kBuffer,
  kTensor,
  kMemory,
  kGraph,
  kImportOptions,
  kDescription,
  kFunction,
  kSessionOptions,
  kSession,
  kDeviceList,
  kContextOptions,
  kContext,
  kTensorHandle,
  kEagerOperation,
  kOperationDefinition,
  kShape,
  kKernelBuilder,
  kKernel,
  kEnd
};

constexpr std::array<const char*, static_cast<std::size_t>(Kind::kEnd)> kKindNames{"status",
                                                                                   "buffer",
                                                                                   "tensor",
                                                                                   "memory",
                                                                                   "graph",
                                                                                   "import options",
                                                                                   "operation description",
                                                                                   "function",
                                                                                   "session options",
                                                                                   "session",
                                                                                   "device list",
                                                                                   "context options",
                                                                                   "context",
                                                                                   "tensor handle",
                                                                                   "eager operation",
                                                                                   "operation definition",
                                                                                   "shape",
                                                                                   "kernel builder",
                                                                                   "kernel"};

// A member of every handle: counts it for as long as it lives.
class Counted {
 public:
  explicit Counted(Kind kind) noexcept;
  Counted(const Counted& other) noexcept : Counted(other.kind_) {}
  Counted& operator=(const Counted&) = delete;
  ~Counted();

 private:
  Kind kind_;
};

// Of each kind, what is alive.
std::map<std::string, std::int64_t> liveHandles();

// The call that is to fail: the `call`-th (from 0) of all calls that may fail, or of those of one function.
struct Fault {
  std::string function;  // empty: of any
  std::int64_t call = -1;
  tensorflow::TF_Code code = tensorflow::TF_INTERNAL;
  std::string message;
};

// A call that may fail as it was made: its function, and a number that calls by the same way through the program share.
struct Site {
  const char* function;
  std::uint64_t way;
};

// Begins to count anew; a call below 0 lets none fail. With `sites` it notes where each came from.
void arm(Fault fault, bool sites);
// The function of the call that failed; empty where none has.
std::string fired();
std::vector<Site> sites();
// How often each function was called since the stand-in was armed.
std::map<std::string, std::int64_t> calls();

// Counts a call that cannot fail.
void note(const char* function);
// Counts one that may, and says whether it is to; then the status, where there is one, is set.
bool fails(const char* function, tensorflow::TF_Status* status);

}  // namespace livedream::standin

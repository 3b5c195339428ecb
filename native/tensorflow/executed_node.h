#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tensorflow/context.h"

namespace livedream::tensorflow {

// An operation as TensorFlow runs it, with what its kernel is chosen by: a node of a function, or one that is called by
// itself.
struct ExecutedNode {
  std::string operation;
  std::map<std::string, std::vector<int>> types;          // its attributes that are types, or lists of them
  std::map<std::string, std::string> texts;               // its attributes that are texts
  std::map<std::string, std::vector<std::string>> calls;  // its attributes that are functions
};

// Everything in a function, and in all that it calls, as the context knows them.
std::vector<ExecutedNode> nodesOf(const Context& context, const std::string& function);

// While it lives, it keeps what this thread executes (Call). One at a time on a thread.
class CallRecorder {
 public:
  CallRecorder() noexcept;
  ~CallRecorder();
  CallRecorder(const CallRecorder&) = delete;
  CallRecorder& operator=(const CallRecorder&) = delete;

  const std::vector<ExecutedNode>& nodes() const noexcept { return nodes_; }
  // For Call.
  static void record(const TFE_Op* op);

 private:
  std::vector<ExecutedNode> nodes_;
};

}  // namespace livedream::tensorflow

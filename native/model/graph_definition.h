#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tensorflow/op_definitions.h"

namespace livedream {

// A node as a GraphDef or a function of its library has it (tensorflow/core/framework/node_def.proto). The texts lie in
// the file or in GraphDefinition::keep().
struct NodeDefinition {
  std::string_view name;
  std::string_view op;
  // In TensorFlow's own spelling: "name", "name:1", "^name" of a control input; in functions "name:output:0".
  std::vector<std::string_view> inputs;
  std::map<std::string_view, std::string_view> attributes;
  // As it stood in the file; empty where it was changed.
  std::string_view bytes;

  // Empty where it has none.
  std::string_view attribute(std::string_view key) const noexcept {
    const auto found = attributes.find(key);
    return found == attributes.end() ? std::string_view() : found->second;
  }
};

// tensorflow/core/framework/function.proto
struct FunctionDefinition {
  std::string_view name;
  tensorflow::OpDefinition signature;
  std::vector<NodeDefinition> nodes;
  // What each of its results is, by its name in the signature.
  std::map<std::string_view, std::string_view> results;
};

// A graph as its file has it, before TensorFlow sees any of it: read, changed by the passes of native/model, and
// written again. Does not own the file's bytes, which must outlive it.
class GraphDefinition {
 public:
  // Throws ERR_LIVEDREAM_MODEL_UNREADABLE for what is no GraphDef.
  explicit GraphDefinition(std::string_view bytes);

  std::vector<NodeDefinition> nodes;
  std::map<std::string_view, FunctionDefinition> functions;

  // Of the file, in bytes.
  std::size_t size() const noexcept { return size_; }
  // A text that lives as long as this.
  std::string_view keep(std::string text);
  // The GraphDef, without its functions.
  std::string serialized() const;

 private:
  std::size_t size_ = 0;
  std::vector<std::string_view> versions_;
  std::deque<std::string> kept_;
};

// The node of an input: its name without output number and the ^ of control inputs.
std::string_view nodeOf(std::string_view input) noexcept;
// The number of the output that an input takes.
std::size_t outputOf(std::string_view input) noexcept;
inline bool isControl(std::string_view input) noexcept { return !input.empty() && input.front() == '^'; }

}  // namespace livedream

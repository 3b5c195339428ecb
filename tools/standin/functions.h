#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "nodes.h"

// Functions, and what happens when one is called: kernels of livedream's own are run, and all else is made up.

namespace livedream::standin {

struct Port {
  TF_DataType type;
  MaybeShape shape;
};

// An output of a node, by the node's name.
using Source = std::pair<std::string, int>;

struct FunctionNode {
  std::string name;
  std::string op;
  std::map<std::string, std::string> attributes;
  std::vector<Port> inputs;
  std::vector<Source> sources;  // of the inputs
  std::vector<Port> outputs;
  std::string serialized;
};

struct FunctionBody {
  std::string name;
  std::size_t inputs = 0;
  std::vector<FunctionNode> nodes;
  std::vector<Port> outputs;
  std::vector<Source> sources;  // of the outputs
};

// A kernel that was made for a node.
class Kernel {
 public:
  // Refused where making it fails; null where the node's operation is none of livedream's own.
  static std::optional<Refusal> make(const FunctionNode& node, std::unique_ptr<Kernel>& made);
  Kernel(void* kernel, void (*compute)(void*, tensorflow::TF_OpKernelContext*), void (*remove)(void*)) noexcept
      : kernel_(kernel), compute_(compute), remove_(remove) {}
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  ~Kernel() { remove_(kernel_); }

  // With what other kernels gave, to which its own results are added; inputs of other nodes are made up.
  std::optional<Refusal> run(const FunctionNode& node, std::map<Source, Value>& results) const;

 private:
  void* kernel_;
  void (*compute_)(void*, tensorflow::TF_OpKernelContext*);
  void (*remove_)(void*);
  Counted counted_{Kind::kKernel};
};

// A function in a context, with the kernels that its first call makes. Several threads may call it.
class Function {
 public:
  explicit Function(std::shared_ptr<const FunctionBody> body) : body_(std::move(body)) {}

  const FunctionBody& body() const noexcept { return *body_; }
  std::optional<Refusal> call(std::vector<Value>& outputs);

 private:
  std::shared_ptr<const FunctionBody> body_;
  std::mutex mutex_;
  bool made_ = false;
  std::vector<std::pair<const FunctionNode*, std::unique_ptr<Kernel>>> kernels_;
};

// What kernels gave, and the rest made up.
std::optional<Refusal> gather(const std::vector<Port>& ports, const std::vector<Source>& sources,
                              const std::map<Source, Value>& results, std::vector<Value>& values);
std::optional<Refusal> makeUp(const std::vector<Port>& ports, std::vector<Value>& values);

}  // namespace livedream::standin

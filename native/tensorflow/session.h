#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tensorflow/context_config.h"
#include "tensorflow/graph.h"
#include "tensorflow/handles.h"

namespace livedream::tensorflow {

// An operation as it ran once. Times are nanoseconds since 1970.
struct TracedOperation {
  std::string name;       // of its node
  std::string operation;  // "Conv2D"
  std::string device;     // "CPU:0", or what TensorFlow calls a GPU's stream
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// A graph in a session of its own, as only sessions tell when each of their operations ran. The graph must outlive it.
// One thread's.
class Session {
 public:
  Session(const Graph& graph, const ContextSettings& settings);

  // Inputs are the graph's, each with its tensor.
  std::vector<TensorHandle> run(const std::vector<TF_Output>& inputs, const std::vector<TensorHandle>& tensors,
                                const std::vector<TF_Output>& outputs, const std::string& doing) const;
  // The same, and adds what ran to `traced`; in the order of their beginnings.
  std::vector<TensorHandle> trace(const std::vector<TF_Output>& inputs, const std::vector<TensorHandle>& tensors,
                                  const std::vector<TF_Output>& outputs, const std::string& doing,
                                  std::vector<TracedOperation>& traced) const;

 private:
  std::vector<TensorHandle> call(const std::vector<TF_Output>& inputs, const std::vector<TensorHandle>& tensors,
                                 const std::vector<TF_Output>& outputs, const std::string& doing,
                                 const TF_Buffer* options, TF_Buffer* metadata) const;

  bool gpu_;
  SessionHandle handle_;
};

}  // namespace livedream::tensorflow

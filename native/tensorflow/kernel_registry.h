#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tensorflow/executed_node.h"
#include "tensorflow/op_definitions.h"

namespace livedream::tensorflow {

// A kernel that a build of TensorFlow has, for whatever there is of its devices here: tensorflow/core/framework/
// kernel_def.proto. Those with a label are only for nodes that ask for it, which ours do not, and are left out.
struct RegisteredKernel {
  std::string device;
  // What it allows, by attribute: types, or texts.
  std::map<std::string, std::vector<int>> types;
  std::map<std::string, std::vector<std::string>> texts;
  std::vector<std::string> on_host;  // arguments that it takes or gives on the host
};

// What TensorFlow was built with. One thread at a time.
class KernelRegistry {
 public:
  // The kernel that a device of this type ("GPU", "XLA_GPU_JIT") would run the node by, as TensorFlow's
  // FindKernelRegistration chooses; null where it has none.
  const RegisteredKernel* find(const ExecutedNode& node, std::string_view device);
  // Those of its arguments that are tensors of floats and that the kernel keeps on the host.
  std::vector<std::string> floatsOnHost(const ExecutedNode& node, const RegisteredKernel& kernel);

 private:
  const std::vector<RegisteredKernel>& kernelsOf(const std::string& operation);

  OpDefinitions definitions_;
  std::map<std::string, std::vector<RegisteredKernel>> known_;
};

}  // namespace livedream::tensorflow

#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tensorflow/handles.h"

namespace livedream::tensorflow {

// An argument or a result of an operation: one tensor, or a list whose length or types an attribute of the node tells.
struct OpArgument {
  std::string name;
  int type = 0;                // a TF_DataType, where every node has the same
  std::string type_attribute;  // else the attribute that tells it
  std::string number_attribute;
  std::string type_list_attribute;
};

struct OpDefinition {
  std::vector<OpArgument> inputs;
  std::vector<OpArgument> outputs;
  bool stateful = false;
};

// tensorflow/core/framework/op_def.proto
OpDefinition readOpDefinition(std::string_view op_def);

// The operations that this TensorFlow has, each read once. One thread at a time.
class OpDefinitions {
 public:
  OpDefinitions() : graph_(api().TF_NewGraph()) {}

  // Null where TensorFlow has no such operation.
  const OpDefinition* find(std::string_view op);

 private:
  GraphHandle graph_;  // only to look up operations in
  std::map<std::string, OpDefinition, std::less<>> known_;
  std::set<std::string, std::less<>> missing_;
};

}  // namespace livedream::tensorflow

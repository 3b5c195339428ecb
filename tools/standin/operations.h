#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "handles.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/op_definitions.h"

// The operations that the stand-in knows, and which shapes and types they give. None is computed.

namespace livedream::standin {

namespace attr_value = tensorflow::attr_value;

// A node whose outputs are asked for.
struct Inference {
  const std::map<std::string, std::string>& attributes;
  std::vector<MaybeShape> shapes;                                 // of the inputs
  std::vector<std::optional<std::vector<std::int64_t>>> numbers;  // what constant inputs hold

  const Shape* shape(std::size_t input) const;
  const std::vector<std::int64_t>* values(std::size_t input) const;
  std::vector<std::int64_t> integers(const char* attribute) const;
  std::string_view text(const char* attribute) const;
  bool flag(const char* attribute) const;
};

using ShapeRule = std::vector<MaybeShape> (*)(const Inference&);

struct OperationEntry {
  tensorflow::OpDefinition definition;
  ShapeRule rule = nullptr;
  // Of operations of livedream's own.
  void (*infer)(tensorflow::TF_ShapeInferenceContext*, tensorflow::TF_Status*) = nullptr;
};

// Null where there is none. Any thread; what was found stays.
const OperationEntry* findOperation(const std::string& name);
// False where there is one already.
bool addOperation(const std::string& name, OperationEntry entry);
// "x: T" or "x: N * T", as REGISTER_OP has them; "x: [T]" for a list of types.
tensorflow::OpArgument parseArgument(std::string_view specification);
std::string serialized(const std::string& name, const OperationEntry& entry);

// The types of a node's outputs, one each; completes the attributes that its inputs decide. `groups` may be empty.
std::vector<TF_DataType> outputTypes(const OperationEntry& entry, const std::vector<TF_DataType>& inputs,
                                     const std::vector<int>& groups, std::map<std::string, std::string>& attributes);

// By the names that shapes.cc gives them.
ShapeRule ruleNamed(std::string_view name);

}  // namespace livedream::standin

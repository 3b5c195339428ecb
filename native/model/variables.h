#pragma once

#include <map>
#include <string>

#include "model/graph_definition.h"
#include "tensorflow/tensor.h"

namespace livedream {

// Replaces the variables of a graph by what the checkpoint's entries say: small ones by constants, large ones by
// placeholders, whose values it returns. Throws ERR_LIVEDREAM_MODEL_UNREADABLE.
std::map<std::string, tensorflow::TensorHandle> takeVariables(GraphDefinition& graph, const std::string& checkpoint,
                                                              const std::map<std::string, std::string>& entries);

bool isVariableHandle(std::string_view op) noexcept;
// Whether an operation is a variable, reads one or does anything with it.
bool isVariable(std::string_view op) noexcept;

}  // namespace livedream

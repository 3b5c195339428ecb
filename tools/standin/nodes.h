#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "handles.h"
#include "operations.h"

// Nodes of graphs: made of what a caller describes or of what a GraphDef says.

namespace livedream::standin {

// What is wrong with a node, for a status.
struct Refusal {
  tensorflow::TF_Code code;
  std::string message;
};

void refuse(tensorflow::TF_Status* status, const Refusal& refusal);
// By the function that an operation of livedream's own came with.
std::optional<Refusal> inferShapes(const OperationEntry& entry, const Inference& node,
                                   std::vector<MaybeShape>& outputs);
// Gives a node its types and shapes; what is missing of its attributes is completed.
std::optional<Refusal> complete(TF_Operation& node, const std::vector<int>& groups);
// Puts a complete node into a graph.
TF_Operation* place(tensorflow::TF_Graph& graph, TF_Operation node);
// Reads an attribute's tensor; nothing where it is none.
std::optional<Value> readTensor(std::string_view attribute);
std::string serializedNode(const TF_Operation& node);
std::optional<Refusal> importGraph(tensorflow::TF_Graph& graph, std::string_view graph_def);

}  // namespace livedream::standin

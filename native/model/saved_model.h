#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/graph_definition.h"

namespace livedream {

// A signature of a SavedModel: what it takes and gives, as "node:output".
struct Signature {
  std::string name;
  std::map<std::string, std::string> inputs;
  std::map<std::string, std::string> outputs;
};

// The graph of a SavedModel for serving: of its saved_model.pb the meta graph with the tag 'serve'.
struct SavedModel {
  std::string_view graph;  // a serialized GraphDef, within the file
  std::string_view restore_operation;
  std::vector<Signature> signatures;
};

// Reads a saved_model.pb, whose bytes must outlive the result. Throws ERR_LIVEDREAM_MODEL_UNREADABLE.
SavedModel readSavedModel(std::string_view bytes);

// The signature of that name; with an empty one 'serving_default' or the only one. Throws
// ERR_LIVEDREAM_MODEL_UNREADABLE, naming those that there are.
const Signature& chooseSignature(const SavedModel& model, const std::string& name);

// Leaves of a graph, its functions in place, what these nodes need.
void keepNeeded(GraphDefinition& graph, const std::vector<std::string_view>& nodes);

// Which entry of the checkpoint each variable is restored from, by the variable's node: told by the graph's own
// restoring operations, which are read, never run. A SavedModel is a program that TF_LoadSessionFromSavedModel would
// start, with whatever its initializer does (files, network).
std::map<std::string, std::string> checkpointEntries(const GraphDefinition& graph);

}  // namespace livedream

#pragma once

#include <string>

#include "model/graph_definition.h"
#include "model/saved_model.h"

namespace livedream {

// The name of the node that takes the picture: the one asked for, by its own name or by its signature's; else the
// placeholder 'input', the only one, or the only one that looks like a picture's. Throws
// ERR_LIVEDREAM_MODEL_UNREADABLE, naming the placeholders that there are with their types and shapes.
std::string findInput(const GraphDefinition& graph, const std::string& asked, const Signature* signature);

// Throws ERR_LIVEDREAM_MODEL_UNREADABLE for an input, as cutAtInput leaves it, that can be no picture's.
void checkInput(const GraphDefinition& graph, const std::string& input);

// TensorFlow's number of the type that a placeholder takes; 0 where it says none.
int placeholderType(const NodeDefinition& node) noexcept;

// "float32 of the shape [?, 224, 224, 3]", for messages.
std::string describePlaceholder(const NodeDefinition& node);

bool isPlaceholder(const NodeDefinition& node) noexcept;

}  // namespace livedream

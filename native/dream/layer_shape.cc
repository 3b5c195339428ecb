#include "dream/layer_shape.h"

#include "error.h"
#include "picture_shape.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr std::size_t kHead = 2;

}  // namespace

std::optional<Shape> layerShape(const std::optional<Shape>& own) {
  if (!own || own->size() == kPictureRank) return own;
  if (own->size() != kHead) return std::nullopt;
  return Shape{own->front(), 1, 1, own->back()};
}

TF_Output asLayer(Graph& graph, TF_Output output, const std::string& name) {
  const auto own = graph.shape(output);
  const auto shape = layerShape(own);
  if (!shape) {
    throw Error(code::kLayerUnknown,
                "'" + name + "' is no layer: it has neither height, width and channels nor a head's classes alone.");
  }
  return own->size() == kPictureRank ? output : graph.reshape(output, *shape);
}

TF_Output ofLayer(Graph& graph, TF_Output derivative, TF_Output output) {
  const Shape own = graph.shape(output).value();
  return own.size() == kPictureRank ? derivative : graph.reshape(derivative, own);
}

}  // namespace livedream

// The shapes that operations give, by rules that several share. Where an input's is not known, none is.

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <set>

#include "operations.h"
#include "tensorflow/wire_format.h"

namespace livedream::standin {

namespace {

using Numbers = std::vector<std::int64_t>;
using Shapes = std::vector<MaybeShape>;

std::int64_t from(std::int64_t axis, std::size_t rank) {
  return axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis;
}

std::size_t place(std::int64_t axis, std::size_t rank) { return static_cast<std::size_t>(from(axis, rank)); }

Shapes unknown(const Inference& /*node*/) { return {}; }

Shapes same(const Inference& node) { return {node.shapes.at(0)}; }

Shapes sameEach(const Inference& node) { return node.shapes; }

Shapes broadcast(const Inference& node) {
  Shape all;
  for (std::size_t input = 0; input < node.shapes.size(); ++input) {
    const Shape* shape = node.shape(input);
    if (shape == nullptr) return {};
    if (shape->size() > all.size()) all.insert(all.begin(), shape->size() - all.size(), 1);
    for (std::size_t i = 0; i < shape->size(); ++i) {
      std::int64_t& size = all[all.size() - shape->size() + i];
      size = (*shape)[i] == 1 ? size : (*shape)[i];
    }
  }
  return {all};
}

Shapes byAttribute(const Inference& node) {
  const auto found = node.attributes.find("shape");
  return {found == node.attributes.end() ? std::nullopt : attr_value::shape(found->second)};
}

Shapes toldBy(const Inference& node, std::size_t input) {
  const Numbers* sizes = node.values(input);
  return {sizes == nullptr ? std::nullopt : MaybeShape(*sizes)};
}

Shapes reduced(const Inference& node) {
  const Shape* shape = node.shape(0);
  const Numbers* axes = node.values(1);
  if (shape == nullptr || axes == nullptr) return {};
  std::set<std::size_t> gone;
  for (const std::int64_t axis : *axes) gone.insert(place(axis, shape->size()));
  Shape left;
  for (std::size_t axis = 0; axis < shape->size(); ++axis) {
    if (gone.count(axis) == 0) {
      left.push_back((*shape)[axis]);
    } else if (node.flag("keep_dims")) {
      left.push_back(1);
    }
  }
  return {left};
}

Shapes reshaped(const Inference& node) {
  const Shape* shape = node.shape(0);
  const Numbers* sizes = node.values(1);
  if (sizes == nullptr) return {};
  Shape found = *sizes;
  const auto open = std::find(found.begin(), found.end(), -1);
  if (open == found.end()) return {found};
  if (shape == nullptr) return {found};
  const auto count = [](const Shape& of) {
    return std::accumulate(of.begin(), of.end(), std::int64_t{1}, std::multiplies<>());
  };
  *open = 1;
  *open = count(*shape) / std::max<std::int64_t>(count(found), 1);
  return {found};
}

Shapes sliced(const Inference& node) {
  const Shape* shape = node.shape(0);
  const Numbers* begin = node.values(1);
  const Numbers* size = node.values(2);
  if (size == nullptr) return {};
  Shape found = *size;
  for (std::size_t axis = 0; axis < found.size(); ++axis) {
    if (found[axis] == -1 && begin != nullptr && shape != nullptr) found[axis] = (*shape)[axis] - (*begin)[axis];
  }
  return {found};
}

bool bitOf(const Inference& node, const char* attribute, std::size_t bit) {
  const auto found = node.attributes.find(attribute);
  if (found == node.attributes.end()) return false;
  return (attr_value::number(found->second, attr_value::kInteger).value_or(0) >> bit & 1U) != 0;
}

Shapes strided(const Inference& node) {
  const Numbers* begin = node.values(1);
  const Numbers* end = node.values(2);
  const Numbers* by = node.values(3);
  if (node.shape(0) == nullptr || begin == nullptr || end == nullptr || by == nullptr) return {};
  Shape found = *node.shape(0);
  for (std::size_t axis = 0; axis < begin->size(); ++axis) {
    const std::int64_t size = found[axis];
    const auto at = [size](std::int64_t place) { return std::min(place < 0 ? place + size : place, size); };
    const std::int64_t first = bitOf(node, "begin_mask", axis) ? 0 : at((*begin)[axis]);
    const std::int64_t last = bitOf(node, "end_mask", axis) ? size : at((*end)[axis]);
    found[axis] = std::max<std::int64_t>(0, (last - first + (*by)[axis] - 1) / (*by)[axis]);
  }
  return {found};
}

Shapes transposed(const Inference& node) {
  const Shape* shape = node.shape(0);
  const Numbers* order = node.values(1);
  if (shape == nullptr || order == nullptr) return {};
  Shape found;
  for (const std::int64_t axis : *order) found.push_back(shape->at(static_cast<std::size_t>(axis)));
  return {found};
}

Shapes concatenated(const Inference& node) {
  const std::size_t parts = node.shapes.size() - 1;
  const Numbers* axis = node.values(parts);
  if (axis == nullptr || node.shape(0) == nullptr) return {};
  Shape found = *node.shape(0);
  std::int64_t& size = found.at(place(axis->front(), found.size()));
  for (std::size_t part = 1; part < parts; ++part) {
    if (node.shape(part) == nullptr) return {};
    size += node.shape(part)->at(place(axis->front(), found.size()));
  }
  return {found};
}

Shapes packed(const Inference& node) {
  if (node.shape(0) == nullptr) return {};
  Shape found = *node.shape(0);
  const auto known = node.attributes.find("axis");
  const auto axis =
      known == node.attributes.end() ? 0 : attr_value::number(known->second, attr_value::kInteger).value_or(0);
  found.insert(found.begin() + static_cast<std::ptrdiff_t>(axis), static_cast<std::int64_t>(node.shapes.size()));
  return {found};
}

// Height and width after windows of these sizes.
Shapes windowed(const Inference& node, const Numbers& window, std::int64_t channels) {
  Shape found = *node.shape(0);
  const Numbers strides = node.integers("strides");
  for (std::size_t axis = 1; axis <= 2; ++axis) {
    if (found[axis] < 0) continue;
    const std::int64_t room = node.text("padding") == "SAME" ? found[axis] : found[axis] - window[axis - 1] + 1;
    found[axis] = (room + strides.at(axis) - 1) / strides.at(axis);
  }
  if (channels >= 0) found[3] = channels;
  return {found};
}

Shapes pooled(const Inference& node) {
  if (node.shape(0) == nullptr) return {};
  const Numbers sizes = node.integers("ksize");
  return windowed(node, {sizes.at(1), sizes.at(2)}, -1);
}

Shapes convolved(const Inference& node) {
  const Shape* filter = node.shape(1);
  if (node.shape(0) == nullptr || filter == nullptr) return {};
  return windowed(node, {filter->at(0), filter->at(1)}, filter->at(3));
}

Shapes convolvedEach(const Inference& node) {
  const Shape* filter = node.shape(1);
  if (node.shape(0) == nullptr || filter == nullptr) return {};
  return windowed(node, {filter->at(0), filter->at(1)}, filter->at(2) * filter->at(3));
}

std::int64_t blockOf(const Inference& node) {
  const auto found = node.attributes.find("block_size");
  if (found == node.attributes.end()) return 1;
  return static_cast<std::int64_t>(attr_value::number(found->second, attr_value::kInteger).value_or(1));
}

Shapes depthToSpace(const Inference& node) {
  if (node.shape(0) == nullptr) return {};
  const Shape& shape = *node.shape(0);
  const std::int64_t block = blockOf(node);
  return {Shape{shape.at(0), shape.at(1) * block, shape.at(2) * block, shape.at(3) / block / block}};
}

Shapes spaceToDepth(const Inference& node) {
  if (node.shape(0) == nullptr) return {};
  const Shape& shape = *node.shape(0);
  const std::int64_t block = blockOf(node);
  return {Shape{shape.at(0), shape.at(1) / block, shape.at(2) / block, shape.at(3) * block * block}};
}

Shapes resized(const Inference& node) {
  const Shape* shape = node.shape(0);
  const Numbers* size = node.values(1);
  if (shape == nullptr) return {};
  if (size == nullptr) return {Shape{shape->at(0), -1, -1, shape->at(3)}};
  return {Shape{shape->at(0), size->at(0), size->at(1), shape->at(3)}};
}

Shapes gathered(const Inference& node) {
  const Shape* shape = node.shape(0);
  const Shape* indices = node.shape(1);
  const Numbers* axis = node.values(2);
  if (shape == nullptr || indices == nullptr || axis == nullptr) return {};
  Shape found = *shape;
  const auto at = found.begin() + from(axis->front(), found.size());
  found.insert(found.erase(at), indices->begin(), indices->end());
  return {found};
}

Shapes padded(const Inference& node) {
  const Shape* shape = node.shape(0);
  const Numbers* by = node.values(1);
  if (shape == nullptr || by == nullptr) return {};
  Shape found = *shape;
  for (std::size_t axis = 0; axis < found.size(); ++axis) found[axis] += (*by)[2 * axis] + (*by)[2 * axis + 1];
  return {found};
}

Shapes multiplied(const Inference& node) {
  const Shape* a = node.shape(0);
  const Shape* b = node.shape(1);
  if (a == nullptr || b == nullptr) return {};
  return {Shape{a->at(node.flag("transpose_a") ? 1 : 0), b->at(node.flag("transpose_b") ? 0 : 1)}};
}

Shapes expanded(const Inference& node) {
  const Shape* shape = node.shape(0);
  const Numbers* axis = node.values(1);
  if (shape == nullptr || axis == nullptr) return {};
  Shape found = *shape;
  found.insert(found.begin() + from(axis->front(), found.size() + 1), 1);
  return {found};
}

Shapes tiled(const Inference& node) {
  const Shape* shape = node.shape(0);
  const Numbers* times = node.values(1);
  if (shape == nullptr || times == nullptr) return {};
  Shape found = *shape;
  for (std::size_t axis = 0; axis < found.size(); ++axis) found[axis] *= (*times)[axis];
  return {found};
}

Shapes shapeOfShape(const Inference& node) {
  if (node.shape(0) == nullptr) return {};
  return {Shape{static_cast<std::int64_t>(node.shape(0)->size())}};
}

struct NamedRule {
  std::string_view name;
  ShapeRule rule;
};

constexpr NamedRule kRules[] = {
    {"same", same},
    {"same each", sameEach},
    {"broadcast", broadcast},
    {"constant", unknown},  // a graph's constants know theirs
    {"attribute", byAttribute},
    {"told by the first", [](const Inference& node) { return toldBy(node, 0); }},
    {"told by the second", [](const Inference& node) { return toldBy(node, 1); }},
    {"reduce", reduced},
    {"reshape", reshaped},
    {"slice", sliced},
    {"stride", strided},
    {"transpose", transposed},
    {"concatenate", concatenated},
    {"pack", packed},
    {"pool", pooled},
    {"convolve", convolved},
    {"convolve each", convolvedEach},
    {"depth to space", depthToSpace},
    {"space to depth", spaceToDepth},
    {"resize", resized},
    {"gather", gathered},
    {"pad", padded},
    {"multiply", multiplied},
    {"expand", expanded},
    {"tile", tiled},
    {"shape", shapeOfShape},
    {"none", unknown},
    {"unknown", unknown},
};

}  // namespace

ShapeRule ruleNamed(std::string_view name) {
  return std::find_if(std::begin(kRules), std::end(kRules), [&](const NamedRule& each) { return each.name == name; })
      ->rule;
}

const Shape* Inference::shape(std::size_t input) const {
  return input < shapes.size() && shapes[input] ? &*shapes[input] : nullptr;
}

const Numbers* Inference::values(std::size_t input) const {
  return input < numbers.size() && numbers[input] ? &*numbers[input] : nullptr;
}

std::string_view Inference::text(const char* attribute) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? "" : attr_value::bytes(found->second, attr_value::kText).value_or("");
}

bool Inference::flag(const char* attribute) const {
  const auto found = attributes.find(attribute);
  return found != attributes.end() && attr_value::number(found->second, attr_value::kBoolean).value_or(0) != 0;
}

Numbers Inference::integers(const char* attribute) const {
  Numbers numbers_found;
  const auto found = attributes.find(attribute);
  if (found == attributes.end()) return numbers_found;
  const auto list = attr_value::bytes(found->second, attr_value::kList);
  if (!list) return numbers_found;
  tensorflow::WireReader reader(*list);
  while (const auto field = reader.next()) {
    if (field->number != attr_value::kInteger) continue;
    tensorflow::WireReader inner(field->bytes);
    if (!field->packed()) {
      numbers_found.push_back(static_cast<std::int64_t>(field->value));
    } else {
      while (const auto number = inner.varint()) numbers_found.push_back(static_cast<std::int64_t>(*number));
    }
  }
  return numbers_found;
}

}  // namespace livedream::standin

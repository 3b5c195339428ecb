#include "dream/gradient_normalization.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "dream/strided_gradient.h"
#include "picture_shape.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr int kBands = 4;
constexpr float kDeviationEpsilon = 1e-10F;
constexpr StridedConvolution kHalving{2, 5, 5, true};

constexpr std::int64_t kGaussians = 3;
constexpr std::array<float, kGaussians> kSpread{0.5F, 1.0F, 2.0F};  // of each, in sigmas
constexpr float kReach = 3;                                         // in deviations of the widest

// outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256 for each colour by itself, times `gain`: [5, 5, 3, 3].
TF_Output binomialFilter(Graph& graph, float gain) {
  constexpr std::array<float, 5> kBinomial{1, 4, 6, 4, 1};
  std::vector<float> values;
  for (const float row : kBinomial) {
    for (const float column : kBinomial) {
      for (std::int64_t from = 0; from < kColours; ++from) {
        for (std::int64_t to = 0; to < kColours; ++to) values.push_back(from == to ? row * column * gain / 256 : 0);
      }
    }
  }
  return graph.constant(tensorflow::makeTensor(values, {5, 5, kColours, kColours}).get());
}

TF_Output convolved(Graph& graph, TF_Output x, TF_Output filter, std::int64_t stride, const char* padding) {
  return NodeBuilder(graph, "Conv2D", graph.uniqueName("Conv2D"))
      .input(x)
      .input(filter)
      .integers("strides", {1, stride, stride, 1})
      .text("padding", padding)
      .finish();
}

// Of pictures: each divided by its own deviation from zero, which a band's mean is near.
TF_Output byDeviation(Graph& graph, TF_Output band) {
  const Shape shape = graph.shape(band).value();
  const TF_Output squares = graph.reducePictures("Mean", graph.unary("Square", band), shape.front() == 1);
  const TF_Output deviation = graph.binary("AddV2", graph.unary("Sqrt", squares), graph.constant(kDeviationEpsilon));
  return graph.binary("RealDiv", band, graph.reshape(deviation, {shape.front(), 1, 1, 1}));
}

std::vector<float> gaussian(float deviation, std::int64_t radius) {
  std::vector<float> values;
  float sum = 0;
  for (std::int64_t i = -radius; i <= radius; ++i) {
    const float distance = static_cast<float>(i) / deviation;
    values.push_back(std::exp(-distance * distance / 2));
    sum += values.back();
  }
  for (float& value : values) value /= sum;
  return values;
}

TF_Output mirrored(Graph& graph, TF_Output x, std::int64_t radius) {
  const auto r = static_cast<std::int32_t>(radius);
  const TF_Output sizes = graph.reshape(graph.constant(std::vector<std::int32_t>{0, 0, r, r, r, r, 0, 0}), {4, 2});
  return NodeBuilder(graph, "MirrorPad", graph.uniqueName("MirrorPad"))
      .input(x)
      .input(sizes)
      .text("mode", "REFLECT")
      .finish();
}

}  // namespace

TF_Output laplacianNormalized(Graph& graph, TF_Output gradient) {
  const TF_Output halving = binomialFilter(graph, 1);
  const TF_Output doubling = binomialFilter(graph, 4);
  const auto enlarged = [&](TF_Output small, TF_Output like) {
    return addStridedGradient(graph, kHalving, graph.shape(like).value(), doubling, small);
  };
  std::vector<TF_Output> bands;
  TF_Output rest = gradient;
  for (int band = 0; band < kBands; ++band) {
    const TF_Output smaller = convolved(graph, rest, halving, 2, "SAME");
    bands.push_back(graph.binary("Sub", rest, enlarged(smaller, rest)));
    rest = smaller;
  }
  TF_Output merged = byDeviation(graph, rest);
  for (auto band = bands.rbegin(); band != bands.rend(); ++band) {
    merged = graph.binary("AddV2", enlarged(merged, *band), byDeviation(graph, *band));
  }
  return merged;
}

TF_Output smoothed(Graph& graph, TF_Output gradient, std::int64_t radius, TF_Output rows, TF_Output columns) {
  const TF_Output x = convolved(graph, mirrored(graph, gradient, radius), rows, 1, "VALID");
  return convolved(graph, x, columns, 1, "VALID");
}

std::int64_t smoothingRadius(float sigma, const Octave& octave) noexcept {
  const auto wanted = static_cast<std::int64_t>(std::ceil(kReach * kSpread.back() * sigma));
  return std::min({wanted, octave.height - 1, octave.width - 1});
}

Shape smoothingRowsShape(std::int64_t radius) { return {2 * radius + 1, 1, kColours, kColours * kGaussians}; }

Shape smoothingColumnsShape(std::int64_t radius) { return {1, 2 * radius + 1, kColours * kGaussians, kColours}; }

SmoothingFilters smoothingFilters(float sigma, std::int64_t radius) {
  constexpr std::int64_t kMiddle = kColours * kGaussians;
  const auto count = static_cast<std::size_t>((2 * radius + 1) * kColours * kMiddle);
  SmoothingFilters filters{std::vector<float>(count, 0.0F), std::vector<float>(count, 0.0F)};
  for (std::int64_t g = 0; g < kGaussians; ++g) {
    const std::vector<float> values = gaussian(kSpread[static_cast<std::size_t>(g)] * sigma, radius);
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::int64_t colour = 0; colour < kColours; ++colour) {
        const std::int64_t middle = g * kColours + colour;
        const auto tap = static_cast<std::int64_t>(i);
        filters.rows[static_cast<std::size_t>((tap * kColours + colour) * kMiddle + middle)] = values[i];
        filters.columns[static_cast<std::size_t>((tap * kMiddle + middle) * kColours + colour)] =
            values[i] / static_cast<float>(kGaussians);
      }
    }
  }
  return filters;
}

}  // namespace livedream

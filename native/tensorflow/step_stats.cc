#include "tensorflow/step_stats.h"

#include <algorithm>
#include <string>
#include <utility>

#include "tensorflow/context.h"
#include "tensorflow/operation_names.h"
#include "tensorflow/wire_format.h"

namespace livedream::tensorflow {

namespace {

// "name = Conv2D(x, filter)", perhaps behind "[CPU] "; where there is no label, as of a GPU's kernels, the name.
std::string operationOf(std::string_view label, const std::string& name) {
  constexpr std::string_view kIs = " = ";
  const auto begin = label.find(kIs);
  if (begin == std::string_view::npos) return name.substr(name.rfind(':') + 1);
  const std::string_view call = label.substr(begin + kIs.size());
  return std::string(ownName(call.substr(0, call.find('('))));
}

// tensorflow/core/framework/step_stats.proto, NodeExecStats
TracedOperation readNode(std::string_view message) {
  constexpr std::uint32_t kName = 1;
  constexpr std::uint32_t kLabel = 8;
  constexpr std::uint32_t kStart = 13;
  constexpr std::uint32_t kBegin = 14;  // from the start on
  constexpr std::uint32_t kEnd = 15;
  TracedOperation node;
  std::string_view label;
  std::int64_t start = 0;
  WireReader reader(message);
  while (const auto field = reader.next()) {
    const auto value = static_cast<std::int64_t>(field->value);
    if (field->number == kName) node.name = std::string(field->bytes);
    if (field->number == kLabel) label = field->bytes;
    if (field->number == kStart) start = value;
    if (field->number == kBegin) node.begin = value;
    if (field->number == kEnd) node.end = value;
  }
  node.begin += start;
  node.end += start;
  node.operation = operationOf(label, node.name);
  return node;
}

void readDevice(std::string_view message, std::vector<TracedOperation>& traced) {
  constexpr std::uint32_t kDevice = 1;
  constexpr std::uint32_t kNode = 2;
  std::string device;
  const std::size_t first = traced.size();
  WireReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number == kDevice) device = shortDeviceName(field->bytes);
    if (field->number != kNode) continue;
    TracedOperation node = readNode(field->bytes);
    if (node.end > node.begin && node.name != "_SOURCE" && node.name != "_SINK") traced.push_back(std::move(node));
  }
  for (std::size_t i = first; i < traced.size(); ++i) traced[i].device = device;
}

}  // namespace

std::vector<TracedOperation> readTrace(std::string_view run_metadata) {
  // tensorflow/core/protobuf/config.proto, RunMetadata, and step_stats.proto, StepStats
  constexpr std::uint32_t kStepStats = 1;
  constexpr std::uint32_t kDeviceStats = 1;
  std::vector<TracedOperation> traced;
  WireReader metadata(run_metadata);
  while (const auto stats = metadata.next()) {
    if (stats->number != kStepStats) continue;
    WireReader devices(stats->bytes);
    while (const auto device = devices.next()) {
      if (device->number == kDeviceStats) readDevice(device->bytes, traced);
    }
  }
  std::stable_sort(traced.begin(), traced.end(),
                   [](const TracedOperation& a, const TracedOperation& b) { return a.begin < b.begin; });
  return traced;
}

}  // namespace livedream::tensorflow

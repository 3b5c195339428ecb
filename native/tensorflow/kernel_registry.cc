#include "tensorflow/kernel_registry.h"

#include <algorithm>
#include <utility>

#include "tensorflow/attr_value.h"
#include "tensorflow/data_type.h"
#include "tensorflow/status.h"
#include "tensorflow/wire_format.h"

namespace livedream::tensorflow {

namespace {

// Of a list of texts.
std::vector<std::string> textsOf(std::string_view value) {
  constexpr std::uint32_t kText = 2;
  std::vector<std::string> texts;
  WireReader reader(attr_value::bytes(value, attr_value::kList).value_or(std::string_view()));
  while (const auto field = reader.next()) {
    if (field->number == kText) texts.emplace_back(field->bytes);
  }
  return texts;
}

void addConstraint(RegisteredKernel& kernel, std::string_view constraint) {
  constexpr std::uint32_t kName = 1;
  constexpr std::uint32_t kAllowed = 2;
  std::string name;
  std::string_view allowed;
  WireReader reader(constraint);
  while (const auto field = reader.next()) {
    if (field->number == kName) name = std::string(field->bytes);
    if (field->number == kAllowed) allowed = field->bytes;
  }
  std::vector<std::string> texts = textsOf(allowed);
  if (texts.empty()) {
    kernel.types[name] = attr_value::types(allowed);
  } else {
    kernel.texts[name] = std::move(texts);
  }
}

std::vector<RegisteredKernel> readKernels(std::string_view kernel_list) {
  constexpr std::uint32_t kKernel = 1;
  constexpr std::uint32_t kDevice = 2;
  constexpr std::uint32_t kConstraint = 3;
  constexpr std::uint32_t kHostMemory = 4;
  constexpr std::uint32_t kLabel = 5;
  std::vector<RegisteredKernel> kernels;
  WireReader list(kernel_list);
  while (const auto entry = list.next()) {
    if (entry->number != kKernel) continue;
    RegisteredKernel kernel;
    bool labelled = false;
    WireReader reader(entry->bytes);
    while (const auto field = reader.next()) {
      if (field->number == kDevice) kernel.device = std::string(field->bytes);
      if (field->number == kConstraint) addConstraint(kernel, field->bytes);
      if (field->number == kHostMemory) kernel.on_host.emplace_back(field->bytes);
      if (field->number == kLabel) labelled = !field->bytes.empty();
    }
    if (!labelled) kernels.push_back(std::move(kernel));
  }
  return kernels;
}

template <typename Value>
bool contains(const std::vector<Value>& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// KernelAttrsMatch in tensorflow/core/framework/kernel_def_util.cc
bool fits(const RegisteredKernel& kernel, const ExecutedNode& node) {
  for (const auto& [attribute, allowed] : kernel.texts) {
    const auto given = node.texts.find(attribute);
    if (!contains(allowed, given == node.texts.end() ? std::string() : given->second)) return false;
  }
  return std::all_of(kernel.types.begin(), kernel.types.end(), [&](const auto& constraint) {
    const auto& [attribute, allowed] = constraint;
    const auto given = node.types.find(attribute);
    if (given == node.types.end()) return false;
    return std::all_of(given->second.begin(), given->second.end(),
                       [&allowed = allowed](int type) { return contains(allowed, type); });
  });
}

const RegisteredKernel* firstOf(const std::vector<RegisteredKernel>& kernels, const ExecutedNode& node,
                                std::string_view device) {
  const auto found = std::find_if(kernels.begin(), kernels.end(),
                                  [&](const auto& kernel) { return kernel.device == device && fits(kernel, node); });
  return found == kernels.end() ? nullptr : &*found;
}

// XLA's own devices never take a kernel that is for any device.
bool compiles(std::string_view device) noexcept { return device.rfind("XLA_", 0) == 0; }

bool isFloat(int type) noexcept { return type == TF_FLOAT || type == kDouble || isHalfType(type); }

bool isOfFloats(const OpArgument& argument, const ExecutedNode& node) {
  const std::string& attribute =
      argument.type_attribute.empty() ? argument.type_list_attribute : argument.type_attribute;
  const auto types = node.types.find(attribute);
  if (types == node.types.end()) return isFloat(argument.type);
  return std::any_of(types->second.begin(), types->second.end(), isFloat);
}

}  // namespace

const std::vector<RegisteredKernel>& KernelRegistry::kernelsOf(const std::string& operation) {
  const auto known = known_.find(operation);
  if (known != known_.end()) return known->second;
  const Status status;
  const BufferHandle buffer(api().TF_GetRegisteredKernelsForOp(operation.c_str(), status.get()));
  status.check("looking up the kernels of '" + operation + "'");
  const std::string_view bytes(static_cast<const char*>(buffer->data), buffer->length);
  return known_.emplace(operation, readKernels(bytes)).first->second;
}

const RegisteredKernel* KernelRegistry::find(const ExecutedNode& node, std::string_view device) {
  const std::vector<RegisteredKernel>& kernels = kernelsOf(node.operation);
  const RegisteredKernel* own = firstOf(kernels, node, device);
  return own != nullptr || compiles(device) ? own : firstOf(kernels, node, "DEFAULT");
}

std::vector<std::string> KernelRegistry::floatsOnHost(const ExecutedNode& node, const RegisteredKernel& kernel) {
  std::vector<std::string> found;
  const OpDefinition* definition = definitions_.find(node.operation);
  if (definition == nullptr) return found;
  for (const std::vector<OpArgument>* arguments : {&definition->inputs, &definition->outputs}) {
    for (const OpArgument& argument : *arguments) {
      if (contains(kernel.on_host, argument.name) && isOfFloats(argument, node)) found.push_back(argument.name);
    }
  }
  return found;
}

}  // namespace livedream::tensorflow

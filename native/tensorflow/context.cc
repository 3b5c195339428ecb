#include "tensorflow/context.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "error.h"
#include "tensorflow/executed_node.h"
#include "tensorflow/gpu_memory.h"
#include "tensorflow/status.h"

namespace livedream::tensorflow {

namespace {

ContextHandle newContext(const ContextSettings& settings) {
  const Status status;
  const ContextOptionsHandle options(api().TFE_NewContextOptions());
  const std::string config = contextConfig(settings);
  api().TFE_ContextOptionsSetConfig(options.get(), config.data(), config.size(), status.get());
  status.check("configuring a context");
  ContextHandle context(api().TFE_NewContext(options.get(), status.get()));
  status.check("making a context");
  return context;
}

}  // namespace

std::string shortDeviceName(std::string_view full_name) {
  constexpr std::string_view kMarker = "device:";
  const auto at = full_name.rfind(kMarker);
  return std::string(at == std::string_view::npos ? full_name : full_name.substr(at + kMarker.size()));
}

Context::Context(const ContextSettings& settings) {
  if (!settings.gpu) {
    handle_ = newContext(settings);
    return;
  }
  withGpuMemory(settings.gpu_memory_fraction, [&](double fraction) {
    ContextSettings granted = settings;
    granted.gpu_memory_fraction = fraction;
    handle_ = newContext(granted);
    const std::vector<Device> found = devices();
    return std::any_of(found.begin(), found.end(), [](const Device& device) { return device.type == "GPU"; });
  });
}

std::vector<Device> Context::devices() const {
  const Status status;
  const DeviceListHandle list(api().TFE_ContextListDevices(get(), status.get()));
  status.check("listing the devices");
  std::vector<Device> devices;
  const int count = api().TF_DeviceListCount(list.get());
  for (int i = 0; i < count; ++i) {
    // Null where it fails.
    const char* name = api().TF_DeviceListName(list.get(), i, status.get());
    status.check("listing the devices");
    const char* type = api().TF_DeviceListType(list.get(), i, status.get());
    status.check("listing the devices");
    const std::int64_t bytes = api().TF_DeviceListMemoryBytes(list.get(), i, status.get());
    status.check("listing the devices");
    devices.push_back({name, type, bytes});
  }
  return devices;
}

Device Context::device(const std::string& short_name) const {
  std::string names;
  for (Device& device : devices()) {
    if (device.shortName() == short_name) return std::move(device);
    names += (names.empty() ? "" : ", ") + device.shortName();
  }
  throw Error(code::kDeviceUnavailable, "There is no device " + short_name + "; TensorFlow sees " + names + ".");
}

void Context::addFunction(const Graph& graph, const std::string& name, const std::vector<TF_Output>& inputs,
                          const std::vector<TF_Output>& outputs) {
  const Status status;
  const FunctionHandle function(api().TF_GraphToFunction(
      graph.get(), name.c_str(), /*append_hash=*/0, /*operations: all=*/-1, nullptr, static_cast<int>(inputs.size()),
      inputs.data(), static_cast<int>(outputs.size()), outputs.data(), nullptr, nullptr, nullptr, status.get()));
  status.check("making the function '" + name + "'");
  api().TFE_ContextAddFunction(get(), function.get(), status.get());
  status.check("adding the function '" + name + "'");
}

EagerHandle Context::upload(const TF_Tensor* tensor, const Device& device) const {
  EagerHandle host = onHost(tensor);
  if (device.shortName() == "CPU:0") return host;
  const Status status;
  EagerHandle copy(api().TFE_TensorHandleCopyToDevice(host.get(), get(), device.full_name.c_str(), status.get()));
  status.check("copying to " + device.shortName());
  return copy;
}

EagerHandle Context::onHost(const TF_Tensor* tensor) const {
  const Status status;
  EagerHandle handle(api().TFE_NewTensorHandle(tensor, status.get()));
  status.check("making a tensor handle");
  return handle;
}

TensorHandle download(const EagerHandle& handle) {
  const Status status;
  TensorHandle tensor(api().TFE_TensorHandleResolve(handle.get(), status.get()));
  status.check("copying from the device");
  return tensor;
}

std::vector<float> floatsOf(const EagerHandle& handle, std::size_t count) {
  const TensorHandle tensor = download(handle);
  const auto* values = dataOf<float>(tensor.get());
  return {values, values + count};
}

Call::Call(const Context& context, const std::string& name, const Device& device) {
  const Status status;
  op_.reset(api().TFE_NewOp(context.get(), name.c_str(), status.get()));
  status.check("preparing '" + name + "'");
  api().TFE_OpSetDevice(op_.get(), device.full_name.c_str(), status.get());
  status.check("placing '" + name + "' on " + device.shortName());
}

Call& Call::input(const EagerHandle& handle) {
  const Status status;
  api().TFE_OpAddInput(op_.get(), handle.get(), status.get());
  status.check("adding an input");
  return *this;
}

Call& Call::inputs(const std::vector<const EagerHandle*>& handles) {
  const Status status;
  std::vector<TFE_TensorHandle*> raw;
  raw.reserve(handles.size());
  for (const EagerHandle* handle : handles) raw.push_back(handle->get());
  api().TFE_OpAddInputList(op_.get(), raw.data(), static_cast<int>(raw.size()), status.get());
  status.check("adding inputs");
  return *this;
}

Call& Call::boolean(const char* attribute, bool value) {
  api().TFE_OpSetAttrBool(op_.get(), attribute, value ? 1 : 0);
  return *this;
}

Call& Call::text(const char* attribute, std::string_view value) {
  api().TFE_OpSetAttrString(op_.get(), attribute, value.data(), value.size());
  return *this;
}

Call& Call::type(const char* attribute, TF_DataType value) {
  api().TFE_OpSetAttrType(op_.get(), attribute, value);
  return *this;
}

std::vector<EagerHandle> Call::execute(int outputs, const std::string& doing, const char* refused) {
  const Status status;
  std::vector<TFE_TensorHandle*> raw(static_cast<std::size_t>(outputs), nullptr);
  int count = outputs;
  CallRecorder::record(op_.get());
  api().TFE_Execute(op_.get(), raw.data(), &count, status.get());
  std::vector<EagerHandle> results;
  results.reserve(raw.size());
  for (TFE_TensorHandle* handle : raw) results.emplace_back(handle);
  status.check(doing, status.refused() ? refused : nullptr);
  return results;
}

EagerHandle Call::result(const std::string& doing) { return std::move(execute(1, doing).front()); }

}  // namespace livedream::tensorflow

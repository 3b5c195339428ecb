#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tensorflow/context_config.h"
#include "tensorflow/graph.h"
#include "tensorflow/handles.h"
#include "tensorflow/tensor.h"

namespace livedream::tensorflow {

// "/job:localhost/replica:0/task:0/device:CPU:0" -> "CPU:0"
std::string shortDeviceName(std::string_view full_name);

struct Device {
  // TensorFlow's full name, such as "/job:localhost/replica:0/task:0/device:CPU:0".
  std::string full_name;
  std::string type;
  std::int64_t memory_bytes = 0;

  // "CPU:0"
  std::string shortName() const { return shortDeviceName(full_name); }
};

// An eager context: a set of devices, the functions added to it, and everything compiled for them, which all live and
// die with it. Calls may come from several threads, as Python's do; each handle is one thread's at a time.
class Context {
 public:
  explicit Context(const ContextSettings& settings);

  TFE_Context* get() const noexcept { return handle_.get(); }

  std::vector<Device> devices() const;
  // Throws ERR_LIVEDREAM_DEVICE_UNAVAILABLE naming those there are.
  Device device(const std::string& short_name) const;

  // Makes the whole graph a function of this context.
  void addFunction(const Graph& graph, const std::string& name, const std::vector<TF_Output>& inputs,
                   const std::vector<TF_Output>& outputs);

  // To the device; on the CPU the tensor's memory is shared, not copied.
  EagerHandle upload(const TF_Tensor* tensor, const Device& device) const;
  // A handle on the host, whichever device runs.
  EagerHandle onHost(const TF_Tensor* tensor) const;

 private:
  ContextHandle handle_;
};

// Back to the host; on the CPU the memory is shared, not copied.
TensorHandle download(const EagerHandle& handle);
// The first `count` of its values.
std::vector<float> floatsOf(const EagerHandle& handle, std::size_t count);

// One call of an operation or function on the device:
//   Call(context, "AddV2", device).input(x).input(y).execute(1, "adding")
class Call {
 public:
  Call(const Context& context, const std::string& name, const Device& device);

  Call& input(const EagerHandle& handle);
  // Of an input that takes so many.
  Call& inputs(const std::vector<const EagerHandle*>& handles);
  Call& boolean(const char* attribute, bool value);
  Call& type(const char* attribute, TF_DataType value);
  Call& text(const char* attribute, std::string_view value);

  // `refused` is the error code where TensorFlow cannot do this at all; other failures keep theirs.
  std::vector<EagerHandle> execute(int outputs, const std::string& doing, const char* refused = nullptr);
  // For operations of one output.
  EagerHandle result(const std::string& doing);

 private:
  EagerOpHandle op_;
};

}  // namespace livedream::tensorflow

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "dream/home.h"
#include "tensorflow/context.h"

namespace livedream {

// The network's weights on the device, put there once and shared by every program of every workspace: other contexts
// get handles to the same memory. Must outlive those handles. Engine's thread only.
class Weights {
 public:
  // On a CPU the memory of the values is shared, on a GPU they are copied and freed; those of another type than float32
  // are converted on the device.
  Weights(const std::vector<tensorflow::TensorHandle>& values, std::vector<tensorflow::TF_DataType> types,
          std::shared_ptr<const Home> home);

  // Handles of another context to the same memory; no copy.
  std::vector<tensorflow::EagerHandle> share(const tensorflow::Context& context) const;

  std::uint64_t uploads() const noexcept { return handles_.size(); }

 private:
  std::shared_ptr<const Home> home_;
  std::vector<tensorflow::EagerHandle> handles_;  // destroyed before the context they live in
  std::vector<tensorflow::Shape> shapes_;
  std::vector<tensorflow::TF_DataType> types_;
};

}  // namespace livedream

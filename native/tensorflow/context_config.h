#pragma once

#include <string>

namespace livedream::tensorflow {

struct ContextSettings {
  // Without it TensorFlow does not even look for a GPU.
  bool gpu = false;
  // What part of each GPU's memory it may take, as it grows; 0: gpu_memory.h.
  double gpu_memory_fraction = 0;
  // How many devices the processor is to be, each of all its cores; more than one serve tests of several devices.
  int processors = 1;
  // Threads inside one operation; 0 leaves it to TensorFlow, which asks once in a process.
  int threads = 0;
};

// The settings as a serialized tensorflow.ConfigProto.
std::string contextConfig(const ContextSettings& settings);

}  // namespace livedream::tensorflow

// What a process may take of a GPU's memory, without TensorFlow or a GPU: prints one line for each answer.
#include <cstdio>
#include <string>

#include "error.h"
#include "tensorflow/context_config.h"
#include "tensorflow/gpu_memory.h"

namespace {

void config(double fraction) {
  livedream::tensorflow::ContextSettings settings;
  settings.gpu = true;
  settings.gpu_memory_fraction = fraction;
  for (const char byte : livedream::tensorflow::contextConfig(settings)) {
    std::printf("%02x", static_cast<unsigned char>(byte));
  }
  std::printf("\n");
}

void ask(double fraction, bool sees_gpu) {
  try {
    livedream::tensorflow::withGpuMemory(fraction, [&](double granted) {
      std::printf("%g\n", granted);
      return sees_gpu;
    });
  } catch (const livedream::Error& error) {
    std::printf("%s %s\n", error.code(), error.what());
  }
}

}  // namespace

int main() {
  config(0);
  config(0.25);
  ask(0.5, false);
  ask(0.25, true);
  ask(0, true);
  ask(0.25, true);
  ask(0.75, true);
  ask(0, true);
  return 0;
}

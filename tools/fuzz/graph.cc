// A libFuzzer target: whatever bytes a model's file has, its graph is prepared or refused with an Error, soon and within bounds.
// LIVEDREAM_FRAMEWORK and LIVEDREAM_LIBRARY name TensorFlow's two files. The last byte says how the model is described.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cancellation.h"
#include "error.h"
#include "model/prepared_graph.h"
#include "tensorflow/library.h"

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  livedream::tensorflow::openLibrary(std::getenv("LIVEDREAM_FRAMEWORK"), std::getenv("LIVEDREAM_LIBRARY"), false);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned how = data[size - 1];
  livedream::ModelSpec spec;
  spec.graph.assign(reinterpret_cast<const char*>(data), size - 1);
  if ((how & 1U) != 0) spec.input = "input";
  if ((how & 2U) != 0) {
    livedream::GivenValue fed;
    fed.placeholder = "training";
    fed.values = {0};
    spec.feeds.push_back(fed);
  }
  if ((how & 4U) != 0) spec.signature = "serving_default";
  try {
    livedream::prepareGraph(spec, livedream::Cancellation());
  } catch (const livedream::Error&) {
    // A refusal; anything else ends the process.
  }
  return 0;
}

#pragma once

#include <string>
#include <vector>

#include "cancellation.h"
#include "dream/network.h"
#include "dream/plan.h"

namespace livedream {

// An operation of a program, and whether this build of TensorFlow has kernels for it on GPUs, whether or not there is
// one here.
struct KernelFinding {
  std::string program;    // as in errors: "a step of a picture of 96 x 64 pixels on 'mixed4d'"
  std::string operation;  // "Conv2D"
  std::string types;      // "T float32"
  bool compiled = false;  // by XLA: what counts is xla_gpu, and elsewhere gpu
  bool gpu = false;
  bool xla_gpu = false;
  std::vector<std::string> floats_on_host;  // arguments that the GPU's kernel takes or gives on the host all the same
};

// Of every program that the engine could need for the plan, each operation once, and of what it does between them.
// Builds the programs and runs none. Throws as building them does, and ERR_LIVEDREAM_ABORTED.
std::vector<KernelFinding> findKernels(const Network& network, const Plan& plan, const Cancellation& cancellation);

}  // namespace livedream

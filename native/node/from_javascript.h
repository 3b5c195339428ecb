#pragma once

#include <napi.h>

#include <string>

#include "dream/network.h"
#include "dream/plan.h"
#include "dream/session.h"
#include "tensorflow/tensor.h"

namespace livedream::node {

// Readers of the objects that lib/binding/native.ts describes. lib/ has validated what users gave, so a wrong value
// here is a fault of ours: they throw a TypeError that names the field.

SessionSettings readSettings(const Napi::Object& object);
// Everything but the bytes of the graph.
ModelSpec readModel(const Napi::Object& object);
// Throws where the numbers contradict each other, because memory is read by them.
Plan readPlan(const Napi::Object& object);

// A picture in JavaScript's memory, which the caller keeps alive until it was copied.
struct PictureView {
  const void* data = nullptr;
  std::size_t bytes = 0;
  tensorflow::TF_DataType type = tensorflow::TF_UINT8;
  tensorflow::Shape shape;

  // Into TensorFlow's memory; for the worker's thread.
  tensorflow::TensorHandle copy() const;
};

// Uint8Array or Float32Array of the plan's last octave.
PictureView readPicture(const Napi::Value& value, const Plan& plan);

}  // namespace livedream::node

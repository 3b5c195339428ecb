#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tensorflow/context.h"
#include "tensorflow/graph.h"

namespace livedream {

// A While that goes round a fixed number of times, for programs that XLA compiles: TensorFlow's StatelessWhile, whose
// condition and body are functions of the context.
class CountedLoop {
 public:
  struct Argument {
    tensorflow::TF_DataType type;
    tensorflow::Shape shape;
  };
  using Outputs = std::vector<tensorflow::TF_Output>;
  // From the round's number, int32, and what was handed on and is the same in all rounds to what is handed on.
  using Body = std::function<Outputs(tensorflow::Graph& graph, tensorflow::TF_Output round, const Outputs& handed_on,
                                     const Outputs& same)>;

  // Adds the functions, `name` and more; the body is called once, here.
  CountedLoop(tensorflow::Context& context, std::string name, std::int64_t rounds,
              const std::vector<Argument>& handed_on, const std::vector<Argument>& same, const Body& body);

  // What the last round handed on. The arguments have the types and shapes that were said.
  Outputs addTo(tensorflow::Graph& graph, const Outputs& handed_on, const Outputs& same) const;

 private:
  std::string condition() const { return name_ + "_condition"; }
  std::string body() const { return name_ + "_body"; }

  std::string name_;
};

// The types and shapes of outputs whose shapes are known.
std::vector<CountedLoop::Argument> argumentsOf(const tensorflow::Graph& graph, const CountedLoop::Outputs& outputs);

// `x` without its first axis, where that is `row`, an int32.
tensorflow::TF_Output rowOf(tensorflow::Graph& graph, tensorflow::TF_Output x, tensorflow::TF_Output row);
// `x`, of `shape`, with another row; XLA writes it in place.
tensorflow::TF_Output withRow(tensorflow::Graph& graph, tensorflow::TF_Output x, const tensorflow::Shape& shape,
                              tensorflow::TF_Output row, tensorflow::TF_Output value);
tensorflow::TF_Output zeros(tensorflow::Graph& graph, const tensorflow::Shape& shape);

// A call of a function of `outputs` outputs, all float32.
CountedLoop::Outputs callFunction(tensorflow::Graph& graph, const std::string& name, const CountedLoop::Outputs& inputs,
                                  std::size_t outputs);

}  // namespace livedream

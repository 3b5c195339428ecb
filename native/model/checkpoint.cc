#include "model/checkpoint.h"

#include <utility>

#include "error.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/context.h"
#include "tensorflow/data_type.h"
#include "tensorflow/graph.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::TF_Output;

namespace {

TF_Output constantText(const tensorflow::Graph& graph, const std::string& name, const std::string& value) {
  return tensorflow::NodeBuilder(graph, "Const", name)
      .proto("dtype", attr_value::ofType(tensorflow::kString))
      .proto("value", value)
      .finish();
}

}  // namespace

std::vector<tensorflow::TensorHandle> readCheckpoint(const std::string& prefix, const std::vector<std::string>& entries,
                                                     const std::vector<int>& types) {
  const tensorflow::Graph graph;
  const std::vector<std::string> whole(entries.size());
  TF_Output restored = tensorflow::NodeBuilder(graph, "RestoreV2", "restored")
                           .input(constantText(graph, "prefix", attr_value::ofScalarText(prefix)))
                           .input(constantText(graph, "entries", attr_value::ofTexts(entries)))
                           .input(constantText(graph, "slices", attr_value::ofTexts(whole)))
                           .proto("dtypes", attr_value::ofTypes(types))
                           .finish(code::kModelUnreadable);
  std::vector<TF_Output> outputs;
  for (std::size_t i = 0; i < entries.size(); ++i) outputs.push_back({restored.oper, static_cast<int>(i)});
  tensorflow::Context context({});
  const char* name = "livedream_checkpoint";
  context.addFunction(graph, name, {}, outputs);
  tensorflow::Call call(context, name, context.device("CPU:0"));
  std::vector<tensorflow::TensorHandle> tensors;
  try {
    for (const auto& handle : call.execute(static_cast<int>(outputs.size()), "reading the variables of the SavedModel",
                                           code::kModelUnreadable)) {
      tensors.push_back(tensorflow::download(handle));
    }
  } catch (const Error& error) {
    throw Error(code::kModelUnreadable,
                "The SavedModel's variables cannot be read from the files '" + prefix +
                    ".*': one is missing or damaged. Copy the whole folder of the SavedModel again.",
                error.detail());
  }
  return tensors;
}

}  // namespace livedream

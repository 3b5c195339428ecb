#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cancellation.h"
#include "model/model_spec.h"
#include "tensorflow/graph.h"
#include "tensorflow/tensor.h"

namespace livedream {

struct Mode;
class Probe;

// What the network's picture input is, as its graph declares it.
struct InputFacts {
  std::string name;
  std::string type;    // "float32", "uint8"
  std::string shape;   // "[?, 224, 224, 3]"; empty where it is not declared
  std::string layout;  // "NHWC", "NCHW", "HWC" or "CHW"
};

struct LayerSummary {
  std::string name;
  std::string op;
  std::int64_t channels = 0;
  bool head = false;  // no feature maps, but [batch, channels], such as the answers for classes
};

// The memory of one step on some layers at once, of what all of them need once.
struct LayersCost {
  double bytes_per_pixel = 0;
  // What it costs whatever the picture: tensors whose size the graph itself decides.
  double fixed_bytes = 0;
};

struct Layer : LayerSummary, LayersCost {
  std::int64_t stride = 1;
  std::int64_t least_size = 1;
  // The layer that it is an activation of; empty for others.
  std::string before_activation;
};

// One node of the imported graph, outside TensorFlow: inputs by position, attributes as serialized protos.
struct NetworkNode {
  struct Input {
    std::size_t node = 0;
    int output = 0;
  };

  std::string name;
  std::string op;
  std::vector<Input> inputs;
  // How `inputs` divides into arguments: 0 for a single input, n for a list of n.
  std::vector<int> groups;
  std::vector<std::pair<std::string, std::string>> attributes;
  // Its place in Network::weightShapes(), or -1.
  int weight = -1;
  // No layer: put in between the network's own nodes, or of integers to it.
  bool helper = false;
};

// A frozen network: imported and checked by TensorFlow once, then kept as plain records with the weights apart, from
// which any number of pruned graphs are built. Immutable after construction; owned by the engine's thread.
class Network {
 public:
  // Throws ERR_LIVEDREAM_MODEL_UNREADABLE, also where no layer can be dreamed, or ERR_LIVEDREAM_ABORTED.
  Network(const ModelSpec& spec, const Cancellation& cancellation);
  // The same in a mode's precision (reduced_network.h), without weights' values.
  Network(const Network& network, const Mode& mode);

  const InputFacts& inputFacts() const noexcept { return input_facts_; }

  const Preprocessing& preprocessing() const noexcept { return preprocessing_; }
  const std::vector<NetworkNode>& nodes() const noexcept { return nodes_; }
  const std::vector<tensorflow::Shape>& weightShapes() const noexcept { return weight_shapes_; }
  const std::vector<tensorflow::TF_DataType>& weightTypes() const noexcept { return weight_types_; }
  std::size_t weightBytes() const noexcept;
  // The weights' values on the host, for whoever puts them on a device; the network keeps their shapes alone.
  std::vector<tensorflow::TensorHandle> takeWeights() noexcept { return std::exchange(weights_, {}); }
  std::size_t input() const noexcept { return input_; }
  // Whether a node depends on the picture.
  bool seesPicture(std::size_t node) const { return sees_picture_[node]; }

  // Every layer that can be dreamed: of float32, reached from the picture, and of four axes, or of two as a head has.
  const std::vector<LayerSummary>& layers() const noexcept { return layers_; }
  // Nodes that cannot be dreamed, each with the reason, to follow "it needs".
  const std::map<std::string, std::string>& leftOut() const noexcept { return left_out_; }
  // Throws ERR_LIVEDREAM_LAYER_UNKNOWN.
  std::int64_t channels(const std::string& layer) const;
  // Placeholders that have no value, with what they take.
  const std::map<std::string, std::string>& unfed() const noexcept { return unfed_; }
  // Its stride, least picture and cost, found by shape inference. Throws ERR_LIVEDREAM_LAYER_UNKNOWN.
  Layer layer(const std::string& name, const Cancellation& cancellation) const;
  // Of several together. Throws ERR_LIVEDREAM_LAYER_UNKNOWN.
  LayersCost cost(const std::vector<std::string>& names, const Cancellation& cancellation) const;
  // The same of every layer, in a small part of the time that asking about each would take. Throws
  // ERR_LIVEDREAM_ABORTED.
  std::vector<Layer> allLayers(const Cancellation& cancellation) const;
  // The layer whose negative answers an activation drops, also from behind the pools that follow it; empty for others.
  std::string beforeActivation(const std::string& layer) const;

  // The nodes that the layers need, in topological order. Throws ERR_LIVEDREAM_LAYER_UNKNOWN.
  std::vector<std::size_t> needed(const std::vector<std::string>& layers) const;
  // Its place in nodes(). Throws ERR_LIVEDREAM_LAYER_UNKNOWN.
  std::size_t find(const std::string& name) const;

 private:
  void import(const ModelSpec& spec, const Cancellation& cancellation);
  void adaptInput();
  void keepChannelsLast(const Cancellation& cancellation);
  void nameNodes();
  void markPicture();
  bool preparesPicture() const;
  void choosePreprocessing(const ModelSpec& spec);
  void listLayers(const Cancellation& cancellation);
  void list(const std::vector<std::size_t>& found, const Probe& probe, const Cancellation& cancellation);
  void leaveOutMisfits(const Probe& probe);
  bool onlyCasts() const;
  [[noreturn]] void refuseWithoutLayers() const;
  bool isListed(const std::string& layer) const;
  const LayerSummary& summary(const std::string& name) const;

  Preprocessing preprocessing_;
  std::vector<NetworkNode> nodes_;
  std::vector<tensorflow::TensorHandle> weights_;
  std::vector<tensorflow::Shape> weight_shapes_;
  std::vector<tensorflow::TF_DataType> weight_types_;
  std::map<std::string, std::size_t> by_name_;
  std::size_t input_ = 0;
  std::vector<bool> sees_picture_;
  std::vector<LayerSummary> layers_;
  std::map<std::string, std::string> left_out_;
  std::map<std::string, std::string> unfed_;
  InputFacts input_facts_;
  std::int64_t copies_ = 1;                // of the picture that it takes at once
  int input_type_ = tensorflow::TF_FLOAT;  // as declared
};

}  // namespace livedream

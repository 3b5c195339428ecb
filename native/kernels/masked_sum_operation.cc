#include <algorithm>

#include "error.h"
#include "kernels/masked_sum.h"
#include "kernels/operations.h"
#include "kernels/parallel.h"
#include "kernels/stored.h"
#include "tensorflow/custom_operation.h"

namespace livedream::kernels {

namespace {

using tensorflow::dataOf;
using tensorflow::KernelAttributes;
using tensorflow::KernelCall;
using tensorflow::TensorHandle;
using tensorflow::TF_Tensor;

// Values that are taken at once where channels are not divided: they stay in the first-level cache.
constexpr std::size_t kChunk = 2048;

class MaskedSumKernel {
 public:
  explicit MaskedSumKernel(const KernelAttributes& attributes)
      : offset_(static_cast<std::size_t>(attributes.integer("offset"))), masked_(attributes.flag("masked")) {}

  static std::vector<int> shapesLike(int inputs) { return {inputs - 1}; }

  void compute(const KernelCall& call) const {
    Tensors tensors;
    for (int i = 0; i < call.inputs(); ++i) tensors.push_back(call.input(i));
    const TensorHandle activation = std::move(tensors.back());
    tensors.pop_back();
    // In the first one's place alone: the others are still read when the sum has been begun.
    const TensorHandle sum = call.outputInPlace(0, activation.get(), {0});
    if (tensorflow::api().TF_TensorType(sum.get()) == tensorflow::TF_FLOAT) {
      return run<float>(tensors, activation.get(), sum.get());
    }
    run<BFloat16>(tensors, activation.get(), sum.get());
  }

 private:
  using Tensors = std::vector<TensorHandle>;

  // Rows of a part and of the sum: channels, where the sum has but some of the part's, or else a chunk of all values.
  struct Rows {
    std::size_t count;
    std::size_t size;    // of the sum's
    std::size_t stride;  // of the part's
  };

  template <typename T>
  void run(const Tensors& parts, const TF_Tensor* activation, const TF_Tensor* sum) const {
    const auto values = static_cast<std::size_t>(tensorflow::elementCount(tensorflow::shapeOf(sum)));
    if (values == 0) return;
    const auto channels = static_cast<std::size_t>(tensorflow::shapeOf(sum).back());
    const auto of_part = static_cast<std::size_t>(tensorflow::shapeOf(parts.front().get()).back());
    check(parts, values / channels, channels, of_part);
    const std::size_t pieces = partsFor((parts.size() + 2) * values * sizeof(T));
    if (channels != of_part) {
      const Rows rows{values / channels, channels, of_part};
      return inParallel(
          pieces, [&](std::size_t i) { runRows<T>(parts, activation, sum, rows, Range::part(rows.count, i, pieces)); });
    }
    inParallel(pieces, [&](std::size_t i) { runChunks<T>(parts, activation, sum, Range::part(values, i, pieces)); });
  }

  // Nothing else looks whether the parts have what is read of them.
  void check(const Tensors& parts, std::size_t positions, std::size_t channels, std::size_t of_part) const {
    const auto fits = [&](const TensorHandle& part) {
      const auto shape = tensorflow::shapeOf(part.get());
      return static_cast<std::size_t>(shape.back()) == of_part &&
             static_cast<std::size_t>(tensorflow::elementCount(shape)) == positions * of_part;
    };
    const bool room = offset_ + channels <= of_part;
    if (!room || !std::all_of(parts.begin(), parts.end(), fits)) {
      throw Error(code::kInternal, "A sum got parts of another size than its own.");
    }
  }

  template <typename T>
  struct Row {
    Row(std::size_t parts, std::size_t most) : activation(most), sum(most), from(parts) {
      for (std::size_t i = 0; i < parts; ++i) readers.emplace_back(most);
    }

    Reader<T> activation;
    Writer<T> sum;
    std::vector<Reader<T>> readers;
    std::vector<const float*> from;
  };

  template <typename T>
  void add(Row<T>& row, const Tensors& parts, std::size_t part_at, const TF_Tensor* activation, const TF_Tensor* sum,
           std::size_t at, std::size_t count) const {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      row.from[i] = row.readers[i].read(dataOf<T>(parts[i].get()) + part_at, count);
    }
    T* to = dataOf<T>(sum) + at;
    const float* mask = masked_ ? row.activation.read(dataOf<T>(activation) + at, count) : nullptr;
    maskedSum(mask, row.from, count, row.sum.room(to));
    row.sum.write(to, count);
  }

  template <typename T>
  void runRows(const Tensors& parts, const TF_Tensor* activation, const TF_Tensor* sum, const Rows& rows,
               const Range& range) const {
    Row<T> row(parts.size(), rows.size);
    for (std::size_t at = range.first; at < range.last; ++at) {
      add(row, parts, at * rows.stride + offset_, activation, sum, at * rows.size, rows.size);
    }
  }

  template <typename T>
  void runChunks(const Tensors& parts, const TF_Tensor* activation, const TF_Tensor* sum, const Range& range) const {
    Row<T> row(parts.size(), kChunk);
    for (std::size_t at = range.first; at < range.last; at += kChunk) {
      add(row, parts, at, activation, sum, at, std::min(kChunk, range.last - at));
    }
  }

  std::size_t offset_;
  bool masked_;
};

}  // namespace

void registerMaskedSum() {
  tensorflow::registerCustom<MaskedSumKernel>({kMaskedSum,
                                               {"T: {float, bfloat16}", "N: int >= 1", "offset: int", "masked: bool"},
                                               {"parts: N * T", "activation: T"},
                                               {"sum: T"}},
                                              {tensorflow::TF_FLOAT, tensorflow::TF_BFLOAT16});
}

}  // namespace livedream::kernels

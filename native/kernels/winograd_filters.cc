#include "kernels/winograd_filters.h"

#include <map>
#include <mutex>
#include <utility>

namespace livedream::kernels {

namespace {

using tensorflow::TensorHandle;

FilterShape shapeOfFilter(const tensorflow::TF_Tensor* weight) {
  const tensorflow::Shape shape = tensorflow::shapeOf(weight);
  return {static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[2]), static_cast<std::size_t>(shape[3])};
}

// The process's, as the kernels are.
struct Filters {
  using Key = std::pair<const void*, bool>;

  std::mutex mutex;
  std::map<Key, std::weak_ptr<const FilterOfWeight>> known;

  void dropExpired() {
    for (auto entry = known.begin(); entry != known.end();) {
      entry = entry->second.expired() ? known.erase(entry) : std::next(entry);
    }
  }
};

Filters& filters() {
  static Filters instance;
  return instance;
}

}  // namespace

FilterOfWeight::FilterOfWeight(TensorHandle of, bool gradient)
    : weight(std::move(of)), filter(tensorflow::dataOf<float>(weight.get()), shapeOfFilter(weight.get()), gradient) {}

std::shared_ptr<const FilterOfWeight> filterOf(TensorHandle weight, bool gradient) {
  Filters& all = filters();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const Filters::Key key{tensorflow::dataOf<float>(weight.get()), gradient};
  const auto known = all.known.find(key);
  if (known != all.known.end()) {
    if (auto filter = known->second.lock()) return filter;
  }
  all.dropExpired();
  auto made = std::make_shared<const FilterOfWeight>(std::move(weight), gradient);
  all.known[key] = made;
  return made;
}

}  // namespace livedream::kernels

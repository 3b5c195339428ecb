#include "tensorflow/compile_cache.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace livedream::tensorflow {

struct CompileWatch::Subject {
  std::string function;
  std::string description;
  std::string loaded_entry;  // its name; empty where none was loaded
  std::optional<std::chrono::steady_clock::time_point> kept;
};

namespace {

using Subject = CompileWatch::Subject;

struct State {
  std::mutex mutex;  // guards all but the store itself
  std::optional<cache::EntryStore> store;
  std::vector<std::shared_ptr<Subject>> watched;
  // TensorFlow looks whether an entry is there and then reads it twice: it shall find the same each time, whatever
  // other processes do meanwhile.
  std::map<std::string, std::shared_ptr<const std::string>> read;
};

// Never destroyed: engine threads of a dying process may still compile.
State& state() noexcept {
  static auto& instance = *new State;  // NOLINT(cppcoreguidelines-owning-memory,bugprone-unhandled-exception-at-new)
  return instance;
}

// An entry begins with its key and the name of the HLO module, which is the function's name and the call's attributes.
bool isOf(const Subject& subject, std::string_view entry) {
  constexpr std::size_t kBeginning = 1024;
  return entry.substr(0, kBeginning).find(subject.function + "[") != std::string_view::npos;
}

std::vector<std::shared_ptr<Subject>> subjectsOf(const State& all, std::string_view entry) {
  std::vector<std::shared_ptr<Subject>> found;
  std::copy_if(all.watched.begin(), all.watched.end(), std::back_inserter(found),
               [entry](const auto& subject) { return isOf(*subject, entry); });
  return found;
}

const cache::EntryStore* storeOf(State& all) {
  const std::lock_guard<std::mutex> lock(all.mutex);
  return all.store ? &*all.store : nullptr;
}

}  // namespace

void keepCompiled(cache::StoreSettings settings) {
  State& all = state();
  const std::lock_guard<std::mutex> lock(all.mutex);
  if (!all.store) all.store.emplace(std::move(settings));
}

CompileWatch::CompileWatch(std::string function, std::string description) : subject_(std::make_shared<Subject>()) {
  subject_->function = std::move(function);
  subject_->description = std::move(description);
  State& all = state();
  const std::lock_guard<std::mutex> lock(all.mutex);
  all.watched.push_back(subject_);
}

CompileWatch::~CompileWatch() {
  State& all = state();
  const std::lock_guard<std::mutex> lock(all.mutex);
  all.watched.erase(std::find(all.watched.begin(), all.watched.end(), subject_));
  if (all.watched.empty()) all.read.clear();
}

bool CompileWatch::loaded() const {
  const std::lock_guard<std::mutex> lock(state().mutex);
  return !subject_->loaded_entry.empty();
}

std::optional<std::chrono::steady_clock::time_point> CompileWatch::kept() const {
  const std::lock_guard<std::mutex> lock(state().mutex);
  return subject_->kept;
}

void CompileWatch::drop() const {
  State& all = state();
  const std::lock_guard<std::mutex> lock(all.mutex);
  if (all.store && !subject_->loaded_entry.empty()) all.store->remove(subject_->loaded_entry);
  all.read.erase(subject_->loaded_entry);
  subject_->loaded_entry.clear();
}

std::shared_ptr<const std::string> readCompiled(const std::string& name) {
  State& all = state();
  const cache::EntryStore* store = storeOf(all);
  if (store == nullptr) return nullptr;
  std::shared_ptr<const std::string> entry;
  {
    const std::lock_guard<std::mutex> lock(all.mutex);
    const auto known = all.read.find(name);
    if (known != all.read.end()) entry = known->second;
  }
  if (!entry) {
    std::optional<std::string> payload = store->read(name);
    if (!payload) return nullptr;
    entry = std::make_shared<const std::string>(std::move(*payload));
  }
  const std::lock_guard<std::mutex> lock(all.mutex);
  // Also of an entry that another call has read: it may be this one's too.
  const auto subjects = subjectsOf(all, *entry);
  if (subjects.empty()) {
    store->remove(name);
    return nullptr;
  }
  for (const auto& subject : subjects) subject->loaded_entry = name;
  all.read[name] = entry;
  return entry;
}

void writeCompiled(const std::string& name, std::string_view bytes) {
  State& all = state();
  const cache::EntryStore* store = storeOf(all);
  if (store == nullptr) return;
  std::string description;
  {
    const std::lock_guard<std::mutex> lock(all.mutex);
    for (const auto& subject : subjectsOf(all, bytes)) description = subject->description;
  }
  store->write(name, description, bytes);
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto subjects = subjectsOf(all, bytes);
  if (subjects.size() == 1) subjects.front()->kept = std::chrono::steady_clock::now();
}

}  // namespace livedream::tensorflow

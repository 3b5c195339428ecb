#include "ledger.h"

#include <execinfo.h>

#include <atomic>
#include <mutex>

#include "handles.h"

namespace livedream::standin {

namespace {

struct State {
  std::array<std::atomic<std::int64_t>, static_cast<std::size_t>(Kind::kEnd)> live{};
  std::mutex mutex;
  Fault fault;
  bool notes_sites = false;
  std::int64_t made = 0;
  std::map<std::string_view, std::int64_t> calls;
  std::string fired;
  std::vector<Site> sites;
};

// Never destroyed: threads of a dying process may still call.
State& state() noexcept {
  static auto& instance = *new State;
  return instance;
}

// The addresses of the callers, as one number. The topmost is this file's; beyond a dozen it is threads and Node.
std::uint64_t wayHere() {
  constexpr int kDepth = 12;
  constexpr int kOwn = 3;
  constexpr std::uint64_t kPrime = 1099511628211U;
  std::array<void*, kDepth> frames{};
  const int count = backtrace(frames.data(), kDepth);
  std::uint64_t way = 14695981039346656037U;
  for (int i = kOwn; i < count; ++i) {
    way = (way ^ reinterpret_cast<std::uintptr_t>(frames[static_cast<std::size_t>(i)])) * kPrime;
  }
  return way;
}

}  // namespace

Counted::Counted(Kind kind) noexcept : kind_(kind) { ++state().live[static_cast<std::size_t>(kind)]; }

Counted::~Counted() { --state().live[static_cast<std::size_t>(kind_)]; }

std::map<std::string, std::int64_t> liveHandles() {
  std::map<std::string, std::int64_t> found;
  for (std::size_t kind = 0; kind < kKindNames.size(); ++kind) found[kKindNames[kind]] = state().live[kind];
  return found;
}

void arm(Fault fault, bool sites) {
  State& all = state();
  const std::lock_guard<std::mutex> lock(all.mutex);
  all.fault = std::move(fault);
  all.notes_sites = sites;
  all.made = 0;
  all.calls.clear();
  all.fired.clear();
  all.sites.clear();
}

std::string fired() {
  const std::lock_guard<std::mutex> lock(state().mutex);
  return state().fired;
}

std::vector<Site> sites() {
  const std::lock_guard<std::mutex> lock(state().mutex);
  return state().sites;
}

std::map<std::string, std::int64_t> calls() {
  const std::lock_guard<std::mutex> lock(state().mutex);
  return {state().calls.begin(), state().calls.end()};
}

void note(const char* function) {
  State& all = state();
  const std::lock_guard<std::mutex> lock(all.mutex);
  ++all.calls[function];
}

bool fails(const char* function, tensorflow::TF_Status* status) {
  State& all = state();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const std::int64_t of_function = all.calls[function]++;
  const std::int64_t of_any = all.made++;
  if (all.notes_sites) all.sites.push_back({function, wayHere()});
  const Fault& fault = all.fault;
  const bool due =
      fault.function.empty() ? fault.call == of_any : fault.function == function && fault.call == of_function;
  if (status != nullptr) {
    status->code = due ? fault.code : tensorflow::TF_OK;
    status->message = due ? fault.message : "";
  }
  if (due) all.fired = function;
  return due;
}

}  // namespace livedream::standin

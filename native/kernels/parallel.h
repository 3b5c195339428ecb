#pragma once

#include <cstddef>
#include <functional>

namespace livedream::kernels {

// How many threads a kernel may use, itself counted; 0 is one a core. The first that is asked for holds for the
// process, as TensorFlow's own does. Any thread.
void useThreads(int threads) noexcept;

// How many do. Any thread.
std::size_t threadCount() noexcept;

// Calls `part` with 0 to parts - 1, each once, from this thread and the pool's; returns when all are done. The pool is
// the process's, as the loaded library is: kernels belong to it, and several engines may call at once. Any thread, but
// not from within a part. Throws what a part threw first, once all are done.
void inParallel(std::size_t parts, const std::function<void(std::size_t)>& part);

// Into how many parts to cut work over `bytes` of memory: one a thread, fewer where waking one costs more.
std::size_t partsFor(std::size_t bytes) noexcept;

}  // namespace livedream::kernels

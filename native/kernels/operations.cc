#include "kernels/operations.h"

#include <mutex>

namespace livedream::kernels {

void registerOperations() {
  static std::once_flag once;
  std::call_once(once, [] {
    registerResponse();
    registerMaxPool();
    registerMaskedSum();
    registerWinograd();
    registerStream();
  });
}

}  // namespace livedream::kernels

// Every function that livedream looks up is here: this does not link otherwise.

#include "handles.h"
#include "tensorflow/library.h"

namespace livedream::tensorflow {

const Api& api() noexcept {
  static const Api kOwn = [] {
    Api functions;
#define LIVEDREAM_OWN(result, name, arguments) functions.name = name;
    LIVEDREAM_TENSORFLOW_FUNCTIONS(LIVEDREAM_OWN)
#undef LIVEDREAM_OWN
    return functions;
  }();
  return kOwn;
}

}  // namespace livedream::tensorflow

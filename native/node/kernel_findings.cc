#include "node/kernel_findings.h"

#include <string>

#include "node/list.h"

namespace livedream::node {

Napi::Value writeKernels(Napi::Env env, const std::vector<KernelFinding>& findings) {
  return writeList(env, findings, [env](const KernelFinding& finding) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("program", finding.program);
    object.Set("operation", finding.operation);
    object.Set("types", finding.types);
    object.Set("compiled", finding.compiled);
    object.Set("gpu", finding.gpu);
    object.Set("xlaGpu", finding.xla_gpu);
    const auto name = [env](const std::string& argument) { return Napi::String::New(env, argument); };
    object.Set("floatsOnHost", writeList(env, finding.floats_on_host, name));
    return object;
  });
}

}  // namespace livedream::node

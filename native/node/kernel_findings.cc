#include "node/kernel_findings.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace livedream::node {

namespace {

Napi::Array writeNames(Napi::Env env, const std::vector<std::string>& names) {
  Napi::Array list = Napi::Array::New(env, names.size());
  for (std::size_t i = 0; i < names.size(); ++i) list.Set(static_cast<std::uint32_t>(i), names[i]);
  return list;
}

}  // namespace

Napi::Value writeKernels(Napi::Env env, const std::vector<KernelFinding>& findings) {
  Napi::Array list = Napi::Array::New(env, findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const KernelFinding& finding = findings[i];
    Napi::Object object = Napi::Object::New(env);
    object.Set("program", finding.program);
    object.Set("operation", finding.operation);
    object.Set("types", finding.types);
    object.Set("compiled", finding.compiled);
    object.Set("gpu", finding.gpu);
    object.Set("xlaGpu", finding.xla_gpu);
    object.Set("floatsOnHost", writeNames(env, finding.floats_on_host));
    list.Set(static_cast<std::uint32_t>(i), object);
  }
  return list;
}

}  // namespace livedream::node

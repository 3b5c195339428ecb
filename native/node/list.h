#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace livedream::node {

// An array of what `write` makes of each of them.
template <typename Item, typename Write>
Napi::Array writeList(Napi::Env env, const std::vector<Item>& items, const Write& write) {
  Napi::Array list = Napi::Array::New(env, items.size());
  for (std::size_t i = 0; i < items.size(); ++i) list.Set(static_cast<std::uint32_t>(i), write(items[i]));
  return list;
}

}  // namespace livedream::node

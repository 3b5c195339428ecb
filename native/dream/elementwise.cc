#include "dream/elementwise.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "name_list.h"

namespace livedream {

namespace {

// Of allowed_operations.cc; sorted, for binary search. Not Select: a vector among its inputs counts from the front.
constexpr std::string_view kElementwise[] = {
    "Abs",
    "Acos",
    "Acosh",
    "Add",
    "AddN",
    "AddV2",
    "Asin",
    "Asinh",
    "Atan",
    "Atan2",
    "Atanh",
    "Cast",
    "Ceil",
    "CheckNumerics",
    "ClipByValue",
    "Cos",
    "Cosh",
    "Div",
    "DivNoNan",
    "Elu",
    "Equal",
    "Erf",
    "Erfc",
    "Exp",
    "Expm1",
    "FakeQuantWithMinMaxArgs",
    "FakeQuantWithMinMaxVars",
    "Floor",
    "FloorDiv",
    "FloorMod",
    "Greater",
    "GreaterEqual",
    "Identity",
    "Inv",
    "IsFinite",
    "IsInf",
    "IsNan",
    "LeakyRelu",
    "Less",
    "LessEqual",
    "Log",
    "Log1p",
    "LogicalAnd",
    "LogicalNot",
    "LogicalOr",
    "Maximum",
    "Minimum",
    "Mod",
    "Mul",
    "MulNoNan",
    "Neg",
    "NotEqual",
    "OnesLike",
    "Pow",
    "PreventGradient",
    "RealDiv",
    "Reciprocal",
    "Relu",
    "Relu6",
    "Rint",
    "Round",
    "Rsqrt",
    "SelectV2",
    "Selu",
    "Sigmoid",
    "Sign",
    "Sin",
    "Sinh",
    "Snapshot",
    "Softplus",
    "Softsign",
    "Sqrt",
    "Square",
    "SquaredDifference",
    "StopGradient",
    "Sub",
    "Tan",
    "Tanh",
    "TruncateDiv",
    "TruncateMod",
    "Xdivy",
    "Xlogy",
    "ZerosLike",
};

static_assert(isSorted(kElementwise));

}  // namespace

bool isElementwise(std::string_view op) noexcept {
  return std::binary_search(std::begin(kElementwise), std::end(kElementwise), op);
}

bool keepsOrder(std::string_view op) noexcept {
  static constexpr std::string_view kKeepOrder[] = {"BroadcastTo", "GatherV2", "LogSoftmax", "Reshape",
                                                    "Roll",        "Select",   "Softmax"};
  return isOneOf(kKeepOrder, op);
}

}  // namespace livedream

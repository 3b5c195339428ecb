#pragma once

#include <cstddef>
#include <cstdint>

// The part of TensorFlow's C API that livedream uses, declared by ourselves: the addon is built without TensorFlow's
// headers and does not link to it, so one binary serves every build of the library. Names, arguments and values are
// those of tensorflow/c/c_api.h, c_api_experimental.h, kernels.h, eager/c_api.h (stable since 2.0) and
// eager/c_api_experimental.h.

namespace livedream::tensorflow {

struct TF_Status;
struct TF_Tensor;
struct TF_Graph;
struct TF_Operation;
struct TF_OperationDescription;
struct TF_ImportGraphDefOptions;
struct TF_Function;
struct TF_FunctionOptions;
struct TF_DeviceList;
struct TF_Session;
struct TF_SessionOptions;
struct TF_OpDefinitionBuilder;
struct TF_ShapeInferenceContext;
struct TF_ShapeHandle;
struct TF_KernelBuilder;
struct TF_OpKernelConstruction;
struct TF_OpKernelContext;
struct TFE_ContextOptions;
struct TFE_Context;
struct TFE_TensorHandle;
struct TFE_Op;
struct TFE_OpAttrs;

// The layout is part of the ABI.
struct TF_Buffer {
  const void* data;
  std::size_t length;
  void (*data_deallocator)(void* data, std::size_t length);
};

struct TF_Output {
  TF_Operation* oper;
  int index;
};

struct TF_Input {
  TF_Operation* oper;
  int index;
};

enum TF_DataType : int { TF_FLOAT = 1, TF_INT32 = 3, TF_UINT8 = 4, TF_BFLOAT16 = 14, TF_HALF = 19 };

enum TF_Code : int {
  TF_OK = 0,
  TF_INVALID_ARGUMENT = 3,
  TF_NOT_FOUND = 5,
  TF_RESOURCE_EXHAUSTED = 8,
  TF_OUT_OF_RANGE = 11,
  TF_UNIMPLEMENTED = 12,
  TF_INTERNAL = 13
};

using Deallocator = void (*)(void* data, std::size_t length, void* argument);

// clang-format off
#define LIVEDREAM_TENSORFLOW_FUNCTIONS(F)                                                                                \
  F(const char*, TF_Version, ())                                                                                        \
  F(TF_Status*, TF_NewStatus, ())                                                                                       \
  F(void, TF_DeleteStatus, (TF_Status*))                                                                                \
  F(TF_Code, TF_GetCode, (const TF_Status*))                                                                            \
  F(const char*, TF_Message, (const TF_Status*))                                                                        \
  F(TF_Buffer*, TF_NewBuffer, ())                                                                                       \
  F(void, TF_DeleteBuffer, (TF_Buffer*))                                                                                \
  F(TF_Tensor*, TF_AllocateTensor, (TF_DataType, const std::int64_t* dims, int rank, std::size_t bytes))                \
  F(void, TF_DeleteTensor, (TF_Tensor*))                                                                                \
  F(TF_DataType, TF_TensorType, (const TF_Tensor*))                                                                     \
  F(int, TF_NumDims, (const TF_Tensor*))                                                                                \
  F(std::int64_t, TF_Dim, (const TF_Tensor*, int index))                                                                \
  F(std::size_t, TF_TensorByteSize, (const TF_Tensor*))                                                                 \
  F(void*, TF_TensorData, (const TF_Tensor*))                                                                           \
  F(TF_Graph*, TF_NewGraph, ())                                                                                         \
  F(void, TF_DeleteGraph, (TF_Graph*))                                                                                  \
  F(TF_ImportGraphDefOptions*, TF_NewImportGraphDefOptions, ())                                                         \
  F(void, TF_DeleteImportGraphDefOptions, (TF_ImportGraphDefOptions*))                                                  \
  F(void, TF_GraphImportGraphDef, (TF_Graph*, const TF_Buffer*, const TF_ImportGraphDefOptions*, TF_Status*))           \
  F(TF_Operation*, TF_GraphNextOperation, (TF_Graph*, std::size_t* position))                                           \
  F(int, TF_GraphGetTensorNumDims, (TF_Graph*, TF_Output, TF_Status*))                                                  \
  F(void, TF_GraphGetTensorShape, (TF_Graph*, TF_Output, std::int64_t* dims, int rank, TF_Status*))                     \
  F(void, TF_GraphGetOpDef, (TF_Graph*, const char* op, TF_Buffer* op_def, TF_Status*))                                 \
  F(const char*, TF_OperationName, (TF_Operation*))                                                                     \
  F(const char*, TF_OperationOpType, (TF_Operation*))                                                                   \
  F(int, TF_OperationNumInputs, (TF_Operation*))                                                                        \
  F(TF_Output, TF_OperationInput, (TF_Input))                                                                           \
  F(int, TF_OperationNumOutputs, (TF_Operation*))                                                                       \
  F(TF_DataType, TF_OperationOutputType, (TF_Output))                                                                   \
  F(void, TF_OperationToNodeDef, (TF_Operation*, TF_Buffer* node_def, TF_Status*))                                      \
  F(void, TF_OperationGetAttrTensor, (TF_Operation*, const char* name, TF_Tensor** value, TF_Status*))                  \
  F(TF_OperationDescription*, TF_NewOperation, (TF_Graph*, const char* type, const char* name))                         \
  F(TF_Operation*, TF_FinishOperation, (TF_OperationDescription*, TF_Status*))                                          \
  F(void, TF_AddInput, (TF_OperationDescription*, TF_Output))                                                           \
  F(void, TF_AddInputList, (TF_OperationDescription*, const TF_Output*, int count))                                     \
  F(void, TF_SetAttrType, (TF_OperationDescription*, const char* name, TF_DataType))                                    \
  F(void, TF_SetAttrInt, (TF_OperationDescription*, const char* name, std::int64_t))                                    \
  F(void, TF_SetAttrFloat, (TF_OperationDescription*, const char* name, float))                                         \
  F(void, TF_SetAttrIntList, (TF_OperationDescription*, const char* name, const std::int64_t* values, int count))        \
  F(void, TF_SetAttrString, (TF_OperationDescription*, const char* name, const void* value, std::size_t length))         \
  F(void, TF_SetAttrBool, (TF_OperationDescription*, const char* name, unsigned char))                                  \
  F(void, TF_SetAttrShape, (TF_OperationDescription*, const char* name, const std::int64_t* dims, int rank))            \
  F(void, TF_SetAttrTensor, (TF_OperationDescription*, const char* name, TF_Tensor*, TF_Status*))                       \
  F(void, TF_SetAttrValueProto, (TF_OperationDescription*, const char* name, const void*, std::size_t, TF_Status*))     \
  F(void, TF_AddGradients, (TF_Graph*, TF_Output* y, int ny, TF_Output* x, int nx, TF_Output* dx, TF_Status*,           \
                            TF_Output* dy))                                                                             \
  F(TF_Function*, TF_GraphToFunction, (const TF_Graph*, const char* name, unsigned char append_hash, int operations,    \
                                       const TF_Operation* const*, int ninputs, const TF_Output* inputs, int noutputs,  \
                                       const TF_Output* outputs, const char* const* output_names,                       \
                                       const TF_FunctionOptions*, const char* description, TF_Status*))                 \
  F(void, TF_DeleteFunction, (TF_Function*))                                                                            \
  F(TF_SessionOptions*, TF_NewSessionOptions, ())                                                                       \
  F(void, TF_DeleteSessionOptions, (TF_SessionOptions*))                                                                \
  F(void, TF_SetConfig, (TF_SessionOptions*, const void*, std::size_t, TF_Status*))                                     \
  F(TF_Session*, TF_NewSession, (TF_Graph*, const TF_SessionOptions*, TF_Status*))                                      \
  F(void, TF_DeleteSession, (TF_Session*, TF_Status*))                                                                  \
  F(void, TF_SessionRun, (TF_Session*, const TF_Buffer* options, const TF_Output* inputs, TF_Tensor* const* values,     \
                          int ninputs, const TF_Output* outputs, TF_Tensor** results, int noutputs,                     \
                          const TF_Operation* const* targets, int ntargets, TF_Buffer* metadata, TF_Status*))           \
  F(void, TF_DeleteDeviceList, (TF_DeviceList*))                                                                        \
  F(int, TF_DeviceListCount, (const TF_DeviceList*))                                                                    \
  F(const char*, TF_DeviceListName, (const TF_DeviceList*, int index, TF_Status*))                                      \
  F(const char*, TF_DeviceListType, (const TF_DeviceList*, int index, TF_Status*))                                      \
  F(std::int64_t, TF_DeviceListMemoryBytes, (const TF_DeviceList*, int index, TF_Status*))                              \
  F(TFE_ContextOptions*, TFE_NewContextOptions, ())                                                                     \
  F(void, TFE_DeleteContextOptions, (TFE_ContextOptions*))                                                              \
  F(void, TFE_ContextOptionsSetConfig, (TFE_ContextOptions*, const void*, std::size_t, TF_Status*))                     \
  F(TFE_Context*, TFE_NewContext, (const TFE_ContextOptions*, TF_Status*))                                              \
  F(void, TFE_DeleteContext, (TFE_Context*))                                                                            \
  F(TF_DeviceList*, TFE_ContextListDevices, (TFE_Context*, TF_Status*))                                                 \
  F(void, TFE_ContextAddFunction, (TFE_Context*, TF_Function*, TF_Status*))                                             \
  F(void, TFE_ContextGetFunctionDef, (TFE_Context*, const char* name, TF_Buffer* function_def, TF_Status*))             \
  F(TF_Buffer*, TF_GetRegisteredKernelsForOp, (const char* op, TF_Status*))                                             \
  F(const TFE_OpAttrs*, TFE_OpGetAttrs, (const TFE_Op*))                                                                \
  F(void, TFE_OpAttrsSerialize, (const TFE_OpAttrs*, TF_Buffer* name_and_attributes, TF_Status*))                       \
  F(TFE_TensorHandle*, TFE_NewTensorHandle, (const TF_Tensor*, TF_Status*))                                             \
  F(int, TFE_TensorHandleNumDims, (TFE_TensorHandle*, TF_Status*))                                                      \
  F(std::int64_t, TFE_TensorHandleDim, (TFE_TensorHandle*, int index, TF_Status*))                                      \
  F(void, TFE_DeleteTensorHandle, (TFE_TensorHandle*))                                                                  \
  F(TF_Tensor*, TFE_TensorHandleResolve, (TFE_TensorHandle*, TF_Status*))                                               \
  F(TFE_TensorHandle*, TFE_TensorHandleCopyToDevice, (TFE_TensorHandle*, TFE_Context*, const char*, TF_Status*))        \
  F(void*, TFE_TensorHandleDevicePointer, (TFE_TensorHandle*, TF_Status*))                                              \
  F(TFE_TensorHandle*, TFE_NewTensorHandleFromDeviceMemory,                                                             \
    (TFE_Context*, const char* device, TF_DataType, const std::int64_t* dims, int rank, void* data, std::size_t bytes,  \
     Deallocator, void* argument, TF_Status*))                                                                          \
  F(TFE_Op*, TFE_NewOp, (TFE_Context*, const char* name, TF_Status*))                                                   \
  F(void, TFE_DeleteOp, (TFE_Op*))                                                                                      \
  F(void, TFE_OpSetDevice, (TFE_Op*, const char*, TF_Status*))                                                          \
  F(void, TFE_OpAddInput, (TFE_Op*, TFE_TensorHandle*, TF_Status*))                                                     \
  F(void, TFE_OpAddInputList, (TFE_Op*, TFE_TensorHandle**, int count, TF_Status*))                                     \
  F(void, TFE_OpSetAttrBool, (TFE_Op*, const char*, unsigned char))                                                     \
  F(void, TFE_OpSetAttrString, (TFE_Op*, const char*, const void*, size_t))                                                 \
  F(void, TFE_OpSetAttrType, (TFE_Op*, const char*, TF_DataType))                                                       \
  F(void, TFE_Execute, (TFE_Op*, TFE_TensorHandle**, int* count, TF_Status*))                                           \
  F(void, TF_SetStatus, (TF_Status*, TF_Code, const char* message))                                                     \
  F(TF_OpDefinitionBuilder*, TF_NewOpDefinitionBuilder, (const char* name))                                             \
  F(void, TF_OpDefinitionBuilderAddAttr, (TF_OpDefinitionBuilder*, const char* specification))                          \
  F(void, TF_OpDefinitionBuilderAddInput, (TF_OpDefinitionBuilder*, const char* specification))                         \
  F(void, TF_OpDefinitionBuilderAddOutput, (TF_OpDefinitionBuilder*, const char* specification))                        \
  F(void, TF_OpDefinitionBuilderSetShapeInferenceFunction,                                                              \
    (TF_OpDefinitionBuilder*, void (*)(TF_ShapeInferenceContext*, TF_Status*)))                                         \
  F(void, TF_RegisterOpDefinition, (TF_OpDefinitionBuilder*, TF_Status*))                                               \
  F(TF_ShapeHandle*, TF_NewShapeHandle, ())                                                                             \
  F(void, TF_DeleteShapeHandle, (TF_ShapeHandle*))                                                                      \
  F(void, TF_ShapeInferenceContextSetUnknownShape, (TF_ShapeInferenceContext*, TF_Status*))                             \
  F(std::int64_t, TF_ShapeInferenceContextNumInputs, (TF_ShapeInferenceContext*))                                       \
  F(void, TF_ShapeInferenceContextGetInput, (TF_ShapeInferenceContext*, int index, TF_ShapeHandle*, TF_Status*))        \
  F(void, TF_ShapeInferenceContextSetOutput, (TF_ShapeInferenceContext*, int index, TF_ShapeHandle*, TF_Status*))       \
  F(TF_KernelBuilder*, TF_NewKernelBuilder, (const char* operation, const char* device,                                 \
                                             void* (*)(TF_OpKernelConstruction*),                                       \
                                             void (*)(void*, TF_OpKernelContext*), void (*)(void*)))                    \
  F(void, TF_DeleteKernelBuilder, (TF_KernelBuilder*))                                                                  \
  F(void, TF_KernelBuilder_TypeConstraint, (TF_KernelBuilder*, const char* attribute, TF_DataType, TF_Status*))         \
  F(void, TF_RegisterKernelBuilder, (const char* name, TF_KernelBuilder*, TF_Status*))                                  \
  F(void, TF_OpKernelConstruction_Failure, (TF_OpKernelConstruction*, TF_Status*))                                      \
  F(void, TF_OpKernelConstruction_GetAttrFloat, (TF_OpKernelConstruction*, const char*, float*, TF_Status*))            \
  F(void, TF_OpKernelConstruction_GetAttrInt32, (TF_OpKernelConstruction*, const char*, std::int32_t*, TF_Status*))     \
  F(void, TF_OpKernelConstruction_GetAttrBool, (TF_OpKernelConstruction*, const char*, unsigned char*, TF_Status*))     \
  F(void, TF_OpKernelContext_Failure, (TF_OpKernelContext*, TF_Status*))                                                \
  F(int, TF_NumInputs, (TF_OpKernelContext*))                                                                           \
  F(void, TF_GetInput, (TF_OpKernelContext*, int index, TF_Tensor**, TF_Status*))                                       \
  F(TF_Tensor*, TF_AllocateOutput, (TF_OpKernelContext*, int index, TF_DataType, const std::int64_t* dims, int rank,    \
                                    std::size_t bytes, TF_Status*))                                                     \
  F(TF_Tensor*, TF_ForwardInputOrAllocateOutput,                                                                        \
    (TF_OpKernelContext*, const int* candidates, int count, int index, const std::int64_t* dims, int rank,              \
     int* forwarded, TF_Status*))
// clang-format on

// One typed pointer a function, filled when the library is opened.
struct Api {
#define LIVEDREAM_MEMBER(result, name, arguments) result(*name) arguments = nullptr;
  LIVEDREAM_TENSORFLOW_FUNCTIONS(LIVEDREAM_MEMBER)
#undef LIVEDREAM_MEMBER
};

}  // namespace livedream::tensorflow

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tensor in memory: what the reference kernels compute with.

#ifndef QNN_REFERENCE_TENSOR_H
#define QNN_REFERENCE_TENSOR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <cassert>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace qnn {

/// How an element is stored. Narrower integers are stored in 8 bits; signless
/// ones are signed, but for i1. No type of the IR is stored as F64: it is what
/// an interpreter of higher precision uses for f32.
enum class ElementKind { F32, F64, U8, S8, U16, S16, I32, I64 };

/// Whether elements are floats.
inline bool isFloatKind(ElementKind kind) {
  return kind == ElementKind::F32 || kind == ElementKind::F64;
}

/// Bytes of one element.
size_t getElementSize(ElementKind kind);

/// "f32", "u8", ...
llvm::StringRef stringifyElementKind(ElementKind kind);

/// Smallest and largest value of an integer kind.
std::pair<int64_t, int64_t> getElementRange(ElementKind kind);

/// The kind that stores a builtin or quantized element type; an error for
/// types that no kind stores.
llvm::Expected<ElementKind> getElementKind(mlir::Type elementType);

/// The kind whose C++ type is T.
template <typename T>
constexpr ElementKind elementKindOf() {
  if constexpr (std::is_same_v<T, float>)
    return ElementKind::F32;
  else if constexpr (std::is_same_v<T, double>)
    return ElementKind::F64;
  else if constexpr (std::is_same_v<T, uint8_t>)
    return ElementKind::U8;
  else if constexpr (std::is_same_v<T, int8_t>)
    return ElementKind::S8;
  else if constexpr (std::is_same_v<T, uint16_t>)
    return ElementKind::U16;
  else if constexpr (std::is_same_v<T, int16_t>)
    return ElementKind::S16;
  else if constexpr (std::is_same_v<T, int32_t>)
    return ElementKind::I32;
  else {
    static_assert(std::is_same_v<T, int64_t>, "no kind has this type");
    return ElementKind::I64;
  }
}

/// A shape, an element kind and contiguous row-major data.
class Tensor {
public:
  Tensor() = default;
  /// All zeros.
  Tensor(llvm::ArrayRef<int64_t> shape, ElementKind kind);

  /// A tensor with these elements, as many as the shape has.
  template <typename T>
  static Tensor fromValues(llvm::ArrayRef<int64_t> shape,
                           llvm::ArrayRef<T> values) {
    Tensor tensor(shape, elementKindOf<T>());
    assert(values.size() == tensor.data<T>().size() && "too few or many");
    llvm::copy(values, tensor.data<T>().begin());
    return tensor;
  }

  /// A tensor of integers; each must be in the range of `kind`.
  static Tensor fromCodes(llvm::ArrayRef<int64_t> shape, ElementKind kind,
                          llvm::ArrayRef<int64_t> codes);

  /// Zeros, for a type of static shape.
  static llvm::Expected<Tensor> fromType(mlir::Type type);

  /// The elements of a dense constant (splats and dense_resource, too), stored
  /// as `kind`; integers of fewer bits are extended as its signedness says.
  static llvm::Expected<Tensor> fromAttr(mlir::ElementsAttr attr,
                                         ElementKind kind);
  /// The same, with the kind of the attribute's element type.
  static llvm::Expected<Tensor> fromAttr(mlir::ElementsAttr attr);

  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getRank() const { return shape.size(); }
  ElementKind getKind() const { return kind; }
  int64_t getNumElements() const;

  /// The elements. T must be the C++ type of the kind.
  template <typename T>
  llvm::ArrayRef<T> data() const {
    assert(kind == elementKindOf<T>() && "elements have another type");
    return {reinterpret_cast<const T *>(bytes.data()),
            bytes.size() / sizeof(T)};
  }
  template <typename T>
  llvm::MutableArrayRef<T> data() {
    assert(kind == elementKindOf<T>() && "elements have another type");
    return {reinterpret_cast<T *>(bytes.data()), bytes.size() / sizeof(T)};
  }
  llvm::ArrayRef<char> getBytes() const { return bytes; }
  llvm::MutableArrayRef<char> getBytes() { return bytes; }

  /// The elements of an integer tensor, widened.
  std::vector<int64_t> getCodes() const;

  /// The same numbers in double precision, of a tensor of kind F32.
  Tensor toDouble() const;

  /// The same elements in another shape.
  Tensor reshaped(llvm::ArrayRef<int64_t> newShape) const;

  /// Whether shape, kind and all bytes are equal; so 0.0 differs from -0.0 and
  /// a NaN equals itself.
  bool operator==(const Tensor &other) const {
    return shape == other.shape && kind == other.kind && bytes == other.bytes;
  }
  bool operator!=(const Tensor &other) const { return !(*this == other); }

private:
  llvm::SmallVector<int64_t> shape;
  ElementKind kind = ElementKind::F32;
  std::vector<char> bytes;
};

/// Calls function(T()) with the C++ type of a float kind.
template <typename Fn>
auto dispatchFloat(ElementKind kind, Fn function) {
  assert(isFloatKind(kind) && "expects a float kind");
  return kind == ElementKind::F64 ? function(double()) : function(float());
}

/// An error with this message.
llvm::Error makeError(const llvm::Twine &message);

} // namespace qnn

#endif // QNN_REFERENCE_TENSOR_H

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The programs of the elementary functions on values of the IR: numbers whose
// operators emit.

#include "ScalarEmitter.h"
#include "qnn/Quantization/ElementaryPrograms.h"

using namespace mlir;
using namespace qnn;

namespace {

/// A value of the IR and who emits what is done with it.
struct Emitted {
  ScalarEmitter *emitter;
  Value value;

  template <typename OpTy>
  Value emit(const Emitted &rhs) const {
    return emitter->emit<OpTy>(value, rhs.value);
  }
};

struct Condition : Emitted {};

struct Number : Emitted {
  Number constant(float v) const { return {{emitter, emitter->f32(v)}}; }
  Condition compare(arith::CmpFPredicate predicate, const Number &rhs) const {
    return {{emitter, emitter->compare(predicate, value, rhs.value)}};
  }
};

struct Integer : Emitted {
  Integer constant(uint32_t v) const {
    return {{emitter, emitter->integer(emitter->i32(), int32_t(v))}};
  }
};

Number operator+(Number a, Number b) {
  return {{a.emitter, a.emit<arith::AddFOp>(b)}};
}
Number operator-(Number a, Number b) {
  return {{a.emitter, a.emit<arith::SubFOp>(b)}};
}
Number operator*(Number a, Number b) {
  return {{a.emitter, a.emit<arith::MulFOp>(b)}};
}
Number operator/(Number a, Number b) {
  return {{a.emitter, a.emit<arith::DivFOp>(b)}};
}
Number operator+(Number a, float b) { return a + a.constant(b); }
Number operator-(Number a, float b) { return a - a.constant(b); }
Number operator-(float a, Number b) { return b.constant(a) - b; }
Number operator*(Number a, float b) { return a * a.constant(b); }
Number operator/(float a, Number b) { return b.constant(a) / b; }

Condition operator==(Number a, Number b) {
  return a.compare(arith::CmpFPredicate::OEQ, b);
}
Condition operator<(Number a, float b) {
  return a.compare(arith::CmpFPredicate::OLT, a.constant(b));
}
Condition operator<=(Number a, float b) {
  return a.compare(arith::CmpFPredicate::OLE, a.constant(b));
}
Condition operator>(Number a, float b) {
  return a.compare(arith::CmpFPredicate::OGT, a.constant(b));
}

Integer operator+(Integer a, Integer b) {
  return {{a.emitter, a.emit<arith::AddIOp>(b)}};
}
Integer operator-(Integer a, Integer b) {
  return {{a.emitter, a.emit<arith::SubIOp>(b)}};
}
Integer operator*(Integer a, Integer b) {
  return {{a.emitter, a.emit<arith::MulIOp>(b)}};
}
Integer operator^(Integer a, Integer b) {
  return {{a.emitter, a.emit<arith::XOrIOp>(b)}};
}
Integer operator&(Integer a, Integer b) {
  return {{a.emitter, a.emit<arith::AndIOp>(b)}};
}
Integer operator|(Integer a, Integer b) {
  return {{a.emitter, a.emit<arith::OrIOp>(b)}};
}
Integer operator<<(Integer a, uint32_t b) {
  return {{a.emitter, a.emit<arith::ShLIOp>(a.constant(b))}};
}
Integer operator>>(Integer a, uint32_t b) {
  return {{a.emitter, a.emit<arith::ShRUIOp>(a.constant(b))}};
}
Integer operator+(Integer a, uint32_t b) { return a + a.constant(b); }
Integer operator-(Integer a, uint32_t b) { return a - a.constant(b); }
Integer operator*(Integer a, uint32_t b) { return a * a.constant(b); }
Integer operator&(Integer a, uint32_t b) { return a & a.constant(b); }
Integer operator|(Integer a, uint32_t b) { return a | a.constant(b); }

Integer bits(Number a) { return {{a.emitter, a.emitter->bits(a.value)}}; }
Number fromBits(Integer a) {
  Type type = Float32Type::get(a.value.getContext());
  return {{a.emitter, a.emitter->emit<arith::BitcastOp>(type, a.value)}};
}
Number toFloat(Integer a) {
  return {{a.emitter, a.emitter->toFloat(a.value, a.value.getType(), 0)}};
}
Number select(Condition condition, Number yes, Number no) {
  return {
      {yes.emitter, yes.emitter->select(condition.value, yes.value, no.value)}};
}
Number select(Condition condition, float yes, Number no) {
  return select(condition, no.constant(yes), no);
}

} // namespace

Value ScalarEmitter::exp(Value x) {
  return programs::exp(Number{{this, x}}).value;
}

Value ScalarEmitter::log(Value x) {
  return programs::log(Number{{this, x}}).value;
}

Value ScalarEmitter::sigmoid(Value x) {
  return programs::sigmoid(Number{{this, x}}).value;
}

Value ScalarEmitter::tanh(Value x) {
  return programs::tanh(Number{{this, x}}).value;
}

Value ScalarEmitter::uniform(Value position, const std::array<Value, 3> &key) {
  return programs::uniform(Integer{{this, position}}, Integer{{this, key[0]}},
                           Integer{{this, key[1]}}, Integer{{this, key[2]}})
      .value;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A problem as a oneDNN primitive, for versions 2 and 3. All layouts that the
// library may choose are chosen by it, and operands are brought into them
// before anything is timed; matrices of activations stay row-major.

#include "Interface.h"
#include <dnnl.hpp>
#include <random>
#include <string>
#include <unordered_map>

using namespace dnnl;
using namespace qnn;

namespace {
struct Prepared {
  stream queue;
  primitive work;
  std::unordered_map<int, memory> arguments;
};

using Dims = memory::dims;
using Layout = memory::format_tag;
} // namespace

static engine &getEngine() {
  static engine cpu(engine::kind::cpu, 0);
  return cpu;
}

static memory::data_type typeOf(OneDNNType type) {
  switch (type) {
  case OneDNNType::F32:
    return memory::data_type::f32;
  case OneDNNType::U8:
    return memory::data_type::u8;
  case OneDNNType::S8:
    return memory::data_type::s8;
  case OneDNNType::S32:
    break;
  }
  return memory::data_type::s32;
}

/// Floats in [-1, 1], bytes over the whole range.
static memory makeRandom(const memory::desc &desc) {
  memory result(desc, getEngine());
  std::mt19937 random(1);
#if DNNL_VERSION_MAJOR >= 3
  bool isFloat = desc.get_data_type() == memory::data_type::f32;
#else
  bool isFloat = desc.data_type() == memory::data_type::f32;
#endif
  auto *bytes = static_cast<unsigned char *>(result.get_data_handle());
  if (isFloat)
    for (size_t i = 0; i < desc.get_size() / sizeof(float); ++i)
      reinterpret_cast<float *>(bytes)[i] =
          float(random() % 2048) / 1024.0f - 1.0f;
  else
    for (size_t i = 0; i < desc.get_size(); ++i)
      bytes[i] = static_cast<unsigned char>(random());
  return result;
}

static post_ops makePostOps(const OneDNNProblem &problem) {
  post_ops ops;
#if DNNL_VERSION_MAJOR >= 3
  auto append = [&](algorithm kind, float a, float b) {
    ops.append_eltwise(kind, a, b);
  };
#else
  auto append = [&](algorithm kind, float a, float b) {
    ops.append_eltwise(1.0f, kind, a, b);
  };
#endif
  if (problem.epilogue == OneDNNEpilogue::Relu)
    append(algorithm::eltwise_relu, 0.0f, 0.0f);
  if (problem.epilogue == OneDNNEpilogue::Relu6)
    append(algorithm::eltwise_clip, 0.0f, 6.0f);
  if (problem.epilogue == OneDNNEpilogue::Add)
    ops.append_sum(1.0f);
  return ops;
}

static bool needsScales(const OneDNNProblem &problem) {
  return problem.in != OneDNNType::F32 && problem.out != OneDNNType::S32;
}

/// `resultMask` and `weightsMask` say along which axes of result and weights
/// the channels are.
static primitive_attr makeAttributes(const OneDNNProblem &problem,
                                     int64_t channels, int resultMask,
                                     int weightsMask) {
  primitive_attr attributes;
  attributes.set_post_ops(makePostOps(problem));
  if (!needsScales(problem))
    return attributes;
#if DNNL_VERSION_MAJOR >= 3
  attributes.set_scales_mask(DNNL_ARG_WEIGHTS,
                             problem.perChannel ? weightsMask : 0);
#else
  attributes.set_output_scales(
      problem.perChannel ? resultMask : 0,
      std::vector<float>(problem.perChannel ? channels : 1, 1e-3f));
#endif
  return attributes;
}

/// Random operands in the layouts of the primitive.
template <typename PrimitiveDesc>
static Prepared *finish(const OneDNNProblem &problem, const PrimitiveDesc &desc,
                        primitive work, int64_t channels, bool hasBias) {
  auto *result = new Prepared{stream(getEngine()), std::move(work), {}};
  result->arguments = {{DNNL_ARG_SRC, makeRandom(desc.src_desc())},
                       {DNNL_ARG_WEIGHTS, makeRandom(desc.weights_desc())},
                       {DNNL_ARG_DST, makeRandom(desc.dst_desc())}};
  if (hasBias)
    result->arguments.insert({DNNL_ARG_BIAS, makeRandom(desc.bias_desc())});
#if DNNL_VERSION_MAJOR >= 3
  if (needsScales(problem))
    result->arguments.insert({DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS,
                              makeRandom({{problem.perChannel ? channels : 1},
                                          memory::data_type::f32,
                                          Layout::x})});
#endif
  return result;
}

static Prepared *prepareMatMul(const OneDNNProblem &p) {
  bool isBatch = p.batch > 1;
  Layout plain = isBatch ? Layout::abc : Layout::ab;
  auto shape = [&](int64_t batch, int64_t rows, int64_t columns) {
    return isBatch ? Dims{batch, rows, columns} : Dims{rows, columns};
  };
  memory::desc src(shape(p.batch, p.m, p.k), typeOf(p.in), plain);
  memory::desc weights(shape(p.isDynamic ? p.batch : 1, p.k, p.n),
                       typeOf(p.weights), p.isDynamic ? plain : Layout::any);
  memory::desc dst(shape(p.batch, p.m, p.n), typeOf(p.out), plain);
  memory::desc bias;
  if (!p.isDynamic)
    bias = memory::desc(shape(1, 1, p.n),
                        p.in == OneDNNType::F32 || needsScales(p)
                            ? memory::data_type::f32
                            : memory::data_type::s32,
                        plain);
  int columnMask = isBatch ? 4 : 2;
  primitive_attr attributes = makeAttributes(p, p.n, columnMask, columnMask);
#if DNNL_VERSION_MAJOR >= 3
  matmul::primitive_desc desc =
      p.isDynamic
          ? matmul::primitive_desc(getEngine(), src, weights, dst, attributes)
          : matmul::primitive_desc(getEngine(), src, weights, bias, dst,
                                   attributes);
#else
  matmul::primitive_desc desc(p.isDynamic
                                  ? matmul::desc(src, weights, dst)
                                  : matmul::desc(src, weights, bias, dst),
                              attributes, getEngine());
#endif
  return finish(p, desc, matmul(desc), p.n, !p.isDynamic);
}

static Prepared *prepareConvolution(const OneDNNProblem &p) {
  bool isGrouped = p.groups > 1;
  Dims weightsShape{p.outChannels / p.groups, p.channels / p.groups,
                    p.kernelHeight, p.kernelWidth};
  if (isGrouped)
    weightsShape.insert(weightsShape.begin(), p.groups);
  memory::desc src({p.images, p.channels, p.height, p.width}, typeOf(p.in),
                   Layout::any);
  memory::desc weights(weightsShape, typeOf(p.weights), Layout::any);
  memory::desc dst({p.images, p.outChannels, p.outHeight, p.outWidth},
                   typeOf(p.out), Layout::any);
  memory::desc bias({p.outChannels},
                    p.in == OneDNNType::F32 || needsScales(p)
                        ? memory::data_type::f32
                        : memory::data_type::s32,
                    Layout::x);
  Dims strides{p.strides[0], p.strides[1]};
  Dims dilations{p.dilations[0] - 1, p.dilations[1] - 1};
  // What stands behind the image follows from the result's extents.
  auto padAfter = [&](int axis, int64_t image, int64_t kernel, int64_t out) {
    return (out - 1) * p.strides[axis] + p.dilations[axis] * (kernel - 1) + 1 -
           image - p.pad[2 * axis];
  };
  Dims before{p.pad[0], p.pad[2]};
  Dims after{padAfter(0, p.height, p.kernelHeight, p.outHeight),
             padAfter(1, p.width, p.kernelWidth, p.outWidth)};
  primitive_attr attributes =
      makeAttributes(p, p.outChannels, 2, isGrouped ? 3 : 1);
  auto kind = prop_kind::forward_inference;
  auto how = algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  convolution_forward::primitive_desc desc(getEngine(), kind, how, src, weights,
                                           bias, dst, strides, dilations,
                                           before, after, attributes);
#else
  convolution_forward::primitive_desc desc(
      convolution_forward::desc(kind, how, src, weights, bias, dst, strides,
                                dilations, before, after),
      attributes, getEngine());
#endif
  return finish(p, desc, convolution_forward(desc), p.outChannels,
                /*hasBias=*/true);
}

static void *prepare(const OneDNNProblem &problem) {
  try {
    return problem.isMatMul ? prepareMatMul(problem)
                            : prepareConvolution(problem);
  } catch (const error &) {
    return nullptr;
  }
}

static void run(void *prepared) {
  auto *work = static_cast<Prepared *>(prepared);
  work->work.execute(work->queue, work->arguments);
  work->queue.wait();
}

static void destroy(void *prepared) {
  delete static_cast<Prepared *>(prepared);
}

extern "C" const OneDNNFunctions *qnn_onednn_functions() {
  const version_t *v = version();
  static const std::string text = std::to_string(v->major) + "." +
                                  std::to_string(v->minor) + "." +
                                  std::to_string(v->patch);
  static const OneDNNFunctions functions{text.c_str(), prepare, run, destroy};
  return &functions;
}

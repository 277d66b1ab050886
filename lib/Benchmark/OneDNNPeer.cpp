// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads the modules of OneDNN/ and hands problems to them.

#include "OneDNNPeer.h"
#include "OneDNN/Interface.h"
#include "llvm/ADT/StringSwitch.h"
#include <cstdlib>
#include <dlfcn.h>

using namespace llvm;
using namespace qnn;

namespace {
class OneDNNContestant : public FunctionContestant {
public:
  OneDNNContestant(const OneDNNFunctions &functions, void *prepared)
      : FunctionContestant([&functions, prepared]() -> Error {
          functions.run(prepared);
          return Error::success();
        }),
        functions(functions), prepared(prepared) {}
  ~OneDNNContestant() override { functions.destroy(prepared); }

private:
  const OneDNNFunctions &functions;
  void *prepared;
};

class OneDNNPeer : public Peer {
public:
  explicit OneDNNPeer(const OneDNNFunctions &functions)
      : functions(functions), name(std::string("onednn-") + functions.version) {
  }

  StringRef getName() const override { return name; }
  Expected<std::unique_ptr<Contestant>>
  prepare(const Problem &problem) override;

private:
  const OneDNNFunctions &functions;
  std::string name;
};
} // namespace

static OneDNNType getType(const Problem &problem, StringRef key) {
  return StringSwitch<OneDNNType>(problem.getWord(key))
      .Case("u8", OneDNNType::U8)
      .Case("s8", OneDNNType::S8)
      .Case("s32", OneDNNType::S32)
      .Default(OneDNNType::F32);
}

static OneDNNProblem describe(const Problem &problem) {
  OneDNNProblem result = {};
  result.in = getType(problem, "in");
  result.weights = getType(problem, "weights");
  result.out = getType(problem, "out");
  result.epilogue = StringSwitch<OneDNNEpilogue>(problem.getWord("epilogue"))
                        .Case("relu", OneDNNEpilogue::Relu)
                        .Case("relu6", OneDNNEpilogue::Relu6)
                        .Case("add", OneDNNEpilogue::Add)
                        .Default(OneDNNEpilogue::None);
  result.perChannel = problem.getWord("scales") == "channel";
  if (problem.getKind() == "gemm") {
    result.isMatMul = true;
    result.batch = problem.getNumber("batch");
    result.m = problem.getNumber("m");
    result.n = problem.getNumber("n");
    result.k = problem.getNumber("k");
    result.isDynamic = problem.getWord("rhs") == "input";
    return result;
  }
  SmallVector<int64_t> out = problem.getResultShape();
  result.images = problem.getNumber("n");
  result.height = problem.getNumber("h");
  result.width = problem.getNumber("w");
  result.channels = problem.getNumber("c");
  result.outHeight = out[1];
  result.outWidth = out[2];
  result.outChannels = out[3];
  result.kernelHeight = problem.getNumber("kh");
  result.kernelWidth = problem.getNumber("kw");
  // Padding that a producer of ours writes is part of oneDNN's primitive: its
  // kernels skip it.
  llvm::copy(problem.getNumbers("pad"), result.pad);
  llvm::copy(problem.getNumbers("stride"), result.strides);
  llvm::copy(problem.getNumbers("dilation"), result.dilations);
  result.groups = problem.getGroups();
  return result;
}

Expected<std::unique_ptr<Contestant>>
OneDNNPeer::prepare(const Problem &problem) {
  if (!problem.isContraction())
    return nullptr;
  void *prepared = functions.prepare(describe(problem));
  if (!prepared)
    return nullptr;
  return std::make_unique<OneDNNContestant>(functions, prepared);
}

/// The instructions of a row of the target table, in oneDNN's words; empty for
/// all.
static StringRef getInstructionLimit(StringRef target) {
  return StringSwitch<StringRef>(target)
      .Case("avxvnni", "AVX2_VNNI")
      .Case("avx512bw", "AVX512_CORE")
      .Case("avx2", "AVX2")
      .Cases({"sse4.1", "generic"}, "SSE41")
      .Default("");
}

Error qnn::openOneDNN(const PeerOptions &options,
                      std::vector<std::unique_ptr<Peer>> &peers) {
  // Both are read when the library is loaded.
  setenv("OMP_NUM_THREADS", std::to_string(options.threads).c_str(), 1);
  if (StringRef limit = getInstructionLimit(options.target); !limit.empty())
    setenv("ONEDNN_MAX_CPU_ISA", limit.str().c_str(), 1);
  SmallVector<StringRef> paths;
  StringRef(QNN_ONEDNN_MODULES).split(paths, ':', -1, /*KeepEmpty=*/false);
  if (paths.empty())
    return createStringError(
        "this build has no oneDNN: install libdnnl-dev (tools/scripts/setup.sh "
        "bench) or run tools/scripts/setup-peers.sh, then configure again");
  for (StringRef path : paths) {
    // Local, since two versions have the same symbols.
    void *library = dlopen(path.str().c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library)
      return createStringError("cannot load oneDNN: " + StringRef(dlerror()));
    void *entry = dlsym(library, kOneDNNEntry);
    if (!entry)
      return createStringError("'" + path + "' has no " + kOneDNNEntry);
    peers.push_back(
        std::make_unique<OneDNNPeer>(*reinterpret_cast<OneDNNEntry>(entry)()));
  }
  return Error::success();
}

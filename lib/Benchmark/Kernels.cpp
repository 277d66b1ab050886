// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One problem: compile, check, measure.

#include "qnn/Benchmark/Kernels.h"

using namespace llvm;
using namespace qnn;

static Error explain(const KernelSource &source, Error error) {
  return createStringError(source.name + ": " + toString(std::move(error)));
}

namespace {
/// A peer that solves the problem.
struct Opponent {
  std::string name;
  std::unique_ptr<Contestant> contestant;
};
} // namespace

static Expected<std::vector<Opponent>>
prepareOpponents(const Problem &problem,
                 ArrayRef<std::unique_ptr<Peer>> peers) {
  std::vector<Opponent> opponents;
  for (const std::unique_ptr<Peer> &peer : peers) {
    auto contestant = peer->prepare(problem);
    if (!contestant)
      return createStringError(peer->getName() + ": " +
                               toString(contestant.takeError()));
    if (*contestant)
      opponents.push_back({peer->getName().str(), std::move(*contestant)});
  }
  return opponents;
}

/// Measures a kernel that gave the right result.
static Error measureKernel(CompiledProblem &kernel, const Problem &problem,
                           const KernelOptions &options, RoofLoop &roof,
                           ArrayRef<std::unique_ptr<Peer>> peers,
                           ReportRow &row) {
  auto opponents = prepareOpponents(problem, peers);
  if (!opponents)
    return opponents.takeError();
  FunctionContestant own([&] { return kernel.run(); });
  std::vector<Contestant *> contestants{&own, &roof};
  for (Opponent &opponent : *opponents)
    contestants.push_back(opponent.contestant.get());
  auto times = measure(contestants, options.timing);
  if (!times)
    return times.takeError();
  row.us = (*times)[0];
  double roofSpeed =
      roof.countOperations() / (*times)[1] * double(options.timing.threads);
  row.roofFraction = problem.countOperations() / *row.us / roofSpeed;
  for (auto [opponent, time] : zip_equal(*opponents, drop_begin(*times, 2)))
    row.peers.push_back({opponent.name, time});
  // Every call after the first found the memory as the one before left it.
  Expected<bool> isRight = kernel.check();
  if (!isRight)
    return isRight.takeError();
  row.checked = *isRight;
  return Error::success();
}

Expected<ReportRow>
qnn::benchmarkKernel(const mlir::DialectRegistry &registry,
                     const KernelSource &source, const KernelOptions &options,
                     RoofLoop &roof, ArrayRef<std::unique_ptr<Peer>> peers) {
  auto kernel = CompiledProblem::create(registry, source, options.target,
                                        options.timing.threads, options.seed);
  if (!kernel)
    return explain(source, kernel.takeError());
  Expected<bool> isRight = (*kernel)->check();
  if (!isRight)
    return explain(source, isRight.takeError());
  ReportRow row;
  row.problem = source.name;
  row.target = (*kernel)->getTarget().str();
  row.threads = options.timing.threads;
  row.bytes = (*kernel)->countBytes();
  if (!*isRight)
    return row;
  if (Error error =
          measureKernel(**kernel, source.problem, options, roof, peers, row))
    return explain(source, std::move(error));
  return row;
}

Expected<std::unique_ptr<RoofLoop>> qnn::createWidestRoof() {
  std::vector<const RoofRow *> rows = getHostRoofs();
  if (rows.empty())
    // Not tested: a machine of an architecture that has no row.
    return createStringError("no multiply-add of this machine is known: add a "
                             "row to the table of roofs");
  return RoofLoop::create(*rows.front());
}

Expected<std::vector<RoofSpeed>>
qnn::measureRoofs(const TimingOptions &options) {
  std::vector<std::unique_ptr<RoofLoop>> loops;
  std::vector<Contestant *> contestants;
  for (const RoofRow *row : getHostRoofs()) {
    auto loop = RoofLoop::create(*row);
    if (!loop)
      return loop.takeError();
    loops.push_back(std::move(*loop));
    contestants.push_back(loops.back().get());
  }
  auto times = measure(contestants, options);
  if (!times)
    return times.takeError();
  std::vector<RoofSpeed> speeds;
  for (auto [loop, time] : zip_equal(loops, *times))
    speeds.push_back(
        {loop->getRow().name.str(), loop->countOperations() / time / 1000});
  return speeds;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One model: two objects, checked, and measured in turns with the peers.

#include "qnn/Benchmark/Models.h"
#include "CompiledFile.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace qnn;

namespace {
/// One of our objects and its row.
struct Entry {
  std::unique_ptr<CompiledFile> file;
  ReportRow row;
};
} // namespace

static Expected<Entry> compileEntry(const mlir::DialectRegistry &registry,
                                    const ModelRequest &request,
                                    const ModelOptions &options, bool isFloat) {
  auto file = CompiledFile::create(registry, request, options.target, isFloat,
                                   options.timing.threads, options.checkedRows);
  if (!file)
    return file.takeError();
  Expected<bool> isRight = (*file)->check();
  if (!isRight)
    return isRight.takeError();
  Entry entry;
  entry.row.problem =
      sys::path::stem(request.path).str() + (isFloat ? " float" : " int8");
  entry.row.target = (*file)->getTarget().str();
  entry.row.threads = options.timing.threads;
  entry.row.bytes = (*file)->countBytes();
  entry.row.checked = *isRight;
  entry.file = std::move(*file);
  return entry;
}

/// The peers that run the model; a warning for each of the others.
static std::vector<ModelPeer *>
preparePeers(const ModelRequest &request,
             ArrayRef<std::unique_ptr<ModelPeer>> peers) {
  std::vector<ModelPeer *> prepared;
  for (const std::unique_ptr<ModelPeer> &peer : peers) {
    Error error = peer->prepare(request);
    if (!error) {
      prepared.push_back(peer.get());
      continue;
    }
    WithColor::warning(errs(), "quant-bench")
        << request.path << ": " << peer->getName() << ": "
        << StringRef(toString(std::move(error))).split('\n').first << "\n";
  }
  return prepared;
}

static Error measureEntries(MutableArrayRef<Entry> entries,
                            ArrayRef<ModelPeer *> peers,
                            const TimingOptions &timing, RoofLoop &roof) {
  std::vector<std::unique_ptr<FunctionContestant>> own;
  std::vector<Contestant *> contestants{&roof};
  for (Entry &entry : entries) {
    own.push_back(std::make_unique<FunctionContestant>(
        [&entry] { return entry.file->run(); }));
    contestants.push_back(own.back().get());
  }
  append_range(contestants, peers);
  auto times = measure(contestants, timing);
  if (!times)
    return times.takeError();
  double roofSpeed =
      roof.countOperations() / times->front() * double(timing.threads);
  ArrayRef<double> ownTimes = ArrayRef(*times).slice(1, entries.size());
  ArrayRef<double> peerTimes = ArrayRef(*times).drop_front(1 + entries.size());
  for (auto [entry, us] : zip_equal(entries, ownTimes)) {
    entry.row.us = us;
    entry.row.roofFraction = entry.file->countOperations() / us / roofSpeed;
    for (auto [peer, time] : zip_equal(peers, peerTimes))
      entry.row.peers.push_back({peer->getName().str(), time});
  }
  return Error::success();
}

Expected<std::vector<ReportRow>>
qnn::benchmarkModel(const mlir::DialectRegistry &registry,
                    const ModelRequest &request, const ModelOptions &options,
                    RoofLoop &roof,
                    ArrayRef<std::unique_ptr<ModelPeer>> peers) {
  std::vector<Entry> entries;
  bool isRight = true;
  for (bool isFloat : {false, true}) {
    auto entry = compileEntry(registry, request, options, isFloat);
    if (!entry)
      return createStringError(request.path + ": " +
                               toString(entry.takeError()));
    isRight &= entry->row.checked;
    entries.push_back(std::move(*entry));
  }
  if (isRight)
    if (Error error = measureEntries(entries, preparePeers(request, peers),
                                     options.timing, roof))
      return createStringError(request.path + ": " +
                               toString(std::move(error)));
  std::vector<ReportRow> rows;
  for (Entry &entry : entries)
    rows.push_back(std::move(entry.row));
  return rows;
}

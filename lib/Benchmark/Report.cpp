// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables and JSON.

#include "qnn/Benchmark/Report.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using namespace llvm;
using namespace qnn;

std::optional<double> ReportRow::findPeer(StringRef name) const {
  for (const PeerTime &peer : peers)
    if (peer.name == name)
      return peer.us;
  return std::nullopt;
}

std::optional<double> qnn::getMeanRatio(ArrayRef<ReportRow> rows,
                                        StringRef peer) {
  double sum = 0;
  int64_t count = 0;
  for (const ReportRow &row : rows)
    if (std::optional<double> us = row.findPeer(peer); us && row.us) {
      sum += std::log(*us / *row.us);
      ++count;
    }
  if (count == 0)
    return std::nullopt;
  return std::exp(sum / double(count));
}

/// Right-aligned; empty for none.
static std::string formatNumber(std::optional<double> value, int digits,
                                unsigned width) {
  std::string text;
  raw_string_ostream os(text);
  if (value)
    os << format("%.*f", digits, *value);
  return std::string(width - std::min<size_t>(width, text.size()), ' ') + text;
}

static unsigned peerWidth(StringRef peer) {
  return std::max<unsigned>(12, peer.size() + 2);
}

TableWriter::TableWriter(raw_ostream &os, ArrayRef<std::string> peers)
    : os(os), peers(peers.begin(), peers.end()) {
  os << "         us  of roof  checked";
  for (const std::string &peer : peers)
    os << right_justify(peer, peerWidth(peer)) << "   ratio";
  os << "  problem\n";
  os.flush();
}

void TableWriter::writeRow(const ReportRow &row) {
  os << formatNumber(row.us, 2, 11) << formatNumber(row.roofFraction, 3, 9)
     << right_justify(row.checked ? "yes" : "NO", 9);
  for (const std::string &peer : peers) {
    std::optional<double> us = row.findPeer(peer), ratio;
    if (us && row.us)
      ratio = *us / *row.us;
    os << formatNumber(us, 2, peerWidth(peer)) << formatNumber(ratio, 2, 8);
  }
  os << "  " << row.problem << "\n";
  os.flush();
}

void TableWriter::writeSummary(ArrayRef<ReportRow> rows) {
  for (const std::string &peer : peers)
    if (std::optional<double> ratio = getMeanRatio(rows, peer))
      os << peer << " takes " << format("%.2f", *ratio)
         << " times as long (geometric mean)\n";
}

/// An array with an object for each row, of the attributes that `write` gives
/// it.
template <typename Row>
static void
writeObjects(raw_ostream &os, ArrayRef<Row> rows,
             function_ref<void(json::OStream &, const Row &)> write) {
  json::OStream writer(os, /*IndentSize=*/2);
  writer.array([&] {
    for (const Row &row : rows)
      writer.object([&] { write(writer, row); });
  });
  os << "\n";
}

void qnn::writeJSON(raw_ostream &os, ArrayRef<ReportRow> rows) {
  writeObjects<ReportRow>(os, rows, [](auto &writer, auto &row) {
    writer.attribute("problem", row.problem);
    writer.attribute("target", row.target);
    writer.attribute("threads", row.threads);
    writer.attribute("us", row.us);
    writer.attribute("roof_fraction", row.roofFraction);
    writer.attribute("bytes", row.bytes);
    writer.attribute("checked", row.checked);
    writer.attributeObject("peers", [&] {
      for (const PeerTime &peer : row.peers)
        writer.attribute(peer.name, peer.us);
    });
  });
}

void qnn::printRoofs(raw_ostream &os, ArrayRef<RoofSpeed> roofs) {
  os << "     Gop/s  of widest  multiply-add\n";
  for (const RoofSpeed &roof : roofs)
    os << formatNumber(roof.gops, 1, 10)
       << formatNumber(roof.gops / roofs.front().gops, 3, 11) << "  "
       << roof.name << "\n";
}

void qnn::writeJSON(raw_ostream &os, ArrayRef<RoofSpeed> roofs) {
  writeObjects<RoofSpeed>(os, roofs, [](auto &writer, auto &roof) {
    writer.attribute("name", roof.name);
    writer.attribute("gops", roof.gops);
  });
}

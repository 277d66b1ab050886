// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statistics to and from JSON.

#include "qnn/Quantization/Statistics.h"
#include <cmath>

using namespace qnn;
using namespace llvm;

static json::Array histogramToJSON(const LogHistogram &histogram) {
  json::Array result;
  for (int i = 0; i < LogHistogram::kNumBuckets; ++i)
    if (histogram[i] != 0)
      result.push_back(json::Array{i, histogram[i]});
  return result;
}

json::Value qnn::toJSON(const TensorStatistics &statistics) {
  json::Object result{{"count", statistics.count},
                      {"non_finite", statistics.numNonFinite},
                      {"sum", statistics.sum},
                      {"sum_of_squares", statistics.sumOfSquares},
                      {"histogram", histogramToJSON(statistics.histogram)}};
  if (statistics.count != 0) {
    result["min"] = statistics.min;
    result["max"] = statistics.max;
  }
  if (!statistics.channelAbsMax.empty())
    result["channel_abs_max"] = json::Array(statistics.channelAbsMax);
  return result;
}

/// Reads [[bucket, count], ...] with ascending buckets; `total` becomes the
/// sum of the counts.
static bool histogramFromJSON(const json::Value &value, LogHistogram &histogram,
                              uint64_t &total, json::Path path) {
  const json::Array *entries = value.getAsArray();
  if (!entries) {
    path.report("expected an array of [bucket, count]");
    return false;
  }
  total = 0;
  int64_t last = -1;
  for (size_t i = 0; i < entries->size(); ++i) {
    const json::Array *entry = (*entries)[i].getAsArray();
    std::optional<int64_t> bucket;
    std::optional<uint64_t> count;
    if (entry && entry->size() == 2) {
      bucket = (*entry)[0].getAsInteger();
      count = (*entry)[1].getAsUINT64();
    }
    if (!count || !bucket || *bucket <= last ||
        *bucket >= LogHistogram::kNumBuckets) {
      path.index(i).report("expected [bucket, count], in ascending order");
      return false;
    }
    last = *bucket;
    histogram[last] = *count;
    total += *count;
  }
  return true;
}

bool qnn::fromJSON(const json::Value &value, TensorStatistics &statistics,
                   json::Path path) {
  statistics = TensorStatistics();
  json::ObjectMapper mapper(value, path);
  double min = 0, max = 0;
  if (!mapper || !mapper.map("count", statistics.count) ||
      !mapper.map("non_finite", statistics.numNonFinite) ||
      !mapper.map("sum", statistics.sum) ||
      !mapper.map("sum_of_squares", statistics.sumOfSquares))
    return false;
  if (statistics.count != 0) {
    if (!mapper.map("min", min) || !mapper.map("max", max))
      return false;
    if (!(min <= max)) {
      path.report("min is larger than max");
      return false;
    }
    statistics.min = float(min);
    statistics.max = float(max);
  }
  std::vector<double> channels;
  if (!mapper.mapOptional("channel_abs_max", channels))
    return false;
  statistics.channelAbsMax.assign(channels.begin(), channels.end());

  const json::Value *histogram = value.getAsObject()->get("histogram");
  uint64_t total = 0;
  if (!histogram) {
    path.field("histogram").report("missing value");
    return false;
  }
  if (!histogramFromJSON(*histogram, statistics.histogram, total,
                         path.field("histogram")))
    return false;
  if (total != statistics.count) {
    path.field("histogram").report("counts do not add up to 'count'");
    return false;
  }
  return true;
}

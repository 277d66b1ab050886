// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which elements of the operands the units of a tiled kernel access.

#include "TileKernel.h"

using namespace mlir;
using namespace qnn;

SmallVector<int64_t> TileKernel::listAccesses(unsigned operand) const {
  const FlatOperand &flat = operands[operand];
  linalg::GenericOp op = contraction.op;
  std::optional<int64_t> span = countSpan(flat, op.getStaticLoopRanges());
  if (!span)
    return {};
  SmallVector<Loop> loops(ArrayRef<Loop>(rowLoops).take_front(unitLoops));
  bool unitsAreTiles = rowLoops.empty() && !tiledLoops.empty();
  if (unitsAreTiles)
    loops = {tiledLoops.front().loop};
  for (const Loop &loop : loops)
    *span -= (loop.extent - 1) * loop.steps[operand];

  SmallVector<int64_t> bounds;
  if (unitsAreTiles) {
    int64_t step = loops.front().steps[operand];
    for (const TileRun &run :
         splitRows(loops.front().extent, tiledLoops.front().size))
      for (int64_t i = 0; i < run.count; ++i) {
        int64_t first = flat.offset + (run.begin + i * run.size) * step;
        for (int64_t panel = 0; panel < units / rowUnits; ++panel)
          bounds.append({first, first + (run.size - 1) * step + *span});
      }
    return bounds;
  }
  for (int64_t unit = 0; unit < units; ++unit) {
    int64_t first = flat.offset, rest = unit / (units / rowUnits);
    for (const Loop &loop : llvm::reverse(loops)) {
      first += rest % loop.extent * loop.steps[operand];
      rest /= loop.extent;
    }
    bounds.append({first, first + *span});
  }
  return bounds;
}

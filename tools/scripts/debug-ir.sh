#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Shows what each pass of a pipeline changes:
#
#   debug-ir.sh DIR INPUT.mlir --pass-or-pipeline...
#
# writes the IR after each pass that changed it to DIR/01-<pass>.mlir and so on
# (00-input.mlir: what went in), and beside each the difference to the one
# before. QUANT_OPT names another quant-opt than that of the dev build.
set -euo pipefail

if (($# < 3)); then
  sed -n '4,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
opt=${QUANT_OPT:-$root/build/dev/bin/quant-opt}
dir=$1 input=$2
shift 2

mkdir -p "$dir"
rm -f "$dir"/[0-9][0-9]*-*.mlir "$dir"/[0-9][0-9]*-*.diff
cp "$input" "$dir/00-input.mlir"
status=0
"$opt" "$input" "$@" --mlir-disable-threading --mlir-print-ir-after-all \
  --mlir-print-ir-after-change \
  --mlir-print-ir-module-scope \
  -o "$dir/result.mlir" 2>"$dir/log.txt" || status=$?

# Cuts the log at "// -----// IR Dump After Pass (flag) //----- //".
awk -v dir="$dir" '
  /^\/\/ -----\/\/ IR Dump / {
    name = $0
    failed = name ~ / Failed/ ? "-failed" : ""
    if (match(name, /\([^)]*\)/))
      name = substr(name, RSTART + 1, RLENGTH - 2)
    sub(/.*After /, "", name)
    gsub(/[^A-Za-z0-9-]+/, "-", name)
    name = substr(name, 1, 60) failed
    file = sprintf("%s/%02d-%s.mlir", dir, ++count, name)
  }
  file { print > file }
' "$dir/log.txt"

previous=
for file in "$dir"/[0-9][0-9]*-*.mlir; do
  if [[ -n $previous ]]; then
    diff -u "$previous" "$file" >"${file%.mlir}.diff" || true
    echo "$file: $(grep -c '^[-+][^-+]' "${file%.mlir}.diff" || true)" \
      "changed lines"
  fi
  previous=$file
done
if ((status != 0)); then
  grep -n 'error:' "$dir/log.txt" | head -n 5 >&2 || true
  echo "the pipeline failed; see $dir/log.txt" >&2
fi
exit "$status"

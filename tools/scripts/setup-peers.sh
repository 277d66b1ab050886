#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Makes build/peers, a Python environment with the libraries that quant-bench
# compares with (--peers=...), at the versions that docs/Performance.md names.
# Nothing else needs it. A newer oneDNN than Debian's is among them: configure
# the build again afterwards, so that it is found.
#   setup-peers.sh            oneDNN and onnxruntime
#   setup-peers.sh models     OpenVINO, too
#   setup-peers.sh training   PyTorch, too, for bench-training.py (5 GB)
set -euo pipefail

packages=(
  onnxruntime==1.31.0 onnx==1.23.2 numpy==2.4.6
  onednn-cpu-gomp==2023.2.0 onednn-devel-cpu-gomp==2023.2.0
)
case ${1:-} in
  "") ;;
  models) packages+=(openvino==2026.4.0) ;;
  training) packages+=(torch==2.7.1) ;;
  *)
    echo "usage: setup-peers.sh [models|training]" >&2
    exit 2
    ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if [[ ! -x $root/build/peers/bin/python ]]; then
  mkdir -p "$root/build"
  /usr/bin/python3 -m venv "$root/build/peers"
fi
"$root/build/peers/bin/pip" install -q "${packages[@]}"
"$root/build/peers/bin/pip" list --format=freeze |
  grep -E '^(onnxruntime|onednn-cpu-gomp|openvino|torch)='

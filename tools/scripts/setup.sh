#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs the Debian 12 packages that are missing, and prints nothing when
# none is. The arguments name the groups:
#   setup.sh [build] [check] [bench]      default: build
# Sourced, it sets up the group build and leaves qnn_setup behind for the other.
# build: what compiling, the demo and the scripts need; check: what tools/check
# needs besides; bench: libraries that quant-bench compares with, which nothing
# else needs. QNN_SETUP=skip: the packages were provided in another way.

qnn_setup() (
  set -euo pipefail

  # The LLVM 22 packages of Debian 12 are in its security archive.
  local build_packages=(
    libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools clang-22 lld-22
    g++ cmake ninja-build ccache libgtest-dev libgmock-dev libonnx-dev
    libprotobuf-dev protobuf-compiler python3 python3-numpy python3-onnx
    python3-psutil git
  )
  local check_packages=(
    libclang-rt-22-dev clang-tidy-22 clang-format-22 qemu-user
    gcc-aarch64-linux-gnu libc6-dev-arm64-cross
  )

  local bench_packages=(libdnnl-dev python3-venv)

  if [[ ${QNN_SETUP:-} == skip ]]; then
    return 0
  fi
  local wanted=() group
  for group in "${@:-build}"; do
    case $group in
      build) wanted+=("${build_packages[@]}") ;;
      check) wanted+=("${check_packages[@]}") ;;
      bench) wanted+=("${bench_packages[@]}") ;;
      *)
        echo "setup: unknown group '$group' (build, check, bench)" >&2
        return 2
        ;;
    esac
  done

  fail() {
    echo "setup: error: $1" >&2
    echo "setup: with the packages installed in another way," \
      "set QNN_SETUP=skip; wanted: ${wanted[*]}" >&2
    return 1
  }
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail "this is not a Debian system (no apt-get)"
    return 1
  fi
  local missing=() package
  for package in "${wanted[@]}"; do
    # shellcheck disable=SC2016  # dpkg-query expands ${db:Status-Status}.
    if [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) \
          != installed ]]; then
      missing+=("$package")
    fi
  done
  if ((${#missing[@]} == 0)); then
    return 0
  fi

  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      fail "missing packages, and neither root nor sudo: ${missing[*]}"
      return 1
    fi
    as_root=(sudo)
  fi
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
    apt-get -qq -o Dpkg::Use-Pty=0)
  local log
  log=$(mktemp)
  echo "setup: installing ${missing[*]}"
  if ! "${apt[@]}" update >"$log" 2>&1; then
    # Not fatal: the lists at hand may do.
    echo "setup: warning: apt-get update failed: $(tail -n 1 "$log")" >&2
  fi
  if ! "${apt[@]}" install -y --no-install-recommends "${missing[@]}" \
      >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install ${missing[*]}"
    return 1
  fi
  rm -f "$log"
  echo "setup: done"
)

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  qnn_setup "$@"
else
  # The arguments are those of the script that sources this one.
  qnn_setup build
fi

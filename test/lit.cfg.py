# The lit suite of .mlir and .test files; unit tests are in Unit/lit.cfg.py.

import glob
import os
import platform
import shutil

import lit.formats
from lit.llvm import llvm_config

config.name = "quant-mlir"
config.test_format = lit.formats.ShTest(not llvm_config.use_lit_shell)
config.suffixes = [".mlir", ".test"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.qnn_obj_root, "test")
config.excludes = ["Inputs", "Models", "Unit"]

llvm_config.use_default_substitutions()  # FileCheck, not, count
llvm_config.with_environment("PATH", config.llvm_tools_dir, append_path=True)
llvm_config.with_environment("PATH", config.qnn_tools_dir, append_path=True)
# The sanitizers' allocator hooks misread LLVM's uninstrumented libraries.
llvm_config.with_environment("ASAN_OPTIONS", "allow_user_poisoning=0")

models = os.path.join(config.test_source_root, "Models")
config.substitutions.append(("%models", models))
config.substitutions.append(
    ("%scripts", os.path.join(config.qnn_source_root, "tools", "scripts")))
config.substitutions.append(("%tools", config.qnn_tools_dir))
config.substitutions.append(("%root", config.qnn_source_root))
config.substitutions.append(("%host_cc", config.host_cc))
config.substitutions.append(("%host_cxx", config.host_cxx))
config.substitutions.append(("%python", "/usr/bin/python3"))

# Real models and data are not part of the repository.
shared = os.environ.get(
    "QNN_SHARED", os.path.join(config.qnn_source_root, "..", "shared"))
if os.path.isdir(shared):
    config.available_features.add("shared")
config.substitutions.append(("%shared", os.path.abspath(shared)))

config.available_features.add("host-" + platform.machine())
for emulator in ["qemu-x86_64", "qemu-aarch64", "aarch64-linux-gnu-gcc",
                 "protoc"]:
    if shutil.which(emulator):
        config.available_features.add(emulator)
# What quant-bench compares with; all of it is optional.
if glob.glob(os.path.join(config.qnn_obj_root, "lib", "libqnn-onednn-*")):
    config.available_features.add("onednn")
for peer in ["onnxruntime", "openvino"]:
    if glob.glob(os.path.join(config.qnn_source_root, "build", "peers", "lib",
                              "python*", "site-packages", peer)):
        config.available_features.add(peer)
if config.qnn_sanitize:
    config.available_features.add("asan")
if not (config.qnn_sanitize or "g++" in config.host_cxx
        and "clang" not in config.host_cxx):
    # Runs over whole data sets: once, in the build that is made first.
    config.available_features.add("whole-data-sets")

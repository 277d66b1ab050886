# Runs the GoogleTest binaries: every executable named *Tests in the build
# tree's test/Unit is one; each of its tests is one lit test.

import os

import lit.formats

config.name = "quant-mlir-unit"
config.suffixes = []
# The binaries lie in the build tree, so lit looks for tests there.
config.test_exec_root = os.path.join(config.qnn_obj_root, "test", "Unit")
config.test_source_root = config.test_exec_root
config.test_format = lit.formats.GoogleTest(".", "Tests")

# Where unit tests find their data, and the optional ../shared.
config.environment["QNN_SOURCE_DIR"] = config.qnn_source_root
# Compiled code for this machine's CPU and for any, not for those between.
if os.environ.get("QNN_QUICK"):
    config.environment["QNN_QUICK"] = "1"

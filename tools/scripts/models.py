# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The models that accuracy and exactness are measured on: one row for each."""

import argparse
import dataclasses
import os
import pathlib
import subprocess
from typing import List, Optional

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGITS = ROOT / "test/Models/digits"


@dataclasses.dataclass(frozen=True)
class Model:
    name: str
    # Options of quant-compile that turn the raw rows into the model's input.
    input_options: List[str]
    # The float value of MODELS.tsv (onnxruntime): accuracy in percent, or the
    # mean squared error where there are no labels.
    published: Optional[float]
    # The smallest SQNR of the int8 outputs we accept, and onnxruntime's, in dB,
    # where it has int8 outputs.
    sqnr_bar: Optional[float]
    sqnr_ort: Optional[float]
    # The name of the data files, where it is not the model's.
    data: str = ""
    has_labels: bool = True

    def onnx(self, shared):
        if self.name == "digits":
            return DIGITS / "digits.onnx"
        return shared / f"models/float/{self.name}.onnx"

    def _data(self, shared, suffix):
        if self.name == "digits":
            return DIGITS / f"digits_{suffix}.npy"
        return shared / f"data/{self.data or self.name}_{suffix}.npy"

    def calib(self, shared):
        return self._data(shared, "calib")

    def eval(self, shared):
        return self._data(shared, "eval")

    def labels(self, shared):
        return self._data(shared, "eval_labels") if self.has_labels else None


NHWC = "--input-layout=nhwc"
# The double nearest to 1/255.
UNIT_RANGE = "--input-scale=0.00392156862745098"

MODELS = [
    Model("mnist_cnn", [], 98.36, 38.0, 39.0, data="mnist"),
    Model("resnet8_cifar10", [NHWC], 91.00, 22.0, 22.7, data="cifar10"),
    Model("vww_mobilenetv1", [NHWC, UNIT_RANGE], 86.75, 29.0, 29.6,
          data="vww"),
    Model("kws_dscnn", [], 90.25, 29.0, 29.6, data="kws"),
    Model("ad_autoencoder", [], 9.5176, 41.0, 42.6, data="ad",
          has_labels=False),
    Model("keypoint_mlp", [], 96.80, 40.0, 41.0, data="keypoint"),
    # onnxruntime keeps an LSTM in floats.
    Model("mnist_lstm", [UNIT_RANGE], 97.76, 28.0, None, data="mnist"),
    Model("digits", [], None, None, None),
]

# The int8 accuracy may be this many points below the float one.
ACCURACY_BAR = 1.0


class ToolError(Exception):
    pass


def run(command, **options):
    """Runs a command; its output is shown only when it fails."""
    command = [str(word) for word in command]
    result = subprocess.run(command, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False,
                            **options)
    if result.returncode != 0:
        tail = "\n".join(result.stdout.splitlines()[-20:])
        raise ToolError(f"'{' '.join(command)}' exited with "
                        f"{result.returncode}:\n{tail}")
    return result.stdout


def tools_folder(path):
    """A folder that has the tools."""
    folder = pathlib.Path(path)
    if not (folder / "quant-run").exists():
        raise argparse.ArgumentTypeError(
            f"no quant-run in {folder}: build the preset release, or give the "
            "folder bin of another build")
    return folder


def add_tools_option(parser):
    # A default that is a string is checked, too.
    parser.add_argument("--tools", type=tools_folder,
                        default=str(ROOT / "build/release/bin"),
                        help="folder of the tools (%(default)s)")


def add_options(parser):
    """The options that the scripts share."""
    add_tools_option(parser)
    parser.add_argument("--shared", type=pathlib.Path,
                        default=os.environ.get("QNN_SHARED",
                                               ROOT.parent / "shared"),
                        help="folder with models and data; default: "
                        "QNN_SHARED, else ../shared beside the repository")
    parser.add_argument("--models", default=",".join(m.name for m in MODELS),
                        help="names, comma separated (%(default)s)")
    parser.add_argument("--work", type=pathlib.Path,
                        help="folder for what is made on the way")


def select(parser, args):
    """The models asked for whose files are there; says which are not."""
    by_name = {model.name: model for model in MODELS}
    chosen = []
    for name in args.models.split(","):
        if name not in by_name:
            parser.error(f"unknown model '{name}' ({', '.join(by_name)})")
        if by_name[name].onnx(args.shared).exists():
            chosen.append(by_name[name])
        else:
            print(f"skipped: {name}: no {by_name[name].onnx(args.shared)}")
    if not chosen:
        parser.error("none of the models is there")
    return chosen

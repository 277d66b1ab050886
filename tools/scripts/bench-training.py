#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Training steps of the models beside PyTorch, in one run.

A step is forward pass, softmax cross entropy, gradients and SGD, on one batch
of random numbers. PyTorch gets the same model and weights from the ONNX file,
in both memory formats, of which the faster one counts. First one step of both
is compared: the loss and every updated parameter. Then rounds of all
contestants in turn, for each number of threads; medians are printed.

Needs a Python with torch, numpy and onnx: tools/scripts/setup-peers.sh
training. Nothing else does.

  build/peers/bin/python tools/scripts/bench-training.py --shared=DIR
"""

import argparse
import ctypes
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch

from torch_model import OnnxModel

MODELS = ["mnist_cnn", "resnet8_cifar10", "kws_dscnn", "vww_mobilenetv1"]
# So large that updates are not lost in the roundings of weights.
LEARNING_RATE = 1.0
# Largest difference of the loss, and of an update relative to the largest one
# of the parameter.
TOLERANCE = 1e-4

WRAPPER = """#define QNN_THREADS
#include "step.h"
qnn_pool *bench_create(int threads) { return qnn_pool_create(threads); }
int bench_run(void **p, qnn_pool *pool) {
  return step_run_parallel(%s, pool ? qnn_pool_run : 0, pool);
}
"""


def run(*command):
    result = subprocess.run([str(part) for part in command],
                            capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{result.stderr}")
    return result.stdout


def parse_type(text):
    """The shape of `2x3xf32`."""
    return [int(extent) for extent in text.split("x")[:-1]]


def parse_elements(text, shape):
    if text.startswith('"0x'):
        values = np.frombuffer(bytes.fromhex(text[3:-1]), np.float32)
    else:
        values = np.array(re.findall(r"[-+.\de]+", text), np.float32)
    return np.array(np.broadcast_to(values, np.prod(shape, dtype=int))
                    ).reshape(shape)


def count_bytes(text):
    *extents, element = text.split("x")
    size = {"i1": 1, "i8": 1, "ui8": 1}.get(element, 4)
    return size * int(np.prod([int(e) for e in extents], dtype=np.int64))


def peak_of_live_tensors(ir):
    """The most bytes that values of a function, without its arguments, take at
    any operation: what a value's last reader needs, beside its own result.
    Reshapes are no values of their own, nor are results of the function."""
    lines = [line for line in ir.splitlines() if re.match(r"\s*%\w+ = ", line)]
    returned = re.search(r"\n\s*return (.*?) :", ir)
    sizes, last, root = {}, {}, {}
    for index, line in enumerate(lines):
        result = re.match(r"\s*(%\w+) =", line).group(1)
        operands = re.findall(r"%\w+", line.split("=", 1)[1])
        if re.search(r"= tensor\.(collapse|expand)_shape", line):
            root[result] = root.get(operands[0], operands[0])
            continue
        if " = arith.constant" not in line:
            sizes[result] = (index,
                             count_bytes(re.findall(r"tensor<([^<>]*)>",
                                                    line)[-1]))
        for operand in operands:
            last[root.get(operand, operand)] = index
    for value in re.findall(r"%\w+", returned.group(1)):
        sizes.pop(root.get(value, value), None)
    change = np.zeros(len(lines) + 1, np.int64)
    for value, (begin, size) in sizes.items():
        change[begin] += size
        change[last.get(value, begin) + 1] -= size
    return int(np.cumsum(change).max())


class Step:
    """The step of a model, compiled."""

    def __init__(self, args, name, work):
        self.args, self.work = args, work
        prepared = self.make_ir(name)
        self.parameters = {
            match.group(1): parse_elements(match.group(2),
                                           parse_type(match.group(3)))
            for match in re.finditer(
                r'qnn\.parameter "(.*?)" dense<(.*?)> : tensor<(.*?)>',
                prepared)}
        self.load()

    def opt(self, source, *passes):
        return run(self.args.tools / "quant-opt", source, *passes,
                   "--mlir-print-elementsattrs-with-hex-if-larger=1")

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        return path

    def make_ir(self, name):
        model = self.args.shared / f"models/float/{name}.onnx"
        run(self.args.tools / "quant-compile", model, "--float",
            "--compile-to=prepare", "-o", self.work, "--name=model")
        prepared = self.opt(self.work / "model.prepare.mlir",
                            "--qnn-mark-parameters")
        master = self.write("master.mlir", prepared)
        step = self.opt(master, "--qnn-expose-parameters",
                        f"--qnn-set-batch=batch={self.args.batch}",
                        "--qnn-training-step-pipeline=function=model "
                        "loss=softmax_cross_entropy optimizer=sgd")
        self.peak = peak_of_live_tensors(step)
        lowered = self.opt(self.write("step.mlir", step), "--qnn-set-target",
                           "--qnn-lower-pipeline")
        compiled = self.opt(self.write("lower.mlir", lowered),
                            "--qnn-codegen-pipeline")
        path = self.write("codegen.mlir", compiled)
        for kind, suffix in [("object", "o"), ("header", "h")]:
            run(self.args.tools / "quant-translate", f"--emit-{kind}", path,
                "-o", self.work / f"step.{suffix}")
        return prepared

    def load(self):
        header = (self.work / "step.h").read_text()
        ports = {kind: self.read_ports(header, kind)
                 for kind in ("INPUT", "OUTPUT")}
        self.inputs, self.outputs = ports["INPUT"], ports["OUTPUT"]
        self.arena_bytes = int(re.search(r"STEP_ARENA_BYTES (\d+)",
                                         header).group(1))
        count = len(self.inputs) + len(self.outputs) + 1
        source = self.write("wrapper.c", WRAPPER % ", ".join(
            f"p[{i}]" for i in range(count)))
        library = self.work / "step.so"
        run("cc", "-O1", "-w", "-shared", "-fPIC", "-pthread", source,
            self.work / "step.o", "-o", library)
        self.library = ctypes.CDLL(str(library))
        self.library.bench_create.restype = ctypes.c_void_p
        self.pools = {1: None}

    @staticmethod
    def read_ports(header, kind):
        """Name and empty array of each port, in order."""
        direction = {"INPUT": "in", "OUTPUT": "out"}[kind]
        names = [original or name for name, original in re.findall(
            rf"^ \*   (\w+): {direction}, [^\"\n]*(?:\"(.*?)\")?", header,
            re.MULTILINE)]
        ports = []
        for index, name in enumerate(names):
            prefix = f"STEP_{kind}_{index}_"
            shape = re.search(prefix + r"SHAPE {(.*?)}", header).group(1)
            c_type = re.search(prefix + r"TYPE (\w+)", header).group(1)
            dtype = {"float": np.float32, "int32_t": np.int32}[c_type]
            ports.append((name, np.zeros([int(e) for e in shape.split(",")],
                                         dtype)))
        return ports

    def set_inputs(self, values):
        for name, array in self.inputs:
            array[...] = np.reshape(values[name], array.shape)
        self.arena = np.zeros(self.arena_bytes + 64, np.uint8)
        arena = (self.arena.ctypes.data + 63) // 64 * 64
        pointers = [array.ctypes.data
                    for _, array in self.inputs + self.outputs] + [arena]
        self.pointers = (ctypes.c_void_p * len(pointers))(*pointers)

    def run(self, threads):
        if threads not in self.pools:
            self.pools[threads] = self.library.bench_create(threads)
        if self.library.bench_run(self.pointers,
                                  ctypes.c_void_p(self.pools[threads])) != 0:
            sys.exit("the step refused its arguments")


class TorchStep:
    def __init__(self, model, x, labels, memory_format):
        self.model = model.to(memory_format=memory_format)
        self.x = x.contiguous(memory_format=memory_format)
        self.labels = labels
        self.optimizer = torch.optim.SGD(model.parameters(),
                                         lr=LEARNING_RATE, fused=True)

    def run(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(self.model(self.x),
                                                 self.labels)
        loss.backward()
        self.optimizer.step()
        return loss

    def stop_learning(self):
        """The work stays the same, the weights stay finite."""
        for group in self.optimizer.param_groups:
            group["lr"] = 1e-9


def flattened_layout(values, image):
    """Rows of a dense layer behind an image: from [C, H, W] to [H, W, C]."""
    height, width, channels = image
    return values.reshape(channels, height, width, -1).transpose(
        1, 2, 0, 3).reshape(values.shape)


def match_parameters(step, model):
    """(name, torch parameter, function to the compiled order) of each, found by
    the values, which both sides have from the same file."""
    matches = []
    for name, values in step.parameters.items():
        for parameter in model.parameters():
            to_compiled = find_order(parameter, values)
            if to_compiled:
                matches.append((name, parameter, to_compiled))
                break
        else:
            sys.exit(f"PyTorch has no parameter like '{name}'")
    return matches


def find_order(parameter, values):
    """The function from torch's order of axes that gives these values."""
    def channels_last(p):
        p = p.detach().numpy()
        return p.transpose(0, 2, 3, 1) if p.ndim == 4 else p

    if parameter.numel() != values.size:
        return None
    orders = [channels_last]
    if parameter.ndim == 2:
        for n in range(2, 8):
            if len(parameter) % (n * n) == 0:
                image = (n, n, len(parameter) // (n * n))
                orders.append(lambda p, image=image: flattened_layout(
                    channels_last(p), image))
    for order in orders:
        candidate = order(parameter)
        if candidate.shape == values.shape and np.allclose(
                candidate, values, rtol=1e-4, atol=1e-5):
            return order
    return None


def compare(step, matches, before, loss):
    """Of one step of both: the loss and the largest difference of an update."""
    outputs = dict(step.outputs)
    ours = float(outputs["loss"].reshape(-1)[0])
    worst = 0.0
    for name, parameter, order in matches:
        expected = order(parameter) - before[name]
        got = outputs[name] - step.parameters[name]
        scale = max(float(np.abs(expected).max()), 1e-6)
        worst = max(worst, float(np.abs(got - expected).max()) / scale)
    print(f"  loss {ours:.7g}, PyTorch {loss:.7g}; "
          f"updates differ by at most {worst:.1e}")
    return abs(ours - loss) <= TOLERANCE * abs(loss) and worst <= TOLERANCE


def turn(call, seconds, threads):
    """Seconds of a call, over as many as fit. Of one thread its CPU time, so
    that it does not matter what else the machine does."""
    clock = time.process_time if threads == 1 else time.perf_counter
    count, start = 0, clock()
    while True:
        call()
        count += 1
        elapsed = clock() - start
        if elapsed >= seconds:
            return elapsed / count


def measure(args, step, peers, threads):
    """Samples a second of ours and of the fastest peer, and the median of the
    ratios of all rounds."""
    torch.set_num_threads(threads)
    calls = {"ours": lambda: step.run(threads),
             **{name: peer.run for name, peer in peers.items()}}
    for call in calls.values():
        turn(call, args.turn, threads)
    times = {name: [] for name in calls}
    for _ in range(args.rounds):
        for name, call in calls.items():
            # Nobody's threads may still spin.
            time.sleep(0.05)
            times[name].append(turn(call, args.turn, threads))
    medians = {name: statistics.median(t) for name, t in times.items()}
    best = min(peers, key=medians.get)
    ratio = statistics.median(
        peer / ours for peer, ours in zip(times[best], times["ours"]))
    return args.batch / medians["ours"], args.batch / medians[best], ratio


def compare_step(args, step, path):
    """Loads the model into both, runs one step of both and compares; the peers,
    and whether the results agree."""
    random = np.random.default_rng(0)
    model = OnnxModel(path)
    values = {"learning_rate": LEARNING_RATE, **step.parameters}
    x_name, x = step.inputs[0]
    values[x_name] = random.normal(0, 0.5, x.shape).astype(np.float32)
    x = torch.from_numpy(values[x_name])
    labels = random.integers(0, model(x).shape[1], args.batch)
    for name, array in step.inputs:
        if array.dtype == np.int32:
            values[name] = labels
    step.set_inputs(values)
    step.run(1)

    matches = match_parameters(step, model)
    before = {name: order(p).copy() for name, p, order in matches}
    labels = torch.from_numpy(labels)
    peer = TorchStep(model, x, labels, torch.contiguous_format)
    is_same = compare(step, matches, before, float(peer.run()))
    other = TorchStep(OnnxModel(path), x, labels, torch.channels_last)
    for torch_step in (peer, other):
        torch_step.stop_learning()
    return {"channels first": peer, "channels last": other}, is_same


def report_memory(step):
    parameters = 2 * sum(v.nbytes for v in step.parameters.values())
    used, bound = step.arena_bytes + parameters, step.peak + parameters
    print(f"  memory: {used} bytes, of which parameters before and after the "
          f"step {parameters}; live tensors and parameters {bound}; "
          f"ratio {used / bound:.2f}")


def bench(args, name, work):
    """Whether the results agree with PyTorch's, and whether we are level."""
    print(name, flush=True)
    step = Step(args, name, work)
    peers, is_same = compare_step(args, step,
                                  args.shared / f"models/float/{name}.onnx")
    report_memory(step)
    is_level = True
    for threads in args.threads:
        ours, theirs, ratio = measure(args, step, peers, threads)
        print(f"  {threads} threads: {ours:8.0f} samples/s, PyTorch "
              f"{theirs:8.0f}, ratio {ratio:.2f}", flush=True)
        is_level &= ratio >= 1
    return is_same, is_level


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("--shared", type=pathlib.Path, required=True,
                        help="folder with models/float")
    parser.add_argument("--tools", type=pathlib.Path,
                        default=root / "build/dev/bin")
    parser.add_argument("--models", nargs="+", default=MODELS)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--turn", type=float, default=0.2,
                        help="seconds of one turn")
    args = parser.parse_args()
    torch.manual_seed(0)
    results = []
    for name in args.models:
        with tempfile.TemporaryDirectory() as work:
            results.append(bench(args, name, pathlib.Path(work)))
    print(f"same results as PyTorch: {sum(r[0] for r in results)} of "
          f"{len(results)}; at least level: {sum(r[1] for r in results)}")
    return 0 if all(all(r) for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())

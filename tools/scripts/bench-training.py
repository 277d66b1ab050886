#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Training steps of the models beside PyTorch, in one run.

A step is forward pass, softmax cross entropy, gradients and SGD, on one batch
of random numbers. PyTorch gets the same model and weights from the ONNX file,
in both memory formats, of which the faster one counts. First one step of both
is compared: the loss and every updated parameter. Then rounds of all
contestants in turn, for each number of threads; medians are printed.

Each step also runs quantized, W8A8 with fixed ranges of the same random rows:
ours, which is the integer program, and PyTorch's with torch.ao's FakeQuantize
modules, which rounds otherwise, so that only losses are compared, roughly. It
must be level, too, and cost at most 15 % more than our step in floats.

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
# Of the loss of quantized steps, beside the float one's.
QUANTIZED_TOLERANCE = 0.1
# How much longer a quantized step may take.
LARGEST_COST = 0.15

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
    """The step of a model, compiled; of floats, or quantized with the ranges
    that `rows` have."""

    def __init__(self, args, model, work, rows=None):
        self.args, self.model, self.work, self.rows = args, model, work, rows
        self.work.mkdir(parents=True, exist_ok=True)
        if not (self.work / "step.h").exists():
            self.make_files()
        self.peak = peak_of_live_tensors(
            (self.work / "kept.mlir").read_text())
        self.parameters = {
            match.group(1): parse_elements(match.group(2),
                                           parse_type(match.group(3)))
            for match in re.finditer(
                r'qnn\.parameter "(.*?)" dense<(.*?)> : tensor<(.*?)>',
                (self.work / "master.mlir").read_text())}
        self.load()

    def opt(self, source, *passes):
        # Ranges belong to the names of values, which are locations.
        return run(self.args.tools / "quant-opt", source, *passes,
                   "--mlir-print-debuginfo",
                   "--mlir-print-elementsattrs-with-hex-if-larger=1")

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        return path

    def compile_to(self, phase, *options):
        run(self.args.tools / "quant-compile", self.model,
            f"--compile-to={phase}", "-o", self.work, "--name=model", *options)

    def make_files(self):
        """Writes object and header of the step, the header last."""
        self.compile_to("prepare", "--float")
        master = self.write("master.mlir",
                            self.opt(self.work / "model.prepare.mlir",
                                     "--qnn-mark-parameters"))
        passes = ["--qnn-expose-parameters",
                  f"--qnn-set-batch=batch={self.args.batch}"]
        if self.rows is not None:
            master = self.choose_types(master)
            passes[1:1] = ["--qnn-quantize", "--canonicalize"]
            passes += ["--qnn-simulate-quantization"]
        pipeline = ("--qnn-training-step-pipeline=function=model "
                    "loss=softmax_cross_entropy optimizer=sgd")
        # For the bound of memory, what keeps all values.
        self.write("kept.mlir", self.opt(master, *passes,
                                         f"{pipeline} recompute=false"))
        step = self.write("step.mlir", self.opt(master, *passes, pipeline))
        lowered = self.opt(step, "--qnn-set-target", "--qnn-lower-pipeline")
        compiled = self.opt(self.write("lower.mlir", lowered),
                            "--qnn-codegen-pipeline")
        path = self.write("codegen.mlir", compiled)
        for kind, suffix in [("object", "o"), ("header", "h")]:
            run(self.args.tools / "quant-translate", f"--emit-{kind}", path,
                "-o", self.work / f"step.{suffix}")

    def choose_types(self, master):
        np.save(self.work / "rows.npy", self.rows)
        self.compile_to("quantize", f"--calibrate={self.work / 'rows.npy'}")
        profile = self.work / "model.profile.json"
        return self.write("master.mlir", self.opt(
            master, f"--qnn-choose-quantization=profile={profile}"))

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


class Contest:
    """Our step and PyTorch's in both memory formats, on the same batch."""

    def __init__(self, step, peers):
        self.step, self.peers = step, peers

    def calls(self, threads):
        return {"ours": lambda: self.step.run(threads),
                **{name: peer.run for name, peer in self.peers.items()}}


def make_batch(args, path, shape):
    """Random rows and labels."""
    random = np.random.default_rng(0)
    rows = random.normal(0, 0.5, shape).astype(np.float32)
    classes = OnnxModel(path)(torch.from_numpy(rows)).shape[1]
    return rows, random.integers(0, classes, args.batch)


def run_step(step, rows, labels):
    """Of the initial parameters."""
    values = {"learning_rate": LEARNING_RATE, **step.parameters,
              step.inputs[0][0]: rows}
    for name, array in step.inputs:
        if array.dtype == np.int32:
            values[name] = labels
    step.set_inputs(values)
    step.run(1)


def make_peers(path, rows, labels, quantized):
    peers = {}
    for name, memory_format in [("channels first", torch.contiguous_format),
                                ("channels last", torch.channels_last)]:
        model = OnnxModel(path, quantized)
        peers[name] = TorchStep(model, torch.from_numpy(rows),
                                torch.from_numpy(labels), memory_format)
        model(peers[name].x)
        model.freeze_ranges()
    return peers


def compete(step, path, rows, labels):
    """Both in floats, and whether one step of both gives the same."""
    run_step(step, rows, labels)
    peers = make_peers(path, rows, labels, quantized=False)
    first = peers["channels first"]
    matches = match_parameters(step, first.model)
    before = {name: order(p).copy() for name, p, order in matches}
    is_same = compare(step, matches, before, float(first.run()))
    return Contest(step, peers), is_same


def compete_quantized(step, path, rows, labels):
    """Both quantized, and whether their losses are about the same."""
    run_step(step, rows, labels)
    peers = make_peers(path, rows, labels, quantized=True)
    ours = float(dict(step.outputs)["loss"].reshape(-1)[0])
    theirs = float(peers["channels first"].run())
    print(f"  quantized: loss {ours:.4g}, PyTorch {theirs:.4g}")
    return (Contest(step, peers),
            abs(ours - theirs) <= QUANTIZED_TOLERANCE * abs(theirs))


def measure(args, contests, threads):
    """The seconds of each turn, by contest and contestant."""
    torch.set_num_threads(threads)
    calls = {(contest, name): call for contest in contests
             for name, call in contests[contest].calls(threads).items()}
    for call in calls.values():
        turn(call, args.turn, threads)
    times = {contest: {} for contest in contests}
    for _ in range(args.rounds):
        for (contest, name), call in calls.items():
            # Nobody's threads may still spin.
            time.sleep(0.05)
            times[contest].setdefault(name, []).append(
                turn(call, args.turn, threads))
    return times


def median_ratio(above, below):
    return statistics.median(a / b for a, b in zip(above, below))


def report_speed(args, contest, times, threads):
    """Whether we are level with the faster peer."""
    medians = {name: statistics.median(t) for name, t in times.items()}
    best = min((name for name in times if name != "ours"), key=medians.get)
    ratio = median_ratio(times[best], times["ours"])
    print(f"  {contest}, {threads} threads: "
          f"{args.batch / medians['ours']:8.0f} samples/s, PyTorch "
          f"{args.batch / medians[best]:8.0f}, ratio {ratio:.2f}", flush=True)
    return ratio >= 1


def report_memory(contest, step):
    parameters = 2 * sum(v.nbytes for v in step.parameters.values())
    used, bound = step.arena_bytes + parameters, step.peak + parameters
    print(f"  {contest}, memory: {used} bytes, of which parameters before and "
          f"after the step {parameters}; live tensors, none computed twice, and "
          f"parameters {bound}; ratio {used / bound:.2f}")


def bench(args, name, work):
    """Whether the results agree with PyTorch's, whether we are level, and
    whether quantization costs little."""
    print(name, flush=True)
    path = args.shared / f"models/float/{name}.onnx"
    step = Step(args, path, work / "float")
    rows, labels = make_batch(args, path, step.inputs[0][1].shape)
    quantized = Step(args, path, work / "quantized", rows)
    contests, are_same = {}, []
    for kind, start, subject in [("float", compete, step),
                                 ("quantized", compete_quantized, quantized)]:
        contests[kind], is_same = start(subject, path, rows, labels)
        are_same.append(is_same)
        report_memory(kind, subject)
    for contest in contests.values():
        for peer in contest.peers.values():
            peer.stop_learning()
    is_level = is_cheap = True
    for threads in args.threads:
        times = measure(args, contests, threads)
        for kind in contests:
            is_level &= report_speed(args, kind, times[kind], threads)
        cost = median_ratio(times["quantized"]["ours"],
                            times["float"]["ours"]) - 1
        print(f"  quantization costs {cost:.1%}", flush=True)
        is_cheap &= cost <= LARGEST_COST
    return all(are_same), is_level, is_cheap


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
    parser.add_argument("--work", type=pathlib.Path,
                        help="folder for compiled steps; what it has already "
                        "is not compiled again")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--turn", type=float, default=0.2,
                        help="seconds of one turn")
    args = parser.parse_args()
    torch.manual_seed(0)
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        work = args.work or pathlib.Path(temporary)
        for name in args.models:
            results.append(bench(args, name, work / name))
    for text, is_good in zip(["same results as PyTorch", "at least level",
                              f"quantization costs at most {LARGEST_COST:.0%}"],
                             zip(*results)):
        print(f"{text}: {sum(is_good)} of {len(results)}")
    return 0 if all(all(r) for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())

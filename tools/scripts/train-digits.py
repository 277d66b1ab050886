#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains the small digits CNN and writes test/Models/digits.

The data are the 1797 handwritten digits that come with scikit-learn (8x8,
values 0..16), so nothing is downloaded. Training is plain numpy with a fixed
seed and takes well under two minutes. The accuracy and the golden outputs are
computed from the written ONNX file, node by node, so that an error of the
export cannot hide.

Needs: python3-numpy python3-onnx python3-sklearn.
"""

import argparse
import os
import pathlib

# One thread: the order of sums, and so the weights, must not depend on the
# number of cores.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SEED = 20
NUM_EVAL = 450
NUM_CALIB = 150
EPOCHS = 40
BATCH = 32
BN_EPSILON = 1e-5
ROOT = pathlib.Path(__file__).resolve().parents[2]


# --- Layers: forward returns the output, backward the input's gradient. ------


class Conv:
    """A 2-d convolution, stride 1, same padding; depthwise if groups > 1."""

    def __init__(self, rng, cin, cout, size, groups=1):
        self.pad, self.size, self.groups = size // 2, size, groups
        fan_in = cin // groups * size * size
        shape = (cout, cin // groups, size, size)
        self.w = rng.normal(0, np.sqrt(2 / fan_in), shape).astype(np.float32)
        self.b = np.zeros(cout, np.float32)
        self.params = ["w", "b"]

    def columns(self, x):
        """[n, c, h, w] to [n, h, w, c, size, size]."""
        p = self.pad
        x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        windows = np.lib.stride_tricks.sliding_window_view(
            x, (self.size, self.size), axis=(2, 3))
        return windows.transpose(0, 2, 3, 1, 4, 5)

    def forward(self, x, train):
        n, c, h, w = x.shape
        cols = self.columns(x)
        if self.groups == 1:
            cols = cols.reshape(n * h * w, -1)
            y = cols @ self.w.reshape(len(self.b), -1).T
            y = y.reshape(n, h, w, -1).transpose(0, 3, 1, 2)
        else:
            y = np.einsum("nhwckl,ckl->nchw", cols, self.w[:, 0])
        if train:
            self.cols, self.shape = cols, x.shape
        return y + self.b[:, None, None]

    def backward(self, dy):
        n, c, h, w = self.shape
        self.db = dy.sum((0, 2, 3))
        dyt = dy.transpose(0, 2, 3, 1)
        if self.groups == 1:
            dyf = dyt.reshape(n * h * w, -1)
            self.dw = (dyf.T @ self.cols).reshape(self.w.shape)
            dcols = dyf @ self.w.reshape(len(self.b), -1)
            dcols = dcols.reshape(n, h, w, c, self.size, self.size)
        else:
            self.dw = np.einsum("nhwckl,nhwc->ckl", self.cols, dyt)[:, None]
            dcols = dyt[..., None, None] * self.w[:, 0]
        p = self.pad
        dx = np.zeros((n, c, h + 2 * p, w + 2 * p), np.float32)
        for i in range(self.size):
            for j in range(self.size):
                dx[:, :, i:i + h, j:j + w] += dcols[..., i, j].transpose(
                    0, 3, 1, 2)
        return dx[:, :, p:p + h, p:p + w]


class BatchNorm:

    def __init__(self, channels):
        self.w = np.ones(channels, np.float32)
        self.b = np.zeros(channels, np.float32)
        self.mean = np.zeros(channels, np.float32)
        self.var = np.ones(channels, np.float32)
        self.params = ["w", "b"]

    def forward(self, x, train):
        if train:
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
            self.mean += 0.1 * (mean - self.mean)
            self.var += 0.1 * (var - self.var)
        else:
            mean, var = self.mean, self.var
        self.inv = 1 / np.sqrt(var + np.float32(BN_EPSILON))
        self.xhat = (x - mean[:, None, None]) * self.inv[:, None, None]
        return self.xhat * self.w[:, None, None] + self.b[:, None, None]

    def backward(self, dy):
        self.dw = (dy * self.xhat).sum((0, 2, 3))
        self.db = dy.sum((0, 2, 3))
        m = dy.shape[0] * dy.shape[2] * dy.shape[3]
        centred = dy - ((self.db[:, None, None] +
                         self.xhat * self.dw[:, None, None]) / m)
        return centred * (self.w * self.inv)[:, None, None]


class Relu:
    params = []

    def forward(self, x, train):
        self.mask = x > 0
        return x * self.mask

    def backward(self, dy):
        return dy * self.mask


class MaxPool2:
    params = []

    def forward(self, x, train):
        n, c, h, w = x.shape
        blocks = x.reshape(n, c, h // 2, 2, w // 2, 2)
        y = blocks.max((3, 5))
        self.mask = blocks == y[:, :, :, None, :, None]
        return y

    def backward(self, dy):
        dx = self.mask * dy[:, :, :, None, :, None]
        n, c, h, _, w, _ = dx.shape
        return dx.reshape(n, c, h * 2, w * 2)


class Residual:
    """x + body(x)."""

    def __init__(self, body):
        self.body, self.params = body, []

    def forward(self, x, train):
        y = x
        for layer in self.body:
            y = layer.forward(y, train)
        return x + y

    def backward(self, dy):
        dx = dy
        for layer in reversed(self.body):
            dx = layer.backward(dx)
        return dx + dy


class PoolAndGemm:
    """Global average pool, then a linear layer."""

    def __init__(self, rng, channels, classes):
        self.w = rng.normal(0, np.sqrt(1 / channels),
                            (classes, channels)).astype(np.float32)
        self.b = np.zeros(classes, np.float32)
        self.params = ["w", "b"]

    def forward(self, x, train):
        self.shape = x.shape
        self.pooled = x.mean((2, 3))
        return self.pooled @ self.w.T + self.b

    def backward(self, dy):
        self.dw, self.db = dy.T @ self.pooled, dy.sum(0)
        area = self.shape[2] * self.shape[3]
        return np.broadcast_to(((dy @ self.w) / area)[:, :, None, None],
                               self.shape).astype(np.float32)


def build_layers(rng):
    return {
        "stem": Conv(rng, 1, 16, 3),
        "stem_bn": BatchNorm(16),
        "stem_relu": Relu(),
        "wide": Conv(rng, 16, 32, 3),
        "wide_bn": BatchNorm(32),
        "wide_relu": Relu(),
        "pool": MaxPool2(),
        "block": Residual([Conv(rng, 32, 32, 3, groups=32), BatchNorm(32),
                           Relu(), Conv(rng, 32, 32, 1), BatchNorm(32)]),
        "block_relu": Relu(),
        "head": PoolAndGemm(rng, 32, 10),
    }


# --- Training ----------------------------------------------------------------


def all_parameters(layers):
    for layer in layers:
        for name in layer.params:
            yield layer, name
        yield from all_parameters(getattr(layer, "body", []))


def shift_images(rng, x):
    """Moves each image by up to one pixel; zeros come in at the border."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    moved = np.empty_like(x)
    for i, (dy, dx) in enumerate(rng.integers(0, 3, (len(x), 2))):
        moved[i] = padded[i, :, dy:dy + 8, dx:dx + 8]
    return moved


def train(layers, images, labels, rng):
    """Adam on the cross entropy, cosine learning rate."""
    chain = list(layers.values())
    moments = {(id(layer), name): [np.zeros_like(getattr(layer, name))] * 2
               for layer, name in all_parameters(chain)}
    steps = EPOCHS * (len(images) // BATCH)
    step = 0
    for epoch in range(EPOCHS):
        order = rng.permutation(len(images))
        loss = 0.0
        for start in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[start:start + BATCH]
            y = shift_images(rng, images[rows])
            for layer in chain:
                y = layer.forward(y, True)
            p = np.exp(y - y.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            hit = (np.arange(len(rows)), labels[rows])
            loss -= np.log(p[hit]).mean()
            p[hit] -= 1
            dy = p / np.float32(len(rows))
            for layer in reversed(chain):
                dy = layer.backward(dy)
            step += 1
            rate = 0.004 * 0.5 * (1 + np.cos(np.pi * step / steps))
            for layer, name in all_parameters(chain):
                value, grad = getattr(layer, name), getattr(layer, "d" + name)
                m, v = moments[id(layer), name]
                m = 0.9 * m + 0.1 * grad
                v = 0.999 * v + 0.001 * grad * grad
                moments[id(layer), name] = [m, v]
                update = rate * (m / (1 - 0.9**step)) / (
                    np.sqrt(v / (1 - 0.999**step)) + 1e-8)
                decay = 1e-4 * rate * value if name == "w" else 0
                setattr(layer, name,
                        (value - update - decay).astype(np.float32))
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: loss {loss * BATCH / len(order):.4f}")


# --- ONNX --------------------------------------------------------------------


def export(layers, path):
    nodes, weights = [], []

    def add(op, name, inputs, tensors=(), output=None, **attributes):
        names = [f"{name}_{suffix}" for suffix, _ in tensors]
        for full, (_, value) in zip(names, tensors):
            value = np.ascontiguousarray(value, np.float32)
            weights.append(numpy_helper.from_array(value, full))
        output = output or f"{name}_out"
        nodes.append(helper.make_node(op, inputs + names, [output], name=name,
                                      **attributes))
        return output

    def conv(name, x, layer):
        return add("Conv", name, [x], [("weight", layer.w), ("bias", layer.b)],
                   kernel_shape=[layer.size] * 2, pads=[layer.pad] * 4,
                   strides=[1, 1], group=layer.groups)

    def norm(name, x, layer):
        return add("BatchNormalization", name, [x],
                   [("scale", layer.w), ("shift", layer.b),
                    ("mean", layer.mean), ("var", layer.var)],
                   epsilon=BN_EPSILON)

    x = conv("stem_conv", "image", layers["stem"])
    x = add("Relu", "stem_relu", [norm("stem_norm", x, layers["stem_bn"])])
    x = conv("wide_conv", x, layers["wide"])
    x = add("Relu", "wide_relu", [norm("wide_norm", x, layers["wide_bn"])])
    x = add("MaxPool", "pool", [x], kernel_shape=[2, 2], strides=[2, 2])
    depthwise, depthwise_bn, _, pointwise, pointwise_bn = layers["block"].body
    y = norm("depthwise_norm", conv("depthwise_conv", x, depthwise),
             depthwise_bn)
    y = add("Relu", "depthwise_relu", [y])
    y = norm("pointwise_norm", conv("pointwise_conv", y, pointwise),
             pointwise_bn)
    x = add("Add", "residual_add", [x, y])
    x = add("Relu", "residual_relu", [x])
    x = add("GlobalAveragePool", "average", [x])
    x = add("Flatten", "flatten", [x], axis=1)
    head = layers["head"]
    x = add("Gemm", "classifier", [x], [("weight", head.w), ("bias", head.b)],
            transB=1, output="logits")
    add("Softmax", "softmax", [x], output="probabilities", axis=1)

    def info(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(nodes, "digits", [info("image", [1, 1, 8, 8])],
                              [info("probabilities", [1, 10])], weights)
    model = helper.make_model(
        graph, producer_name="train-digits",
        opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))


def run_onnx(path, x):
    """The float32 outputs of the model for x of [n, 1, 8, 8]."""
    graph = onnx.load(str(path)).graph
    values = {w.name: numpy_helper.to_array(w) for w in graph.initializer}
    values[graph.input[0].name] = x.astype(np.float32)
    for node in graph.node:
        args = [values[name] for name in node.input]
        attrs = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        values[node.output[0]] = NODES[node.op_type](*args, **attrs)
    return values[graph.output[0].name]


def conv_node(x, w, b, kernel_shape, pads, strides, group):
    """The definition, tap by tap; shares no code with Conv above."""
    n, c, h, wd = x.shape
    assert strides == [1, 1] and len(set(pads)) == 1
    p = pads[0]
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    y = np.zeros((n, len(b), h, wd), np.float32) + b[:, None, None]
    per_group = len(b) // group
    for o in range(len(b)):
        first = o // per_group * w.shape[1]
        for i in range(w.shape[1]):
            for ky in range(kernel_shape[0]):
                for kx in range(kernel_shape[1]):
                    y[:, o] += w[o, i, ky, kx] * x[:, first + i, ky:ky + h,
                                                   kx:kx + wd]
    return y


def norm_node(x, scale, shift, mean, var, epsilon):
    factor = scale / np.sqrt(var + np.float32(epsilon))
    return ((x - mean[:, None, None]) * factor[:, None, None] +
            shift[:, None, None])


def softmax_node(x, axis):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


NODES = {
    "Conv": conv_node,
    "BatchNormalization": norm_node,
    "Relu": lambda x: np.maximum(x, 0),
    "MaxPool": lambda x, kernel_shape, strides: x.reshape(
        *x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2).max((3, 5)),
    "Add": lambda a, b: a + b,
    "GlobalAveragePool": lambda x: x.mean((2, 3), keepdims=True),
    "Flatten": lambda x, axis: x.reshape(len(x), -1),
    "Gemm": lambda x, w, b, transB: x @ w.T + b,
    "Softmax": softmax_node,
}


def save(directory, name, array):
    with open(directory / name, "wb") as file:
        np.lib.format.write_array(file, np.ascontiguousarray(array),
                                  version=(1, 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-o", "--output", type=pathlib.Path,
                        default=ROOT / "test/Models/digits")
    directory = parser.parse_args().output
    directory.mkdir(parents=True, exist_ok=True)

    from sklearn.datasets import load_digits
    digits = load_digits()
    images = digits.images.astype(np.uint8)
    labels = digits.target.astype(np.int32)
    rng = np.random.default_rng(SEED)
    order = rng.permutation(len(images))
    evaluation, training = order[:NUM_EVAL], order[NUM_EVAL:]
    calibration = training[:NUM_CALIB]

    layers = build_layers(rng)
    train(layers, images[training, None].astype(np.float32), labels[training],
          rng)
    path = directory / "digits.onnx"
    export(layers, path)
    save(directory, "digits_calib.npy", images[calibration])
    save(directory, "digits_eval.npy", images[evaluation])
    save(directory, "digits_eval_labels.npy", labels[evaluation])

    outputs = run_onnx(path, images[evaluation, None])
    save(directory, "golden_input.npy",
         images[evaluation[:8], None].astype(np.float32))
    save(directory, "golden_output.npy", outputs[:8].astype(np.float32))
    y = images[evaluation, None].astype(np.float32)
    for layer in layers.values():
        y = layer.forward(y, False)
    difference = np.abs(softmax_node(y, 1) - outputs).max()
    hits = int((outputs.argmax(1) == labels[evaluation]).sum())
    print(f"evaluation: {hits}/{NUM_EVAL} = {100 * hits / NUM_EVAL:.2f} %; "
          f"model file against the trained layers: {difference:.1e}")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

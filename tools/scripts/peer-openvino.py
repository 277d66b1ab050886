#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""OpenVINO for quant-bench: whole models, see bench_peer.py.

Its int8 is the model that onnxruntime's tool quantizes: OpenVINO reads QDQ."""

import tempfile

import openvino

import bench_peer


class Model:

    def __init__(self, request, threads):
        self.threads = threads
        core = openvino.Core()
        with tempfile.TemporaryDirectory() as folder:
            path = request["path"]
            if request["int8"]:
                path = bench_peer.quantize_model(request, folder)
            model = core.read_model(path)
            self.feeds = next(bench_peer.model_rows(request, 1))
            model.reshape({name: list(value.shape)
                           for name, value in self.feeds.items()})
            compiled = core.compile_model(
                model, "CPU", {"PERFORMANCE_HINT": "LATENCY",
                               "INFERENCE_NUM_THREADS": threads,
                               "NUM_STREAMS": 1})
        self.request = compiled.create_infer_request()
        for name, value in self.feeds.items():
            self.request.set_tensor(name, openvino.Tensor(value))

    def take_turn(self, turn):
        return bench_peer.take_turn(self.request.infer, turn, self.threads)


def prepare(request, threads):
    return Model(request["model"], threads)


if __name__ == "__main__":
    bench_peer.serve(openvino.__version__.split("-")[0], prepare)

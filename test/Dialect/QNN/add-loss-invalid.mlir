// Losses that do not fit the model.
// RUN: not quant-opt %s --qnn-add-loss="function=h loss=mse" 2>&1 | FileCheck %s --check-prefix=FUNCTION
// RUN: not quant-opt %s --qnn-add-loss=function=f 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not quant-opt %s --qnn-add-loss="function=f loss=mae" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not quant-opt %s --qnn-add-loss="function=f loss=mse loss-weights=1,2" 2>&1 | FileCheck %s --check-prefix=WEIGHTS
// RUN: not quant-opt %s --qnn-add-loss="function=f loss=mse outputs=1" 2>&1 | FileCheck %s --check-prefix=OUTPUT
// RUN: not quant-opt %s --qnn-add-loss="function=f loss=mse,mse outputs=0" 2>&1 | FileCheck %s --check-prefix=OUTPUTS
// RUN: not quant-opt %s --qnn-add-loss="function=bytes loss=mse" 2>&1 | FileCheck %s --check-prefix=TYPE
// RUN: not quant-opt %s --qnn-add-loss="function=blocks loss=mse" 2>&1 | FileCheck %s --check-prefix=BLOCKS
// RUN: not quant-opt %s --qnn-add-loss="function=f loss=mse temperature=0" 2>&1 | FileCheck %s --check-prefix=TEMPERATURE
// RUN: not quant-opt %s --qnn-add-loss="function=f loss=mse temperature=1e30" 2>&1 | FileCheck %s --check-prefix=HOT
// RUN: not quant-opt %s --qnn-add-loss="function=f loss=mse loss-weights=nan" 2>&1 | FileCheck %s --check-prefix=WEIGHT
// RUN: not quant-opt %s --qnn-add-loss="function=f loss=mse loss-weights=-1" 2>&1 | FileCheck %s --check-prefix=WEIGHT
// RUN: not quant-opt %s --qnn-add-loss="function=f loss=mse feature-weight=nan" 2>&1 | FileCheck %s --check-prefix=FEATURES
// RUN: not quant-opt %s --qnn-add-loss="function=classes loss=mse,softmax_cross_entropy" 2>&1 | FileCheck %s --check-prefix=LABELS
// RUN: not quant-opt %s --qnn-add-loss="function=pixels loss=softmax_cross_entropy" 2>&1 | FileCheck %s --check-prefix=ROWS
// RUN: not quant-opt %s --qnn-add-loss="function=pixels loss=hinge" 2>&1 | FileCheck %s --check-prefix=ROWS
// RUN: not quant-opt %s --qnn-add-loss="function=one loss=softmax_cross_entropy" 2>&1 | FileCheck %s --check-prefix=ONE
// RUN: not quant-opt %s --qnn-add-loss="function=one loss=kl" 2>&1 | FileCheck %s --check-prefix=KL
// RUN: sed s/@bytes/@loss/ %s | not quant-opt --qnn-add-loss="function=f loss=mse" 2>&1 | FileCheck %s --check-prefix=NAME

// NAME: error: expects no function 'loss' beside it
// LABELS: error: expects losses that have labels of one type, got 'tensor<4x3xf32>' and 'tensor<4xi32>'
// ROWS: error: expects one row of classes for each sample, got logits of type 'tensor<4x2x3xf32>'
// ONE: error: softmax_cross_entropy of one logit is constant: choose binary_cross_entropy for the labels 0 and 1, or mse for values
// KL: error: kl of one logit is constant: choose feature_mse or noise_to_signal
// FUNCTION: error: has no function 'h' to train
// NONE: error: expects a loss
// UNKNOWN: error: unknown loss 'mae': expects one of mse,
// WEIGHTS: error: expects a weight for each of 1 losses, got 2
// OUTPUT: error: has no output 1 to train
// OUTPUTS: error: expects an output for each of 2 losses, got 1
// TYPE: error: expects an output to train that is an f32 tensor with a batch axis, got 'tensor<2xui8>'
// BLOCKS: error: expects a function of one block to train
// TEMPERATURE: error: expects a temperature above 0, up to 1e9, got 0
// HOT: error: expects a temperature above 0, up to 1e9, got 1
// WEIGHT: error: expects weights of losses above 0, got {{nan|NAN|-1}}
// FEATURES: error: expects a feature-weight of at least 0, got

func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

func.func @bytes(%x: tensor<2xui8>) -> tensor<2xui8> {
  return %x : tensor<2xui8>
}

func.func @blocks(%x: tensor<3xf32>) -> tensor<3xf32> {
  cf.br ^next
^next:
  return %x : tensor<3xf32>
}

func.func @classes(%x: tensor<4x3xf32>) -> tensor<4x3xf32> {
  return %x : tensor<4x3xf32>
}

func.func @pixels(%x: tensor<4x2x3xf32>) -> tensor<4x2x3xf32> {
  return %x : tensor<4x2x3xf32>
}

func.func @one(%x: tensor<4x1xf32>) -> tensor<4x1xf32> {
  return %x : tensor<4x1xf32>
}

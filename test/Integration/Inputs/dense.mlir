// Layers of one row, which blocks of rows make faster. With an arena.
module {
  func.func @dense(%x: tensor<1x37xf32> {qnn.name = "x"}) -> (tensor<1x19xf32> {qnn.name = "y"}) attributes {qnn.dynamic_rows} {
    %q0 = qnn.constant dense<"0xWEIGHTS2405"> : tensor<37x65xi8> as tensor<37x65x!quant.uniform<i8:f32, 0.01>>
    %q1 = qnn.constant dense<"0xWEIGHTS1235"> : tensor<65x19xi8> as tensor<65x19x!quant.uniform<i8:f32, 0.02>>
    %0 = qnn.quantize %x : (tensor<1x37xf32>) -> tensor<1x37x!quant.uniform<u8:f32, 0.0078125:128>>
    %1 = qnn.matmul %0, %q0 clamp_min(0.0) : (tensor<1x37x!quant.uniform<u8:f32, 0.0078125:128>>, tensor<37x65x!quant.uniform<i8:f32, 0.01>>) -> tensor<1x65x!quant.uniform<u8:f32, 0.03>>
    %2 = qnn.matmul %1, %q1 : (tensor<1x65x!quant.uniform<u8:f32, 0.03>>, tensor<65x19x!quant.uniform<i8:f32, 0.02>>) -> tensor<1x19x!quant.uniform<u8:f32, 0.25:128>>
    %3 = qnn.dequantize %2 : (tensor<1x19x!quant.uniform<u8:f32, 0.25:128>>) -> tensor<1x19xf32>
    return %3 : tensor<1x19xf32>
  }
}

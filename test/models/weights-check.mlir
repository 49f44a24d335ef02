// Every way in which a checkpoint can fail to fit, all in one list.
//
// RUN: %python %S/Inputs/make_safetensors.py %t-good.safetensors \
// RUN:   blocks.0.fc1.weight:F32:2,3:1 blocks.0.fc1.bias:F16:2:1 \
// RUN:   norm.weight:F32:3:1 head.weight:F32:4,3:1 extra.weight:F32:1:1 b.2.c.bias:F32:1:1 \
// RUN:   position_ids:I64:1,5:0 bn.num_batches_tracked:I64::7
// RUN: test-weights evaluate %s --weights %t-good.safetensors 2>&1 \
// RUN:   | FileCheck %s --check-prefix=GOOD --implicit-check-not=error
//
// GOOD-DAG: '{{.*}}-good.safetensors': note: ignored tensor 'position_ids'
// GOOD-DAG: note: ignored tensor 'bn.num_batches_tracked'
// GOOD-DAG: note: ignored tensor 'extra.weight'
// GOOD-DAG: note: ignored tensor 'b.2.c.bias'
// GOOD-DAG: f: 1 1 1 1 1 1
//
// RUN: %python %S/Inputs/make_safetensors.py %t-bad.safetensors \
// RUN:   blocks.0.fc1.wieght:F32:2,3:1 blocks.0.fc1.bias:F32:4:1 \
// RUN:   norm.weight:F32:3:1,nan,inf head.weight:F64:4,3:1 teacher:F32:1:1 \
// RUN:   x:F32:1:1 b.2.bias:F32:1:1
// RUN: not test-weights evaluate %s --weights %t-bad.safetensors 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BAD --implicit-check-not=error \
// RUN:     --implicit-check-not=extra
//
// BAD:      model.json:12:5: error: blocks.0.fc1: expected tensor 'blocks.0.fc1.weight' of shape [2, 3], found none in '{{.*}}-bad.safetensors'; did you mean 'blocks.0.fc1.wieght'?
// BAD-NEXT: model.json:12:5: error: blocks.0.fc1: expected tensor 'blocks.0.fc1.bias' of shape [2], found [4] in '{{.*}}-bad.safetensors'
// BAD-NEXT: model.json:20:9: error: norm: expected finite numbers in tensor 'norm.weight', found a NaN at index 1 in '{{.*}}-bad.safetensors'
// BAD-NEXT: error: expected tensor 'head.weight' of type F32, F16 or BF16, found F64 in '{{.*}}-bad.safetensors'
// BAD-NEXT: '{{.*}}-bad.safetensors': error: expected only tensors that the model needs, found 'blocks.0.fc1.wieght'; did you mean 'blocks.0.fc1.weight'?
// BAD-NEXT: '{{.*}}-bad.safetensors': error: expected only tensors that the model needs, found 'teacher'
// BAD-NEXT: error: {{.*}}needs, found 'x'
// BAD-NEXT: error: {{.*}}needs, found 'b.2.bias'{{$}}
//
// RUN: %python %S/Inputs/make_safetensors.py %t-inf.safetensors \
// RUN:   blocks.0.fc1.weight:F32:2,3:1 blocks.0.fc1.bias:BF16:2:0,-inf \
// RUN:   norm.weight:F16:3:1,1,inf head.weight:F32:4,3:1
// RUN: not test-weights evaluate %s --weights %t-inf.safetensors 2>&1 \
// RUN:   | FileCheck %s --check-prefix=INF
//
// INF:      expected finite numbers in tensor 'blocks.0.fc1.bias', found -infinity at index 1
// INF-NEXT: expected finite numbers in tensor 'norm.weight', found infinity at index 2

module attributes {vit.unused_weights = ["extra.*", "*.2.*.bias", "x*x"]} {
  func.func @f() -> tensor<2x3xf32> {
    %w = vit.weight "blocks.0.fc1.weight" : tensor<2x3xf32>
        loc("blocks.0.fc1"("model.json":12:5))
    %b = vit.weight "blocks.0.fc1.bias" : tensor<2xf32>
        loc("blocks.0.fc1"("model.json":12:5))
    %n = vit.weight "norm.weight" : tensor<3xf32>
        loc("norm"("model.json":20:9))
    %h = vit.weight "head.weight" : tensor<4x3xf32>
    // The second use of a tensor is not checked again.
    %v = vit.weight "blocks.0.fc1.weight" : tensor<2x3xf32>
    return %v : tensor<2x3xf32>
  }
}

// RUN: vit-opt %s --vit-select-tiles=level=x86-64-v9 --verify-diagnostics

// expected-error @below {{expects level to be x86-64-v3 or x86-64-v4, got 'x86-64-v9'}}
module {
}

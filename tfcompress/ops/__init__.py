"""The mathematics of the methods, on tensors and arrays, one file each."""

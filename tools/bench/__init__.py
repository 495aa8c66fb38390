"""`make bench`: the work of docs/benchmarks.md against our server, the bare view and the bare transaction, in one run."""

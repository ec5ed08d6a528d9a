"""What requests cost, beside the machine's own floor measured in the same run.  `make bench`; docs/benchmarks.md."""

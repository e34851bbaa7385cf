"""Measure how fast reads come in: python -m benchmarks runs all of it, in short."""

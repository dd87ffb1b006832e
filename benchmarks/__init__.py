"""Measurements of speed, memory and quality; `python -m benchmarks.run` runs them and refreshes the README."""

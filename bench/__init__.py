"""Benches: what the service costs, as ratios to a ceiling measured in the same run on the same machine.

`make bench` runs them all, prints one table and writes `bench/results.json` and `docs/performance.md`.
"""

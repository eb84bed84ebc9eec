"""Scenarios: played examples of a process (`*.scenario.yaml`) in memory, with simulated time and written results.

`reading.read` a file, `playing.play` each scenario of it, `coverage.of` what was played;
`docs/how-to/scenarios.md` shows the format.
"""

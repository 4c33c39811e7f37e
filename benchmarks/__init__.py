"""How fast tutor is, always against a baseline in the same run: `python -m benchmarks [NAME…] [--json]`.

One module a question. A figure is a ratio of medians of interleaved runs, so that a busy or slow machine touches both sides alike.
"""

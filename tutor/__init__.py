"""tutor: a terminal tutor for getting and using GPUs for deep learning.

This file travels into every kernel with the harness (see `runtime/bundle.py`), so it must import nothing and run on Python 3.10.
"""

"""Kernels on Jupyter servers, by REST and websocket; they outlive the tutor."""

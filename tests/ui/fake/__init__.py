"""A scripted host: what the screen is tested and shown with, without a kernel and a store."""

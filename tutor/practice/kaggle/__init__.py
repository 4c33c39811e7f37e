"""Kaggle's stand-in: tokens, datasets made at the start, and downloads from signed addresses."""

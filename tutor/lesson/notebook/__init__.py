"""A lesson as a notebook (nbformat 4.5) that runs in Jupyter, Colab and Kaggle and judges its own steps.

Written as JSON by hand: four shapes of cells need no library, and nbformat would cost start-up time; tests validate with it.
"""

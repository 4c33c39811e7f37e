"""Runs a notebook of one-line cells with nbclient, in a process of its own: `python notebook.py CELLS`."""

from __future__ import annotations

import sys

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook


def main(cells: int) -> None:
    notebook = new_notebook(cells=[new_code_cell(f"value = {number}") for number in range(1, cells + 1)])
    NotebookClient(notebook, kernel_name="python3").execute()


if __name__ == "__main__":
    main(int(sys.argv[1]))

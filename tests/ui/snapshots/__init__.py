"""Every state of the screen, kept as text to compare with: `table` says which there are, `view` how they are kept."""

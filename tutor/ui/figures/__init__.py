"""What is more than text in an output, as blocks and their lines: curves, pictures, tables. Nothing here is imported before it is needed."""

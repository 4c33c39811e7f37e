"""One idea a file: the pieces of the conversation."""

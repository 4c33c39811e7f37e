"""What a lesson is: its model, parsing, loading, linting and hashes. Nothing here runs code or draws."""

"""Where lessons can run besides this Python, what runs there, and what it costs."""

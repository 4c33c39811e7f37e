"""Text from outside made safe and measurable: control characters, cell widths, caps, secrets. Pure functions; imports nothing of tutor."""

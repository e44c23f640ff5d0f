"""chinwag as a real program in a real pseudo-terminal: start, keys, sizes, every kind of end."""

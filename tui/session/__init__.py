"""Turns in flight: text, status and timing, saved as they go."""

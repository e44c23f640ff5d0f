"""chinwag: a full-screen terminal chat for OpenAI-style models."""

__version__ = "0.1.0"

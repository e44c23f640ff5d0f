"""The way to a model: a request in, typed events out."""

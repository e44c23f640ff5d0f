"""Budgets, each beside its reference in the same run: `python -m tests.bench`."""

"""Tests of chinwag, one folder for each layer."""

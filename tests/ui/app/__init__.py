"""Tests of the whole app, through Pilot."""

"""Tests of the terminal interface: Pilot in tiny apps, messages and state before pictures."""

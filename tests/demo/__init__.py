"""The tour: what the guide says, and how it is served."""

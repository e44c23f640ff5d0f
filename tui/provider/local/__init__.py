"""A model that runs on this machine: its file, its server process, and the way to both."""

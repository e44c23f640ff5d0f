"""The local model: fetching its file, the life of its server process, answering with it."""

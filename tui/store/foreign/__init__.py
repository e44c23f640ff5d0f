"""Chats of other programs, read where they lie: nothing here writes into their files."""

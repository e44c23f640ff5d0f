"""The library of chats on disk."""

"""Chats as text and back: Markdown and HTML to read, JSON and TOML to keep."""

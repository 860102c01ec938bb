"""Reads and writes module definitions: JSON text ↔ frozen nouns."""

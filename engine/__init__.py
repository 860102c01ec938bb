"""The engine: interprets module definitions. Knows nothing of HTTP; see docs/architecture.md."""

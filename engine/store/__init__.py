"""Remembers: SQLAlchemy tables, editions, records, people. Only `engine.usecases` imports it."""

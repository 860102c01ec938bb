"""Formulas as SQL: the same answer as in Python, or the admission that a database cannot give it."""

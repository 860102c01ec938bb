"""What operators and functions do once their types are settled, by subject.

A new operation is defined here and in `web/assets/formula/operations.ts`, and shown by a case in tests/vectors/formula.
"""

"""Formulas of line items, run for all lines at once."""

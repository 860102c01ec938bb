"""Which days are worked, and what formulas ask about it."""

"""How databases do the operations of formulas, by subject."""

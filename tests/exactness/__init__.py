"""Proof that the three formula engines are one language, and that no text can hurt."""

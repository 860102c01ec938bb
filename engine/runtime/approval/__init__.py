"""Asking people: visits, seats, tallies, and the actions that move a run."""

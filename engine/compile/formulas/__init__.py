"""The formulas of an entity: what they may name, compiled with their places, put in order."""

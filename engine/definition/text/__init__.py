"""JSON text: exact numbers, and where everything stands in it."""

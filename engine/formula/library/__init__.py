"""The functions of the language, and what they are for."""

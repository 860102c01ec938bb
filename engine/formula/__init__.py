"""The one expression language: parse, check, evaluate."""

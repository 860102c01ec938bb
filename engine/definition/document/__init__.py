"""One document of a module: JSON that a meta-schema describes."""

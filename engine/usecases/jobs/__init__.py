"""Work that is done later or piece by piece, and the workers that do it."""

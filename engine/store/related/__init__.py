"""Records that depend on others: what refers to them, and what comes before them."""

"""One verb a file; each is one transaction."""

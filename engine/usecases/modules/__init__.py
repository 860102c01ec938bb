"""What consultants and administrators do with modules, one verb a file."""

"""What people do with records, one verb a file."""

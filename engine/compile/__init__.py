"""What JSON Schema cannot say, checked; then a module that can run."""

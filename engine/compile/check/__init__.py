"""What JSON Schema cannot say about a module: generators of problems, none of which stops another."""

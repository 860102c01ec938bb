"""What depends on a record follows it, in the transaction that changes it."""

"""One step of a record, as pure functions."""

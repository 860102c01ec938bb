"""Tables: the exact types of their columns, what keeps what, and how that grows."""

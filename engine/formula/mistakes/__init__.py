"""What people who write formulas get wrong, and what they have most likely meant."""

"""Who belongs to a workspace, and how they come in."""

"""Who works in a workspace, and how they come in."""

"""Records brought to the formulas of the edition in force: what would change, and the job that does it."""

"""Documents whose shape is known to be right → the nouns of `engine.definition.model`."""

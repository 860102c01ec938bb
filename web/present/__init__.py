"""Engine values → what templates and the API show. Pure."""

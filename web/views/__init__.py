"""Pages: one blueprint a screen. HTTP only; what happens is said in `engine.usecases`."""

"""The JSON API, `/api/v1`: HTTP only; what happens is said in `engine.usecases`."""

"""What stands in for a type that this installation does not have."""

from engine.fields.json import AnyJson


class Unknown(AnyJson):
    """Still shows and keeps what is there; `engine.compile` refuses to publish a field with it."""

    name = "unknown"

"""Fields as their authors write them, and people who read and type them."""

from zoneinfo import ZoneInfo

from engine.definition.model import At, Field, Json
from engine.fields import field_type
from engine.fields.field_type import Audience, FieldType, Unreadable

CHINESE = Audience(locale="zh_CN", zone=ZoneInfo("Asia/Shanghai"))
ENGLISH = Audience(locale="en", zone=ZoneInfo("America/New_York"))


def made(type_: str = "", **schema: Json) -> FieldType:
    """The type of a field with these keywords; `x_scale` stands for `x-scale`."""
    schema = {key.replace("x_", "x-"): value for key, value in schema.items()}
    named = {"x-type": type_} if type_ else {}
    return field_type(
        Field(key="f", title="字段", at=At(), schema={**named, **schema}, type=type_, reference="core/project")
    )


def refusal(type_: FieldType, raw: Json) -> str:
    """The sentence with which a raw value is refused."""
    try:
        kept = type_.read(raw)
    except Unreadable as error:
        problem = error.problem("/f")
        return f"{problem.pointer} {problem.code}: {problem.sentence}"
    return f"accepted as {kept!r}"

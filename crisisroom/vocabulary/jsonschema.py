"""The playbook as a JSON Schema (2020-12), for editors that help while one writes.

It is never stricter than the loader about what it can express; `check` knows the rest: whether
references lead somewhere, whether words fit, who has to agree.
"""

from __future__ import annotations

import json
from typing import Any, Literal, get_args, get_origin

import msgspec

from crisisroom.core.kinds import Number, Rule, Span
from crisisroom.core.playbook import Consequence, Playbook
from crisisroom.core.schema import bare, hints, mark_of
from crisisroom.vocabulary.kindnames import DURATION, SPECIAL
from crisisroom.vocabulary.meanings import MEANINGS

Schema = dict[str, Any]

FILE = "playbook.schema.json"
_SUBJECT = "severity|(fact|task|role|statement)[.][a-z0-9][a-z0-9_-]*"
# A plain 2026 or yes is a number or a truth to an editor, and a text to us.
_TEXT: Schema = {"type": ["string", "number", "boolean"]}


def playbook_schema() -> Schema:
    """Return the JSON Schema of a playbook file."""
    shapes = {shape.__name__: _object(shape) for shape in MEANINGS if shape is not Playbook}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A crisisroom playbook",
        "description": "crisisroom check says more; crisisroom playbook help explains every key.",
        **_object(Playbook),
        "$defs": {"Condition": _condition(), **shapes},
    }


def _object(shape: type[msgspec.Struct]) -> Schema:
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    found: Schema = {
        "type": "object",
        "properties": {
            name: _described(shape, fields[name], hint) for name, hint in hints(shape).items()
        },
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
    }
    if shape is Consequence:
        found["oneOf"] = [{"required": [name]} for name in ("note", "notify", "escalate")]
    return found


def _described(shape: type[msgspec.Struct], field: Any, hint: Any) -> Schema:
    how = _how(mark_of(hint))
    meaning = MEANINGS[shape][field.name]
    found = {"description": f"{meaning} Written: {how}." if how else meaning, **_of(hint)}
    if not field.required:
        return found
    if found.get("type") == "array":
        found["minItems"] = 1
    elif mark_of(hint) not in SPECIAL and found.get("type") == _TEXT["type"]:
        found["pattern"] = r"\S"
    return found


def _how(mark: Any) -> str:
    """Return how a kind of value is written, empty where it is plain text."""
    if isinstance(mark, Span):
        return "90s, 5m, 1h30m, 2d"
    return SPECIAL[mark][1] if isinstance(mark, Rule) and mark in SPECIAL else ""


def _of(hint: Any) -> Schema:
    """Return the schema of a kind of value."""
    base = bare(hint)
    if get_origin(base) is Literal:
        return {"enum": list(get_args(base))}
    if get_origin(base) is tuple:
        return {"type": "array", "items": _of(get_args(base)[0])}
    if get_origin(base) is dict:
        return {"type": "object", "additionalProperties": _of(get_args(base)[1])}
    if isinstance(base, type) and issubclass(base, msgspec.Struct):
        return {"$ref": f"#/$defs/{base.__name__}"}
    return _simple(base, mark_of(hint))


def _simple(base: Any, mark: Any) -> Schema:
    if base is bool:
        return {"enum": ["yes", "no", True, False]}
    if isinstance(mark, Span):
        return {"type": "string", "minLength": 2, "pattern": f"^({DURATION})$"}
    if base is int:
        bounds = mark if isinstance(mark, Number) else Number(least=0)
        return {"type": "integer", "minimum": bounds.least, "maximum": bounds.most}
    if mark in SPECIAL:
        return _written(mark)
    return {**_TEXT, "maxLength": mark.most if isinstance(mark, Rule) else Rule().most}


def _written(mark: Rule) -> Schema:
    pattern = SPECIAL[mark][2] or f"[1-9][0-9]{{0,2}}bd|{DURATION}"
    return {"type": "string", "maxLength": mark.most, "pattern": f"^({pattern})$"}


def _condition() -> Schema:
    """Return the tree of conditions: exactly one key a node."""
    below = {"$ref": "#/$defs/Condition"}
    several = {"type": "array", "minItems": 1, "items": below}
    subject = {"type": "string", "pattern": f"^({_SUBJECT})$"}
    value = {"anyOf": [_TEXT, {"type": "array", "minItems": 1, "items": _TEXT}]}
    number = {"type": ["number", "string"]}
    return {
        "description": "When something holds; as long as a fact is unknown, it waits.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {
            "all": {"description": "All of these hold.", **several},
            "any": {"description": "One of these holds.", **several},
            "not": {"description": "This does not hold.", **below},
            "is": _table("It has this value, or one of these.", subject, value),
            "set": {
                "description": "It is known; a role is held; a task is done; a statement is out.",
                "anyOf": [subject, {"type": "array", "minItems": 1, "items": subject}],
            },
            "at_least": _table("It is this number or more.", subject, number),
            "at_most": _table("It is this number or less.", subject, number),
        },
    }


def _table(description: str, key: Schema, value: Schema) -> Schema:
    return {
        "description": description,
        "type": "object",
        "minProperties": 1,
        "propertyNames": key,
        "additionalProperties": value,
    }


def as_json(schema: Schema) -> str:
    """Return the schema's file, as people can read it too."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"

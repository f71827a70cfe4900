"""As much of JSON Schema as our schema uses; a keyword it does not know is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
_NOTES = {"$schema", "title", "description", "$defs"}


def flaws(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Yield where a value does not satisfy a schema."""
    for keyword, rule in schema.items():
        if keyword not in _NOTES:
            yield from _check(keyword, rule, value, schema, root, at)


def _check(
    keyword: str, rule: Any, value: Any, schema: dict[str, Any], root: dict[str, Any], at: str
) -> Iterator[str]:
    match keyword:
        case "$ref":
            yield from flaws(value, root["$defs"][rule.removeprefix("#/$defs/")], root, at)
        case "anyOf":
            if all(any(flaws(value, one, root, at)) for one in rule):
                yield f"{at}: fits none of the choices"
        case "type":
            names = rule if isinstance(rule, list) else [rule]
            fits = any(isinstance(value, _TYPES[name]) for name in names)
            if not fits or (isinstance(value, bool) and "boolean" not in names):
                yield f"{at}: {value!r} is not {rule}"
        case "const" | "enum":
            if value not in (rule if keyword == "enum" else [rule]):
                yield f"{at}: {value!r} is not one of {rule}"
        case "pattern":
            if not re.search(rule, value):
                yield f"{at}: {value!r} does not match"
        case "minimum":
            if value is not None and value < rule:
                yield f"{at}: {value} is too small"
        case "minItems":
            if len(value) < rule:
                yield f"{at}: too few"
        case "maxItems":
            if len(value) > rule:
                yield f"{at}: too many"
        case "required" | "properties" | "additionalProperties" if not isinstance(value, dict):
            pass  # they are about objects only
        case "required":
            yield from (f"{at}: {name} is missing" for name in rule if name not in value)
        case "properties":
            for name in rule.keys() & value.keys():
                yield from flaws(value[name], rule[name], root, f"{at}.{name}")
        case "additionalProperties":
            for name in value.keys() - schema.get("properties", {}).keys():
                yield from flaws(value[name], rule, root, f"{at}.{name}")
        case "items":
            for index, item in enumerate(value):
                yield from flaws(item, rule, root, f"{at}[{index}]")
        case _:
            raise AssertionError(f"the schema uses {keyword}, which nobody checks")

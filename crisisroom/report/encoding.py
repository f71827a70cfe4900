"""JSON as the exports write it: canonical, and harmless when it is printed on a terminal."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from crisisroom.core.canonical import canonical
from crisisroom.text import chars

_LOOSE = re.compile(f"[\\x7f-\\x9f{chars.BIDI}{chars.LINE_ENDS}\\ufeff]")
_DEPTH = 64
_DEEP = f"it is nested deeper than {_DEPTH}"


def line(value: Any) -> bytes:
    r"""Return a value's canonical JSON on one line, without a line end.

    Control and direction characters are written `\u009b`: the same JSON, and `cat` stays safe.
    Raises TypeError or ValueError for what canonical JSON does not know.
    """
    text = canonical(value).decode()
    return _LOOSE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode()


def parse(data: bytes) -> Any:
    """Return the value of a JSON text; ValueError for floats, double keys and what is no JSON."""
    if not data.strip():
        raise ValueError("it is empty")
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_unique,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg} at byte {error.pos}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise ValueError(_DEEP) from None
    if data.count(b"{") + data.count(b"[") > _DEPTH:
        _refuse_deep(value, _DEPTH)
    return value


def _refuse_deep(value: Any, left: int) -> None:
    """Raise ValueError for what is nested deeper than anything of ours, and than readers bear."""
    if not isinstance(value, dict | list):
        return
    if left == 0:
        raise ValueError(_DEEP)
    for inner in value.values() if isinstance(value, dict) else value:
        _refuse_deep(inner, left - 1)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands in it twice")
    return found


def _no_float(text: str) -> NoReturn:
    raise ValueError("it has a number that is not whole")

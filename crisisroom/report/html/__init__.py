"""The report as one HTML file that needs nothing else: to be looked at, sent, printed and kept.

It loads nothing: its policy allows its own style and script by hash, and no more. Without the
script all of it can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crisisroom.report.html.document import document
from crisisroom.report.model import Record
from crisisroom.report.page import Page

_CHUNK = 1 << 16


def dump(record: Record, zone: str = "") -> Iterator[bytes]:
    """Yield the report in UTF-8; times are of `zone`, or else of the incident's, and UTC."""
    return _chunks(document(Page.of(record, zone)))


def _chunks(parts: Iterable[str]) -> Iterator[bytes]:
    """Yield larger pieces of many small ones."""
    kept: list[str] = []
    size = 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size >= _CHUNK:
            yield "".join(kept).encode()
            kept, size = [], 0
    yield "".join(kept).encode()

"""The report as a PDF, of the same sections as the HTML; needs the extra `pdf`.

Fonts of this machine serve only for what the built-in ones lack, so that the same log gives the
same bytes wherever the same fonts are.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from types import ModuleType
from typing import Any

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.report.html.blocks import Pairs
from crisisroom.report.html.glance import banners
from crisisroom.report.html.head import chips, colophon, heading, particulars, running
from crisisroom.report.html.paper import Paper
from crisisroom.report.html.story import sections
from crisisroom.report.model import Record
from crisisroom.report.page import Page
from crisisroom.report.plain import one_line


def dump(record: Record, zone: str = "") -> Iterator[bytes]:
    """Return the report as one PDF; Refused where the extra is not installed."""
    typst = _typst()
    page = Page.of(record, zone)
    as_of = record.as_of.replace(microsecond=0)  # it takes none
    made: bytes = typst.compile(_sources(page), timestamp=as_of, format="pdf")
    return iter((made,))


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError as missing:
        hint = "pip install 'crisisroom[pdf]'"
        raise Refused(
            "extra", "PDF needs the extra `pdf`, which is not installed", hint
        ) from missing
    module: ModuleType = typst
    return module


def _sources(page: Page) -> dict[str, bytes]:
    """Return the template, its data and its charts, by file name."""
    paper = Paper(page.zone, len(page.record.entries))
    left, right, foot = running(page)
    data: dict[str, Any] = {
        "title": heading(page),
        "head": page.record.head_hash,
        "name": one_line(page.incident.title),
        "running": left,
        "state": right,
        "foot": foot,
        "banners": paper.blocks(banners(page)),
        "chips": paper.line(chips(page)),
        "particulars": paper.blocks([Pairs((*particulars(page), *colophon(page)))]),
        "sections": [paper.section(section) for section in sections(page)],
    }
    paper.lead()
    template = files("crisisroom.report.html").joinpath("paper.typ").read_bytes()
    return {"main": template, "report.json": msgspec.json.encode(data), **paper.drawings}

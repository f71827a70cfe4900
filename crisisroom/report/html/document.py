"""The HTML file around the sections: its policy, its head, its list of contents."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from crisisroom.report.html import anchors
from crisisroom.report.html.blocks import Section
from crisisroom.report.html.glance import banners
from crisisroom.report.html.head import chips, colophon, heading, particulars, running
from crisisroom.report.html.inline import Writer, text
from crisisroom.report.html.render import Renderer
from crisisroom.report.html.story import sections
from crisisroom.report.page import Page
from crisisroom.report.plain import local, one_line

_PLAIN = re.compile(r"[A-Za-z0-9.,:+-]")


@cache
def _packaged(name: str) -> str:
    return files("crisisroom.report.html").joinpath(name).read_text("utf-8")


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def document(page: Page) -> Iterator[str]:
    """Yield the whole file, chunk by chunk."""
    found = tuple(sections(page))
    render = Renderer(page.zone, _told(page))
    yield from _head(page)
    yield '<body>\n<a class="skip" href="#main">Skip to the report</a>\n'
    yield from _masthead(page, render)
    yield _contents(found)
    yield '<main id="main" tabindex="-1">\n'
    for section in found:
        yield from render.section(section)
    yield f"</main>\n<footer>{_foot(page)}</footer>\n"
    yield f"<script>{_packaged('report.js')}</script>\n</body>\n</html>\n"


def _told(page: Page) -> frozenset[str] | None:
    """Return the anchors of the entries that strangers are told of; None where all are told."""
    return frozenset(anchors.entry(entry.seq) for entry in page.told) if page.public else None


def _head(page: Page) -> Iterator[str]:
    style, sheet, script = _packaged("report.css"), _sheet(page), _packaged("report.js")
    policy = (
        "default-src 'none'; "
        f"style-src {_digest(style)} {_digest(sheet)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="referrer" content="no-referrer">\n'
    yield '<meta name="robots" content="noindex, nofollow">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="color-scheme" content="light dark">\n'
    yield f"<title>{text(heading(page))}</title>\n"
    yield f"<style>{style}</style>\n<style>{sheet}</style>\n</head>\n"


def _sheet(page: Page) -> str:
    """Return what each printed sheet says around the text; titles are strangers' words at times."""
    boxes = zip(("top-left", "top-right", "bottom-left"), running(page), strict=True)
    said = "".join(f"@{place}{{content:{_string(words)}}}" for place, words in boxes)
    return f'@page{{{said}@bottom-right{{content:counter(page) " / " counter(pages)}}}}'


def _string(words: str) -> str:
    """Return a CSS string in which every sign but the plainest is written as its number."""
    return f'"{"".join(c if _PLAIN.match(c) else f"{chr(92)}{ord(c):06x} " for c in words)}"'


def _masthead(page: Page, render: Renderer) -> Iterator[str]:
    write = Writer(page.zone)
    yield '<header class="top">\n'
    for banner in banners(page):
        yield from render.block(banner, 2)
    yield f'<p class="chips">{" ".join(map(write.piece, chips(page)))}</p>\n'
    yield f"<h1><bdi>{text(one_line(page.incident.title))}</bdi></h1>\n"
    yield render.pairs(particulars(page))
    yield f"{render.pairs(colophon(page), 'fine')}\n</header>\n"


def _contents(found: tuple[Section, ...]) -> str:
    items = "".join(
        f'<li><a href="#{section.id}">{text(section.title)}</a></li>' for section in found
    )
    return (
        '<nav class="contents" aria-label="Contents" tabindex="0"><details>'
        f"<summary>Contents</summary><ol>{items}</ol></details></nav>\n"
    )


def _foot(page: Page) -> str:
    record = page.record
    return (
        f"<p>{page.incident.id}, {record.profile} profile, made by crisisroom from"
        f" {len(record.entries):,} entries, as of {local(record.as_of, page.zone)}."
        f' <a href="#integrity">How to check it</a>.</p>'
    )

"""The timeline in the Markdown report: what matters most, then everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crisisroom.core.corrected import back_dated
from crisisroom.core.timeline import Entry
from crisisroom.report.md import cell, code, struck, table
from crisisroom.report.page import Page
from crisisroom.report.plain import local, utc
from crisisroom.report.redact import visibility

_HEAD = ("Entry", "When", "UTC", "Who", "What")
_SEEN_BY = {"legal": "for Legal", "public": "for everybody"}


def highlights(page: Page) -> Iterator[str]:
    """Return the entries that were pinned, in the order they happened."""
    log = page.record.entries
    pinned = [log[seq - 1] for seq in page.incident.pinned if 0 < seq <= len(log)]
    ordered = sorted(pinned, key=lambda one: (page.happened(one), one.seq))
    return table(_HEAD, (_row(page, entry) for entry in ordered))


def timeline(page: Page) -> Iterator[str]:
    """Yield what happened, entry by entry; in the legal profile with each entry's hash."""
    legal = page.record.profile == "legal"
    shown = 0

    def rows() -> Iterable[list[str]]:
        nonlocal shown
        for entry in page.told:
            shown += 1
            yield [*_row(page, entry), *([code(entry.hash)] if legal else [])]

    yield from table((*_HEAD, *(["Hash"] if legal else [])), rows())
    if left_out := len(page.record.entries) - shown:
        yield from ("", f"{left_out} entries are not for the public.")


def _row(page: Page, entry: Entry) -> list[str]:
    """Return an entry; what was corrected is struck through, with what is right beside it."""
    wrong = page.correction(entry)
    moved = wrong.at if wrong else None
    what = cell(entry.text)
    if wrong and wrong.words:
        what = f"{struck(entry.text)} {cell(wrong.words)}".strip()
    return [
        f"{entry.seq}",
        _both(local(entry.at, page.zone), local(moved, page.zone) if moved else ""),
        _both(utc(entry.at), utc(moved) if moved else ""),
        cell(page.who(entry)),
        what + _remarks(page, entry),
    ]


def _both(written: str, right: str) -> str:
    return f"~~{written}~~ {right}" if right else written


def _remarks(page: Page, entry: Entry) -> str:
    said = [*_told(page, entry)]
    return f" ({'; '.join(said)})" if said else ""


def _told(page: Page, entry: Entry) -> Iterator[str]:
    """Yield what is to be known of an entry itself."""
    if back_dated(entry):
        yield f"entered {local(entry.recorded_at, page.zone)}"
    if entry.source in ("rule", "import"):
        yield f"by {entry.source}"
    if entry.corrects is not None:
        yield f"corrects entry {entry.corrects}"
    if wrong := page.correction(entry):
        yield f"corrected by entry {wrong.entry}"
    if about := entry.data.get("about"):
        yield f"about {', '.join(cell(one) for one in about if isinstance(one, str))}"
    if not page.public and (seen_by := _SEEN_BY.get(visibility(page.incident, entry))):
        yield seen_by

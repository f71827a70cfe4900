"""The export in rows: what is wanted, what each choice means, what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from crisisroom.report import FORMATS
from crisisroom.room.papers import ABOUT, ALL, FOR
from crisisroom.room.pictures import size_words
from crisisroom.tui import signs
from crisisroom.tui.papers.place import asking, fetching
from crisisroom.tui.papers.wish import Told
from crisisroom.tui.rows import BLANK, Cell, Row, cell_len, clip, fit, gap, row, wrap
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.warning import heading

NAME = 12  # cells of a choice's name
VALUE = 16  # cells of what is chosen

_TELLS: Mapping[str, tuple[str, ...]] = {
    "format": ("The page is for whoever was not there: one file, no network, prints well.",),
    "profile": (
        "internal: texts marked for Legal are withheld, and the chain still verifies.",
        "legal: nothing is left out. Give it to counsel, and to nobody else.",
        "public: people get stand-ins; contacts, drafts, legal remarks and evidence stay here.",
        "Words that an entry says again have to be marked themselves: read it before it leaves.",
    ),
    "zone": (
        "The times people read: in this zone with its offset, UTC beside it.",
        "json, jsonl and csv have UTC as well, whatever is chosen here.",
    ),
    "evidence": (
        "Kept files, pictures and each version of the linked posts, by the hash of their bytes,",
        "in a folder of their own with a list of what each is. None of it is ever opened here.",
        "sha256sum -c SHA256SUMS in that folder checks them, on any machine.",
    ),
    "sign": (
        "Each file gets a signature beside it, FILE.sig, by your SSH key as git does it.",
        "Nothing is asked: a key with a passphrase has to be in the agent (ssh-add).",
    ),
    "folder": (
        "A folder that is not there is made, for you alone to read.",
        "Nothing that is there is written over without asking.",
    ),
}


def papers_top(told: Told) -> Iterator[Row]:
    """Yield the title, and a blank line."""
    state = told.incident
    over = "" if state.status == "open" else ", resolved"
    title = f"{one_line(state.title)}   {state.seq:,} entries{over}"
    yield heading(f"Export {state.id}", title, "focus")
    yield BLANK


def papers_rows(told: Told, width: int) -> Iterator[Row]:
    """Yield a row a choice; below them what is being written, or was."""
    order = told.wish.order
    yield _choice("format", "format", order.format, ABOUT[order.format], width)
    yield _choice("profile", "for", order.profile, FOR[order.profile], width)
    zone = order.zone or told.incident.zone
    yield _choice("zone", "times", zone, "with the offset, UTC beside it", width)
    if told.shell:  # one format comes down the line, and no folder
        return
    yield _evidence(told, width)
    signed = "each file gets FILE.sig, by your SSH key"
    yield _choice("sign", "signature", _yes(order.sign), signed, width)
    yield row(
        gap(3),
        Cell(fit("folder", NAME), "quiet"),
        Cell(_tail(str(told.folder), max(8, width - NAME - 3))),
        at="set:folder",
    )
    if told.going or told.made:
        yield BLANK
        yield from _outcome(told, width)


def _choice(id: str, name: str, value: str, about: str, width: int) -> Row:
    return row(
        gap(3),
        Cell(fit(name, NAME), "quiet"),
        Cell(f"{fit(value, VALUE - 1)} ", "bold"),
        Cell(clip(about, max(8, width - NAME - VALUE - 3)), "quiet"),
        at=f"set:{id}",
    )


def _evidence(told: Told, width: int) -> Row:
    many, size = told.kept
    posts = len(told.incident.mentions)
    if told.profile == "public":
        about = "none of it goes out to the public"
    elif not many and not posts:
        about = "nothing is kept, and no post is linked"
    else:
        things = f"{_many(many, 'kept thing')}, {size_words(size)}; " if many else ""
        about = f"{things}the words of {_many(posts, 'post')}"
    return _choice("evidence", "evidence", _yes(told.wish.order.evidence), about, width)


def _tail(path: str, width: int) -> str:
    """Return the end of a path, at most so many cells wide: the end tells files apart."""
    if cell_len(path) <= width:
        return path
    end = path[-(width - 1) :]
    while cell_len(end) >= width:
        end = end[1:]
    return signs.CLIPPED + end


def _yes(chosen: bool) -> str:
    return "yes" if chosen else "no"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _outcome(told: Told, width: int) -> Iterator[Row]:
    if told.going is not None:
        yield heading("Writing", f"{told.going}   esc stops it, and leaves nothing")
    elif told.made is not None:
        files = told.made.files
        yield heading("Written", _many(len(files), "file"))
        for path in shown_files(told):
            text = _tail(str(path), max(8, width - 3))
            yield row(gap(1), Cell(signs.DONE, "ok"), gap(1), Cell(text), at=f"file:{path}")
        yield from _lacks(told, width)


def _lacks(told: Told, width: int) -> Iterator[Row]:
    """Yield what is not in it although it was asked for."""
    made = told.made
    lines = list(made.left_out) if made else []
    if made and made.missing:
        lost = _many(len(made.missing), "kept thing")
        lines.append(f"the bytes of {lost} are not in this room: evidence check says which")
    for line in lines:
        for index, part in enumerate(wrap(line, width - 3)):
            mark = Cell(signs.LOOK, "warn") if index == 0 else gap(1)
            yield row(gap(1), mark, gap(1), Cell(part, "warn"))


def shown_files(told: Told) -> tuple[Path, ...]:
    """Return what to name of what was written: the page first; of evidence only its folder.

    Of many files the folder they are in stands for the rest.
    """
    made = told.made
    if made is None:
        return ()
    files = [path for path in made.files if path.parent == told.folder]
    page = [path for path in files if path.suffix == ".html"]
    kept = dict.fromkeys(path.parent for path in made.files if path.parent != told.folder)
    if len(files) > len(FORMATS):
        return (*page, *kept, told.folder)
    return (*page, *(path for path in files if path not in page), *kept)


def papers_sheet(told: Told, at: str, width: int) -> Iterator[Row]:
    """Yield what the row under the cursor means; below a result, how to get at it."""
    kind, _, name = at.partition(":")
    if told.shell:
        yield from _from_shell(told, width)
        yield BLANK
    elif kind == "file" or (name == "folder" and told.remote):
        yield from _there(told, name, width)
    if kind == "set":
        yield from _tells(name, width)


def _tells(name: str, width: int) -> Iterator[Row]:
    if name == "format":
        for format, about in ABOUT.items():
            yield row(gap(3), Cell(fit(format, NAME), "text"), Cell(about, "quiet"))
        yield BLANK
    for line in _TELLS[name]:
        for part in wrap(line, width - 4):
            yield row(gap(3), Cell(part, "quiet"))


def _there(told: Told, name: str, width: int) -> Iterator[Row]:
    """Yield where a file lies, whole, and over SSH how it comes to one's own machine."""
    if name != "folder":
        yield from _wrapped(name, width, "bold")
        yield BLANK
    if not told.remote:
        words = "y copies the path." if name != "folder" else ""
        yield from _wrapped(words, width, "quiet")
        return
    yield from _wrapped("This path is on the machine of the room, not on yours.", width, "warn")
    yield from _wrapped("In a terminal of your own (Y copies the first):", width, "quiet")
    yield from _wrapped(fetching(told.folder), width)
    yield from _wrapped(asking(told), width)
    yield BLANK


def _from_shell(told: Told, width: int) -> Iterator[Row]:
    here = "a browser" if told.web else "this shell"
    words = f"Nothing can be fetched out of {here}. In a terminal of your own:"
    yield from _wrapped(words, width, "warn")
    yield from _wrapped(asking(told), width)
    if told.wish.order.format in (ALL, "csv"):
        yield from _wrapped("One format at a time; json has everything.", width, "quiet")


def _wrapped(words: str, width: int, role: str = "text") -> Iterator[Row]:
    for part in wrap(words, width - 4) if words else ():
        yield row(gap(3), Cell(part, role))

"""A playbook's page as plain text, for a terminal, a pager, a screen reader or `grep`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from crisisroom.report.plan_page import Item, PlanPage, Section, Text

WIDTH = 96


def plan_text(page: PlanPage) -> Iterator[str]:
    """Yield the page's lines; words that go out stand behind `|`, as they are."""
    yield page.title
    yield "=" * len(page.title)
    yield from (f"{what}: {value}" for what, value in page.facts)
    if page.summary:
        yield ""
        yield from _wrapped(page.summary, "")
    for section in page.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield section.title
    yield "-" * len(section.title)
    if section.intro:
        yield from _wrapped(section.intro, "")
    for item in section.items:
        yield from _item(item, "[ ] " if section.tick else "")
    for text in section.texts:
        yield from _words(text)


def _item(item: Item, box: str) -> Iterator[str]:
    aside = f"  ({item.aside})" if item.aside else ""
    yield from _wrapped(f"{box}{item.head}{aside}", "", "    ")
    for note in item.notes:
        yield from _wrapped(note, "    ")


def _words(text: Text) -> Iterator[str]:
    yield f"{text.title}  ({'; '.join((text.sort, *text.notes))})"
    yield from (f"  | {line}".rstrip() for line in text.words.rstrip("\n").split("\n"))
    yield f"  {text.standing}"


def _wrapped(words: str, indent: str, rest: str | None = None) -> Iterator[str]:
    below = indent if rest is None else rest
    yield from textwrap.wrap(
        words,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=below,
        break_long_words=False,
        break_on_hyphens=False,
    )

"""A playbook's page as one HTML file that needs nothing else: to print, to sign, to keep on a disk.

It loads nothing and runs nothing: its policy allows its own style sheet by hash, and no more.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html import escape

from crisisroom.report.plan_page import Item, PlanPage, Section, Text

_BLANK = re.compile(r"(\{\{[^{}\n]*\}\})")

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #555; --line: #bbb; --paper: #fff;
  --mark: #fff3c4; --words: #f5f5f2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6e1; --soft: #a9a59c; --line: #55524c; --paper: #17181a;
    --mark: #5a4a12; --words: #222427; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0 0 1rem; }
dt, .soft { color: var(--soft); }
dd { margin: 0; }
ul { list-style: none; margin: 0; padding: 0; }
li, article { padding: .5rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
.tick li { padding-left: 1.9rem; position: relative; }
.tick li::before { content: ""; position: absolute; left: .1rem; top: .75rem; width: 1rem;
  height: 1rem; border: 1.5px solid var(--ink); border-radius: 2px; }
.head { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; }
.head span { color: var(--soft); }
blockquote { margin: .5rem 0; padding: .6rem .8rem; background: var(--words);
  border-left: 3px solid var(--ink); white-space: pre-wrap; }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
.sign { display: grid; grid-template-columns: 2fr 1fr 2fr; gap: 1rem; margin: 1.5rem 0 .25rem; }
.sign span { border-top: 1px solid var(--ink); color: var(--soft); font-size: .8rem; }
@media print {
  :root { --ink: #000; --soft: #333; --line: #999; --paper: #fff; --mark: #eee; --words: #fff; }
  @page { margin: 16mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2 { break-after: avoid; }
  .sheet { break-before: page; }
  mark { border: 1px solid #999; }
}
"""


def plan_html(page: PlanPage) -> str:
    """Return the page as a whole HTML document."""
    parts = (
        "<!doctype html>",
        f'<html lang="{escape(page.language)}">',
        *_head(page),
        "<body>",
        f"<h1>{escape(page.title)}</h1>",
        *_facts(page),
        f"<p>{escape(page.summary)}</p>" if page.summary else "",
        *(line for section in page.sections for line in _section(section)),
        "</body>",
        "</html>",
    )
    return "\n".join(part for part in parts if part) + "\n"


def _head(page: PlanPage) -> Iterator[str]:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(page.title)}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"


def _facts(page: PlanPage) -> Iterator[str]:
    yield "<dl>"
    yield from (f"<dt>{escape(what)}</dt><dd>{escape(value)}</dd>" for what, value in page.facts)
    yield "</dl>"


def _section(section: Section) -> Iterator[str]:
    names = [name for name in ("tick", "sheet") if getattr(section, name)]
    yield f'<section class="{" ".join(names)}">' if names else "<section>"
    yield f"<h2>{escape(section.title)}</h2>"
    if section.intro:
        yield f'<p class="soft">{escape(section.intro)}</p>'
    if section.items:
        yield "<ul>"
        yield from (_item(item) for item in section.items)
        yield "</ul>"
    for text in section.texts:
        yield from _words(text)
    yield "</section>"


def _item(item: Item) -> str:
    aside = f"<span>{escape(item.aside)}</span>" if item.aside else ""
    notes = "".join(f"<p>{escape(note)}</p>" for note in item.notes)
    return f'<li><div class="head"><h3>{escape(item.head)}</h3>{aside}</div>{notes}</li>'


def _words(text: Text) -> Iterator[str]:
    about = "; ".join((text.sort, *text.notes))
    yield "<article>"
    yield f'<div class="head"><h3>{escape(text.title)}</h3><span>{escape(about)}</span></div>'
    yield f"<blockquote>{_marked(text.words)}</blockquote>"
    yield f'<p class="soft">{escape(text.standing)}</p>'
    yield '<div class="sign"><span>Name</span><span>Date</span><span>Signature</span></div>'
    yield "</article>"


def _marked(words: str) -> str:
    """Return words with their placeholders marked, so that a signer sees what will vary."""
    return "".join(
        f"<mark>{escape(part)}</mark>" if _BLANK.fullmatch(part) else escape(part)
        for part in _BLANK.split(words)
    )

"""A text as a network takes it, so that its readers see the approved words to the letter.

Reddit shows the same source by two readers of Markdown, an old and a new one: only what both
understand is used. A web link stays one, in angle brackets, which no reader sees.
"""

from __future__ import annotations

import re

_LINK = re.compile(r"(?<![\w/:])https?://(?=\w)[^\s<>\"'\\`\x00-\x20\x7f]+", re.IGNORECASE)
_TRAILING = ".,;:!?*_~\u2026)]}"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_MARKS = re.compile(r"[\\`*_\[\]<>|~^&#]")
_OTHER_LINKS = re.compile(r"(?<=[a-z]):(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_LIST = re.compile(r"^([^\S\n]*(?:[0-9]{1,9}(?=[.)])|(?=[-+])))", re.MULTILINE)
_UNDERLINE = re.compile(r"^([^\S\n]*)=", re.MULTILINE)  # under a line it makes that a heading
_INDENT = re.compile(r"^[^\S\n](?=[^\S\n]*\S)", re.MULTILINE)  # four blanks begin code
_BREAK = re.compile(r"(?<=\S)[^\S\n]*\n(?=[^\S\n]*\S)")  # shown as a blank without two before it


def slack(text: str) -> str:
    """Return the text with the three signs escaped that Slack gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def reddit(text: str) -> str:
    """Return the text as Markdown that shows exactly these words, line by line."""
    made: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        link = _without_trailing(found[0])
        made += [_escaped(text[end : found.start()]), f"<{link}>"]
        end = found.start() + len(link)
    made.append(_escaped(text[end:]))
    lines = _UNDERLINE.sub(r"\1&#61;", _LIST.sub(r"\1\\", "".join(made)))
    return _BREAK.sub("  \n", _INDENT.sub(lambda blank: f"&#{ord(blank[0])};", lines))


def _escaped(text: str) -> str:
    return _OTHER_LINKS.sub(r"\\\g<0>", _MARKS.sub(r"\\\g<0>", text))


def _without_trailing(link: str) -> str:
    """Return the link without the punctuation of the sentence around it."""
    end = len(link)
    while link[end - 1] in _TRAILING:
        opening = _PAIRS.get(link[end - 1])
        if opening and link.count(opening, 0, end) >= link.count(link[end - 1], 0, end):
            break
        end -= 1
    return link[:end]

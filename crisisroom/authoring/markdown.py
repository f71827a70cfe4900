"""Key messages and answers from Markdown: headings and what stands below them, or Q and A."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crisisroom.authoring.imported import Imported, Refusal, cut
from crisisroom.authoring.sayings import Found, day, keywords, made, sorted_out
from crisisroom.authoring.table import decoded
from crisisroom.core.errors import Refused

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_ASKED = re.compile(r"(?:\*\*|__)?(?:Q|F|Question|Frage)(?:\*\*|__)?[:.](?:\*\*|__)?[ \t]*(.+)")
_ANSWERED = re.compile(r"(?:\*\*|__)?(?:A|Answer|Antwort)(?:\*\*|__)?[:.](?:\*\*|__)?[ \t]*(.+)")
_BOLD_QUESTION = re.compile(r"(\*\*|__)(.+\?)\1")
_WHEN = re.compile(r"(?:when|keywords|stichworte|schlagworte)[ \t]*:[ \t]*(.+)", re.IGNORECASE)
_EXPIRES = re.compile(r"(?:expires|valid until|gültig bis)[ \t]*:[ \t]*(.+)", re.IGNORECASE)
_ITEM = re.compile(r" {0,3}(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(.+)")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)\)")
_STRONG = re.compile(r"\*\*(?=\S)([^*]+)(?<=\S)\*\*|__(?=\S)([^_]+)(?<=\S)__")
_LONGEST = 4000  # characters of a line: more is never said
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


@dataclass(slots=True)
class _Part:
    """What stands under one heading or question."""

    line: int
    title: str
    depth: int = 0
    question: bool = False
    lines: list[tuple[int, str]] = field(default_factory=list)
    when: str = ""
    expires: str = ""
    flaw: str = ""


def messages_from_markdown(data: bytes) -> Imported:
    """Return the messages and answers of a Markdown file; Refused where it has no words.

    A heading that asks is a question, any other the title of a sentence; a list under a heading
    is one sentence an item. Bold and links become plain words.
    """
    text, remarks = decoded(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    body, begins = _without_front(text)
    parts = _parts(body, begins)
    found = [one for part in parts for one in _found(part, parts)]
    refused = tuple(Refusal(part.line, cut(part.title), part.flaw) for part in parts if part.flaw)
    if not found and not refused:
        raise Refused(
            "empty", "there are no headings with words in this file", "## Title, then text"
        )
    return sorted_out(found, refused, remarks)


def _without_front(text: str) -> tuple[list[str], int]:
    """Return the lines without the settings that some programs put first, and where they begin."""
    lines = text.split("\n")
    if lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:40]):
        end = next(at for at, line in enumerate(lines[1:], 1) if line.strip() == "---")
        return lines[end + 1 :], end + 2
    return lines, 1


def _parts(lines: list[str], begins: int) -> list[_Part]:
    parts = [_Part(begins, "")]
    fenced = commented = False
    for number, line in enumerate(lines, begins):
        part = parts[-1]
        if len(line) > _LONGEST:
            part.flaw = f"a line of {len(line)} characters stands in it"
        elif fenced or _FENCE.match(line):
            fenced = fenced != bool(_FENCE.match(line))
            part.flaw = "code stands in it: take the fence away if these are words"
        elif commented or line.lstrip().startswith("<!--"):
            commented = "-->" not in line
        elif new := _begun(number, line):
            parts.append(new)
        elif _ANSWERED.fullmatch(line.strip()) and part.question:
            part.lines.append((number, _ANSWERED.sub(r"\1", line.strip())))
        else:
            _into(part, number, line)
    return parts


def _begun(number: int, line: str) -> _Part | None:
    """Return the part that a line begins."""
    if match := _HEADING.fullmatch(line):
        title = _plain(match[2].rstrip(" \t#"))
        return _Part(number, title, len(match[1]), question=title.endswith("?"))
    stripped = line.strip()
    if match := _ASKED.fullmatch(stripped):
        return _Part(number, _plain(match[1]), 9, question=True)
    if match := _BOLD_QUESTION.fullmatch(stripped):
        return _Part(number, _plain(match[2]), 9, question=True)
    return None


def _into(part: _Part, number: int, line: str) -> None:
    stripped = line.strip()
    if match := _WHEN.fullmatch(stripped):
        part.when = match[1]
    elif match := _EXPIRES.fullmatch(stripped):
        part.expires = day(match[1])
    elif stripped.startswith("|") and stripped.endswith("|") and len(stripped) > 1:
        part.flaw = "a table stands in it: export it as CSV"
    elif not _RULE.fullmatch(line):
        part.lines.append((number, line))


def _found(part: _Part, parts: list[_Part]) -> Iterator[Found]:
    if part.flaw:
        return
    items = [(number, _ITEM.fullmatch(line)) for number, line in part.lines if line.strip()]
    if items and all(match for _, match in items) and not part.question:
        for number, match in items:
            words = _plain(match[1]) if match else ""
            saying = made(words, when=keywords(part.when), expires=part.expires)
            yield Found(number, cut(words), saying)
        return
    words = _words(part)
    label = cut(part.title or words)
    if words and part.depth == 1 and not part.question and _is_chapter(part, parts):
        why = "it leads to what follows; give it a heading of its own if it is to be said"
        yield Found(part.line, label, why=why)
    elif words and (part.title or part.depth):
        question = part.title if part.question else ""
        when = keywords(part.when)
        saying = made(words, title=part.title, question=question, when=when, expires=part.expires)
        yield Found(part.line, label, saying)
    elif words:
        yield Found(part.line, label, why="it stands under no heading")
    elif part.title and not _is_chapter(part, parts):
        yield Found(part.line, label, why="there are no words under it")


def _is_chapter(part: _Part, parts: list[_Part]) -> bool:
    """Tell whether a heading only holds others."""
    after = parts[parts.index(part) + 1 :]
    return bool(after) and after[0].depth > part.depth


def _words(part: _Part) -> str:
    """Return the words under a heading: paragraphs of one line each, as they would be said."""
    paragraphs: list[list[str]] = [[]]
    for _, line in part.lines:
        if not line.strip():
            paragraphs.append([])
        elif (match := _ITEM.fullmatch(line)) is not None:
            paragraphs.append([f"- {match[1]}"])
        else:
            paragraphs[-1].append(line.strip().removeprefix("> "))
    return "\n\n".join(_plain(" ".join(one)[:_LONGEST]) for one in paragraphs if one)


def _plain(text: str) -> str:
    """Return words without Markdown's signs: bold as it is said, a link with its address."""
    linked = _LINK.sub(lambda match: f"{match[1]} ({match[2]})" if match[1] else match[2], text)
    return _ESCAPED.sub(r"\1", _STRONG.sub(lambda match: match[1] or match[2], linked)).strip()

"""The review of a text before it goes out: what blocks it, what to ask oneself, what to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from crisisroom.core import guardrails
from crisisroom.core.approved import ReplyCheck, Span
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.playbook import Guardrails
from crisisroom.text import check_own

Severity = Literal["block", "ask", "info"]

_ORDER = {"block": 0, "ask": 1, "info": 2}
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_MENTION = re.compile(r"@[\w.-]+(?:@[\w.-]+)?")
_GREETING = re.compile(r"\s*(?:[^\W\d_]+\s+){0,3}[^\W\d_]*[,!:]")
_WORDS = re.compile(r"\w+")
_OPENING = 4  # words that make two replies open alike


class Problem(msgspec.Struct, frozen=True):
    """Something about a text, where it stands (character offsets), and what to do about it."""

    code: str
    severity: Severity
    message: str
    start: int = 0
    end: int = 0


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known about a text to review it.

    `length` is the text's as the channel counts and `limit` what the channel takes, None without
    one; `approvers` names who approves free words; `last` are this person's latest replies and
    `elsewhere` what went to other people; `to_author` counts the public replies this author has.
    """

    length: int
    limit: int | None = None
    guardrails: Guardrails = Guardrails()
    check: ReplyCheck | None = None
    approvers: str = "somebody else"
    last: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    to_author: int = 0
    allowed: int = 2
    language: str = ""
    post_language: str = ""


def problems(text: str, around: Around) -> tuple[Problem, ...]:
    """Return what is wrong with a text: what blocks sending first, then by place."""
    found = (
        *_empty(text),
        *_hidden(text),
        *_blanks(text),
        *_too_long(text, around),
        *_phrases(text, around.guardrails),
        *_free_words(around.check, around.approvers),
        *_same_again(text, around),
        *_opening(text, around),
        *_too_often(around),
        *_language(around),
    )
    return tuple(sorted(found, key=lambda one: (_ORDER[one.severity], one.start, one.end)))


def sentences(span: Span) -> int:
    """Count the sentences in free words."""
    return len([part for part in _SENTENCE_END.split(span.text) if part.strip()])


def _empty(text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem("empty", "block", "nothing is written yet")


def _hidden(text: str) -> Iterator[Problem]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for flaw in check_own(text):
        start = starts[flaw.line - 1] + flaw.column - 1
        message = f"line {flaw.line}, column {flaw.column}: {flaw.what}: take it out"
        yield Problem("hidden", "block", message, start, start + 1)


def _blanks(text: str) -> Iterator[Problem]:
    for blank in blanks_in(text):
        message = f"‹{blank.label}› is blank: fill it, or take its sentence out"
        yield Problem("blank", "block", message, blank.start, blank.end)


def _too_long(text: str, around: Around) -> Iterator[Problem]:
    if around.limit is not None and around.length > around.limit:
        over = around.length - around.limit
        message = f"{around.length} of {around.limit}: {over} too long"
        yield Problem("too_long", "block", message, 0, len(text))


def _phrases(text: str, rules: Guardrails) -> Iterator[Problem]:
    for hit in guardrails.check(text, rules):
        if hit.kind == "forbid":
            message = f'"{hit.phrase}" is forbidden: say it in other words'
            yield Problem("forbidden", "block", message, hit.start, hit.end)
        else:
            message = f'"{hit.phrase}": do we know that, and may we say it?'
            yield Problem("warned", "ask", message, hit.start, hit.end)


def _free_words(check: ReplyCheck | None, approvers: str) -> Iterator[Problem]:
    if check is None:
        return
    for id_ in check.unapproved:
        message = f"nobody approved {id_} as it is now: it counts as your own words"
        yield Problem("unapproved", "ask", message)
    if check.needs_approval and check.free:
        count = sum(map(sentences, check.free))
        what = "1 sentence is your own" if count == 1 else f"{count} sentences are your own"
        first = check.free[0]
        yield Problem("own_words", "ask", f"{what}: {approvers} approves", first.start, first.end)


def _same_again(text: str, around: Around) -> Iterator[Problem]:
    mine = _MENTION.sub("@", text).split()
    same = sum(_MENTION.sub("@", other).split() == mine for other in around.elsewhere)
    if same and text.strip():
        whom = "1 other person" if same == 1 else f"{same} other people"
        message = f"{whom} got the same words: say what this one said"
        yield Problem("same_again", "ask", message, 0, len(text))


def _opening(text: str, around: Around) -> Iterator[Problem]:
    mine = _opens(text)
    alike = sum(_opens(other) == mine for other in around.last)
    if mine and alike:
        message = f"opens like {alike} of your last {len(around.last)} replies: say what they said"
        yield Problem("opening", "info", message, 0, len(text))


def _opens(text: str) -> tuple[str, ...]:
    bare = _MENTION.sub("", text)
    greeting = _GREETING.match(bare)
    rest = bare[greeting.end() :] if greeting else bare
    return tuple(_WORDS.findall(rest.casefold())[:_OPENING])


def _too_often(around: Around) -> Iterator[Problem]:
    if around.to_author >= around.allowed:
        message = (
            f"public reply {around.to_author + 1} to this person, {around.allowed} allowed:"
            " offer a private channel"
        )
        yield Problem("too_often", "ask", message)


def _language(around: Around) -> Iterator[Problem]:
    ours, theirs = (
        language.partition("-")[0].casefold()
        for language in (around.language, around.post_language)
    )
    if ours and theirs and ours != theirs:
        yield Problem("language", "info", f"the post is in {theirs}, these words are in {ours}")

"""The review of a text before it goes out: what blocks it, what to ask oneself, what to know."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from crisisroom.core import guardrails, personal
from crisisroom.core.approved import ReplyCheck, Span
from crisisroom.core.must_say import unsaid
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.playbook import Guardrails
from crisisroom.core.reviewed import Around, Problem, Severity, Version
from crisisroom.text import check_own

__all__ = ["Around", "Problem", "Review", "Severity", "Version", "problems", "sentences"]

NOT_NOW = frozenset({"stopped", "goes_to"})
"""Codes of problems that have nothing to do with how a text reads."""

_ORDER = {"block": 0, "ask": 1, "info": 2}
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_MENTION = re.compile(r"@[\w.-]+(?:@[\w.-]+)?")
_GREETING = re.compile(r"\s*(?:[^\W\d_]+\s+){0,3}[^\W\d_]*[,!:]")
_WORDS = re.compile(r"\w+")
_OPENING = 4  # words that make two replies open alike


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of a text before it goes out; `approval` names the step it needs."""

    problems: tuple[Problem, ...]
    length: int
    limit: int | None
    check: ReplyCheck
    approval: str
    sha256: str

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """Return what makes sending impossible."""
        return tuple(problem for problem in self.problems if problem.severity == "block")

    @property
    def faults(self) -> tuple[Problem, ...]:
        """Return what is wrong with the words themselves: they cannot even be handed in so.

        What is left out keeps them from being sent by this person, or now.
        """
        return tuple(problem for problem in self.blocking if problem.code not in NOT_NOW)

    @property
    def blanks(self) -> int:
        """Return how many blanks are open."""
        return sum(problem.code == "blank" for problem in self.problems)

    @property
    def verbatim(self) -> bool:
        """Whether nothing but approved words stands in it."""
        return bool(self.check.used) and not self.check.free


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
        *_tagged(around),
        *_missing(around),
        *_unsaid(text, around),
        *_promise_over(around),
        *_language(around),
        *_personal(text, around.guardrails, around.ours, public=around.public),
        *_versions(text, around),
        *(one for one in (around.line, around.goes_to, *around.author) if one),
        *_truth(around),
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


_PHRASES: dict[guardrails.HitKind, tuple[str, Severity, str]] = {
    "forbid": ("forbidden", "block", "is forbidden: say it in other words"),
    "no_comment": ("no_comment", "block", "says nothing: say what we do, and when we speak again"),
    "warn": ("warned", "ask", ": do we know that, and may we say it?"),
    "promise": ("promise", "ask", "is a promise: can we keep it?"),
    "blame": ("blame", "ask", "blames others: say what is ours to mend"),
}


def _phrases(text: str, rules: Guardrails) -> Iterator[Problem]:
    for hit in guardrails.check(text, rules):
        code, severity, what = _PHRASES[hit.kind]
        gap = "" if what.startswith(":") else " "
        yield Problem(code, severity, f'"{hit.phrase}"{gap}{what}', hit.start, hit.end)


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
    """Ask before one public reply too many; where the playbook sets the limit, stop it."""
    most = around.guardrails.max_public_replies
    allowed = around.allowed if most is None else most
    if around.to_author >= allowed:
        message = (
            f"public reply {around.to_author + 1} to this person, {allowed} allowed:"
            " offer a private channel"
        )
        stops = most is not None and around.public
        yield Problem("too_often", "block" if stops else "ask", message)


def _tagged(around: Around) -> Iterator[Problem]:
    for tag in around.tags:
        if tag in around.guardrails.never_answer:
            message = f"tagged {tag}: the playbook says that nobody answers these"
            yield Problem("never_answer", "block", message)


def _missing(around: Around) -> Iterator[Problem]:
    for label in around.missing:
        yield Problem("missing_fact", "block", f"these words wait for a fact: {label}")


def _unsaid(text: str, around: Around) -> Iterator[Problem]:
    for part, what in unsaid(text, around.must_say, around.language, around.where):
        yield Problem("unsaid", "ask", f"{what} is missing ({part}): does it stand there?")


def _promise_over(around: Around) -> Iterator[Problem]:
    if around.over:
        message = f"promises words by {around.over}, and that time is over: set a new one"
        yield Problem("promise_over", "ask", message)


def _language(around: Around) -> Iterator[Problem]:
    ours, theirs = (
        language.partition("-")[0].casefold()
        for language in (around.language, around.post_language)
    )
    if ours and theirs and ours != theirs:
        yield Problem("language", "info", f"the post is in {theirs}, these words are in {ours}")


_PERSONAL: dict[personal.Kind, str] = {
    "card": "a card number",
    "iban": "an account number (IBAN)",
    "phone": "a phone number that is not ours",
    "mail": "a mail address that is not ours",
    "order": "an order number",
}


def _personal(
    text: str, rules: Guardrails, ours: tuple[str, ...], *, public: bool
) -> Iterator[Problem]:
    """Yield where a person's numbers stand; what they are is never repeated."""
    for hit in personal.find(text, rules.numbers, ours):
        what = f"{_PERSONAL[hit.kind]} stands here"
        if public:
            message = f"{what}: take it out, everybody would read it"
            yield Problem("personal", "block", message, hit.start, hit.end)
        else:
            message = f"{what}: does it go to the person it belongs to, and nobody else?"
            yield Problem("personal", "ask", message, hit.start, hit.end)


def _versions(text: str, around: Around) -> Iterator[Problem]:
    """Yield what is wrong with the words of single channels, where they are not the text itself."""
    for version in around.versions:
        there = msgspec.structs.replace(around, length=version.length, limit=version.limit)
        found = [*_too_long(version.text, there)]
        if version.text != text:
            found += _alone(version, around)
        for one in found:
            yield Problem(one.code, one.severity, f"on {version.channel}: {one.message}")


def _alone(version: Version, around: Around) -> Iterator[Problem]:
    yield from _empty(version.text)
    yield from _hidden(version.text)
    yield from _blanks(version.text)
    yield from _phrases(version.text, around.guardrails)
    yield from _unsaid(version.text, around)
    yield from _personal(version.text, around.guardrails, around.ours, public=version.public)


def _truth(around: Around) -> Iterator[Problem]:
    for label in around.moved:
        message = f"‹{label}› changed since this was written: write it anew, or say that it holds"
        yield Problem("moved", "block", message)
    if around.outdated:
        message = f"{around.outdated} reads otherwise since this was translated: translate it anew"
        yield Problem("outdated", "block", message)
    if around.stopped is not None:
        who, when = around.stopped
        message = f"{who} stopped all outgoing words at {when}: the lead lets them go again"
        yield Problem("stopped", "block", message)

"""Composing a reply: the first draft from approved words, and words put into a text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from crisisroom.core.approved import FragmentKind, fact_labels, fragments, is_handle, render
from crisisroom.core.placeholders import Filled
from crisisroom.core.playbook import Playbook
from crisisroom.core.suggest import FITS, Suggestion

SECOND_FITS = 0.5  # a second message has to fit better than the first needs to
_SPACE = " \t\n"

Ready = Mapping[tuple[FragmentKind, str], Filled]


class Draft(msgspec.Struct, frozen=True):
    """A reply's first text, the ids of the messages in it, and the offset where to go on typing."""

    text: str
    used: tuple[str, ...] = ()
    cursor: int = 0


def ready(
    playbook: Playbook,
    approved: Collection[str],
    values: Mapping[str, str],
    may_fill: Collection[str],
    today: str = "",
) -> Ready:
    """Return the approved fragments as they would stand in this reply, by kind and id.

    The arguments are those of `approved.fragments` and `approved.render`.
    """
    labels = fact_labels(playbook)
    return {
        (fragment.kind, fragment.id): render(fragment, values, may_fill, labels)
        for fragment in fragments(playbook, approved, today)
        if fragment.approved
    }


def prefill(
    words: Ready,
    handle: str,
    suggestions: Iterable[Suggestion],
    *,
    limit: int | None = None,
    length: Callable[[str], int] = len,
) -> Draft:
    """Write the first draft: greeting, the best fitting message or two, sign-off.

    `words` comes from `ready`, so that nothing unapproved is in it; blanks stay to be seen. What
    would be longer than `limit`, as `length` counts, is left out. An `@handle` is always
    addressed, because on some networks only that tells its owner.
    """
    head = _head(words, handle)
    tail = words[("sign_off", "sign_off")].text if ("sign_off", "sign_off") in words else ""
    used: list[str] = []
    body: list[str] = []
    for suggestion in sorted(suggestions, key=lambda one: -one.score):
        message = words.get((suggestion.kind, suggestion.id))
        if message is None or message.text in body or suggestion.score < _needed(body):
            continue
        if limit is None or length(_joined(head, [*body, message.text], tail)) <= limit:
            body.append(message.text)
            used.append(suggestion.id)
    cursor = len(_joined(head, body, ""))
    return Draft(_joined(head, body, tail), tuple(used), cursor)


def _needed(body: Sequence[str]) -> float:
    return (FITS, SECOND_FITS, 2.0)[len(body)]


def _head(words: Ready, handle: str) -> str:
    greeting = words.get(("greeting", "greeting"), Filled(""))
    text = "" if greeting.blanks else greeting.text
    if handle.startswith("@") and is_handle(handle) and handle not in text:
        text = f"{handle} {text}".strip()
    return text


def _joined(head: str, body: Sequence[str], tail: str) -> str:
    above = "\n".join(part for part in (head, " ".join(body)) if part)
    return "\n\n".join(part for part in (above, tail) if part)


def insert(text: str, words: str, at: int) -> tuple[str, int]:
    """Put words into a text at an offset, with white space around, so that they stay recognised.

    Returns the new text and the offset behind the words.
    """
    before, after = text[:at], text[at:]
    words = words.strip(_SPACE)
    left = " " if before and before[-1] not in _SPACE else ""
    right = " " if after and after[0] not in _SPACE else ""
    cursor = len(before) + len(left) + len(words)
    return f"{before}{left}{words}{right}{after}", cursor

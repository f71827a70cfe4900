"""Composing a reply: the first draft from approved words, and words put into a text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from crisisroom.core.approved import FragmentKind, fact_labels, fragments, is_handle, render
from crisisroom.core.incident import Form
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
    suspended: Collection[str] = (),
    language: str = "",
) -> Ready:
    """Return the approved fragments as they would stand in this reply, by kind and id.

    With a `language` of the playbook's translations, those alone, under the ids of what they
    translate. The other arguments are those of `approved.fragments` and `approved.render`.
    """
    labels = fact_labels(playbook)
    return {
        (fragment.kind, fragment.id.partition("@")[0]): render(fragment, values, may_fill, labels)
        for fragment in fragments(playbook, approved, today, suspended)
        if fragment.approved and fragment.language == language
    }


def language_of(playbook: Playbook, asked: str) -> str:
    """Return the translation's language that serves a post's; empty for the playbook's own."""
    plain = asked.partition("-")[0].casefold()
    if not plain or plain == playbook.language.partition("-")[0].casefold():
        return ""
    known = [one.language for one in playbook.translations]
    exact = [one for one in known if one.casefold() == asked.casefold()]
    near = [one for one in known if one.partition("-")[0].casefold() == plain]
    return next(iter((*exact, *near)), "")


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


def first_reply(
    playbook: Playbook,
    words_in: Callable[[str], Ready],
    handle: str,
    suggestions: Sequence[Suggestion],
    *,
    form: Form = "public",
    language: str = "",
    limit: int | None = None,
    length: Callable[[str], int] = len,
) -> Draft:
    """Write the first draft of a reply in one of its forms, in the post's language where we can.

    `words_in` gives the approved words in a language. No reply mixes two: where what fits is not
    translated, all of it is in the playbook's own.
    """
    chosen = _of_form(playbook, suggestions, form)
    theirs = words_in(language) if language else {}
    best = max(chosen, key=lambda one: one.score, default=None)
    if best is not None and (best.kind, best.id) in theirs:
        return prefill(theirs, handle, chosen, limit=limit, length=length)
    return prefill(words_in(""), handle, chosen, limit=limit, length=length)


def pointing(words: Ready, handle: str) -> Draft:
    """Write a reply that points to the statement, and says nothing else."""
    pointer = words.get(("pointer", "pointer"))
    sign_off = words.get(("sign_off", "sign_off"), Filled("")).text
    text = _joined(_head(words, handle), [pointer.text] if pointer else [], sign_off)
    return Draft(text, ("pointer",) if pointer else (), len(text))


def _of_form(
    playbook: Playbook, suggestions: Sequence[Suggestion], form: Form
) -> Sequence[Suggestion]:
    """Return the suggestions for a form: one that asks for it gets its message, however it fits."""
    messages = {one.id: one for one in playbook.key_messages}
    if form == "public":
        thanks = {one.id for one in messages.values() if one.thanks}
        return [one for one in suggestions if one.id not in thanks]
    wanted = [one.id for one in messages.values() if getattr(one, form)]
    fitting = [one for one in suggestions if one.id in wanted]
    first = fitting[0].id if fitting else next(iter(wanted), "")
    return [Suggestion(first, "key_message", 1.0, f"for a reply in this form: {form}")]


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

"""Approval is of a text: which spans of a reply are approved words, and which are free."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from crisisroom.core.placeholders import Filled, fill
from crisisroom.core.playbook import Playbook
from crisisroom.core.wordings import Wording, WordingKind, words_of

FragmentKind = WordingKind

# values that the room itself makes; the handle is a stranger's and has its own rule
_OWN_VALUES = frozenset({"brand", "me", "next_update", "time", "source_of_truth"})
_SPACE = " \t\r\n"  # what may stand between fragments; anything else counts as words
_HANDLE = re.compile(r"@?\w(?:[\w.-]{0,98}\w)?(?:@\w(?:[\w.-]{0,251}\w)?)?")
_ADDRESS = "@"  # no id looks like this


class Fragment(msgspec.Struct, frozen=True):
    """Words of the playbook that a reply may be built from; see `wordings.Wording`."""

    id: str
    kind: FragmentKind
    template: str
    sha256: str
    approved: bool = False
    base: str = ""
    language: str = ""
    relies: tuple[str, ...] = ()


class Rendered(msgspec.Struct, frozen=True):
    """A fragment's words as they would stand in this reply."""

    id: str
    text: str


class Span(msgspec.Struct, frozen=True):
    """A stretch of a text, in character offsets."""

    start: int
    end: int
    text: str


class Use(msgspec.Struct, frozen=True):
    """Where a fragment stands in a text, unchanged."""

    id: str
    start: int
    end: int


class Cover(msgspec.Struct, frozen=True):
    """Which fragments a text uses, in order, and what is left over as free words."""

    used: tuple[Use, ...]
    free: tuple[Span, ...]

    @property
    def complete(self) -> bool:
        """Tell whether nothing but fragments and white space is in the text."""
        return not self.free


class ReplyCheck(msgspec.Struct, frozen=True):
    """What of a reply is approved: its free words, and the fragments it uses.

    `unapproved` names the fragments that stand in the free words because nobody approved them.
    """

    free: tuple[Span, ...]
    used: tuple[str, ...]
    needs_approval: bool
    unapproved: tuple[str, ...] = ()


def is_handle(handle: str) -> bool:
    """Tell whether this can be an account's handle: one word, `@user`, `@user@host`, no spaces."""
    return _HANDLE.fullmatch(handle) is not None


def fragments(
    playbook: Playbook,
    approved: Collection[str],
    today: str = "",
    suspended: Collection[str] = (),
) -> tuple[Fragment, ...]:
    """List the playbook's fragments, marking those whose template's hash is in `approved`.

    What expired before `today` (YYYY-MM-DD) is not approved any more, nor what stands on a fact
    that moved since (`suspended`, by the id of its base), nor the translation of either.
    """
    return tuple(
        Fragment(
            one.id,
            one.kind,
            one.text,
            one.sha256,
            _stands(one, approved, today) and one.base not in suspended,
            base=one.base,
            language=one.language,
            relies=one.relies,
        )
        for one in words_of(playbook)
    )


def _stands(one: Wording, approved: Collection[str], today: str) -> bool:
    both = one.sha256 in approved and (not one.language or one.source_sha256 in approved)
    return both and not (today and one.until < today)


def fact_labels(playbook: Playbook) -> dict[str, str]:
    """Return what the blanks of the playbook's facts are called: `fact.<id>` to label."""
    return {f"fact.{fact.id}": fact.label for fact in playbook.facts}


def render(
    fragment: Fragment,
    values: Mapping[str, str],
    may_fill: Collection[str],
    labels: Mapping[str, str] | None = None,
) -> Filled:
    """Fill a fragment with what may vary inside approved words, leaving the rest as blanks.

    `may_fill` names the facts that are known and may fill, as `fact.<id>` or `<id>`. The handle
    fills the greeting only, and only when it looks like one; `time` has to be the draft's own.
    """
    return fill(fragment.template.strip(_SPACE), _allowed(fragment, values, may_fill), labels)


def _allowed(
    fragment: Fragment, values: Mapping[str, str], may_fill: Collection[str]
) -> dict[str, str]:
    facts = {name if name.startswith("fact.") else f"fact.{name}" for name in may_fill}
    allowed = {name: value for name, value in values.items() if name in facts | _OWN_VALUES}
    handle = values.get("handle", "")
    if fragment.kind == "greeting" and is_handle(handle):
        allowed["handle"] = handle
    return allowed


def cover(text: str, rendered: Iterable[Rendered], handle: str = "") -> Cover:
    """Find the fragments that stand unchanged in a text so that the fewest words stay free.

    A fragment counts only byte for byte and between white space (or the text's ends). A leading
    `@handle` of the person replied to is an address, not words. Of covers that leave equally
    little, the one with the fewest fragments wins, then the longest first, then the order given.
    """
    used = _best(text, sorted(_places(text, rendered, handle), key=lambda use: use.start))
    words = tuple(use for use in used if use.id != _ADDRESS)
    return Cover(words, tuple(_gaps(text, used)))


def _places(text: str, rendered: Iterable[Rendered], handle: str) -> Iterator[Use]:
    address = f"@{handle.removeprefix('@')}"
    if is_handle(handle) and text.lstrip(_SPACE).startswith(address):
        yield from (
            use for use in _stand(text, address, _ADDRESS) if not text[: use.start].strip(_SPACE)
        )
    for part in rendered:
        yield from _stand(text, part.text.strip(_SPACE), part.id)


def _stand(text: str, words: str, id_: str) -> Iterator[Use]:
    start = text.find(words) if words else -1
    while start >= 0:
        end = start + len(words)
        if text[start - 1 : start] in _SPACE and text[end : end + 1] in _SPACE:
            yield Use(id_, start, end)
        start = text.find(words, start + 1)


def _best(text: str, places: Sequence[Use]) -> list[Use]:
    """Choose places that do not overlap, by dynamic programming from the end of the text."""
    cuts = sorted({0, len(text)}.union(*((use.start, use.end) for use in places)))
    starting: dict[int, list[Use]] = {}
    for use in places:
        starting.setdefault(use.start, []).append(use)
    best: dict[int, tuple[int, int]] = {len(text): (0, 0)}  # free words, fragments
    choice: dict[int, Use | None] = {}
    for here, after in reversed(list(pairwise(cuts))):
        skip = sum(char not in _SPACE for char in text[here:after])
        free, count = best[after]
        options: list[tuple[int, int, int, Use | None]] = [(free + skip, count, 0, None)]
        for use in starting.get(here, ()):
            free, count = best[use.end]
            options.append((free, count + 1, here - use.end, use))
        winner = min(options, key=lambda option: option[:3])
        best[here], choice[here] = winner[:2], winner[3]
    return _walk(cuts, choice)


def _walk(cuts: Sequence[int], choice: Mapping[int, Use | None]) -> list[Use]:
    used: list[Use] = []
    reached = 0
    for cut in cuts:
        use = choice.get(cut)
        if use is not None and cut >= reached:
            used.append(use)
            reached = use.end
    return used


def _gaps(text: str, used: Sequence[Use]) -> Iterator[Span]:
    edges = [0, *(edge for use in used for edge in (use.start, use.end)), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        words = text[start:end].strip(_SPACE)
        if words:
            start = text.index(words, start)
            yield Span(start, start + len(words), words)


def verdict(
    text: str,
    playbook: Playbook,
    approved_hashes: Collection[str],
    values: Mapping[str, str],
    may_fill: Collection[str],
    today: str = "",
    suspended: Collection[str] = (),
) -> ReplyCheck:
    """Say which words of a reply are approved, and whether the playbook wants the rest approved.

    Words whose template nobody approved (or that expired) are free words; they are named too.
    """
    labels = fact_labels(playbook)
    known: list[Rendered] = []
    other: list[Rendered] = []
    for fragment in fragments(playbook, approved_hashes, today, suspended):
        words = render(fragment, values, may_fill, labels).text
        (known if fragment.approved else other).append(Rendered(fragment.id, words))
    covered = cover(text, known, values.get("handle", ""))
    lapsed = (use.id for span in covered.free for use in cover(span.text, other).used)
    return ReplyCheck(
        free=covered.free,
        used=tuple(dict.fromkeys(use.id for use in covered.used)),
        needs_approval=bool(covered.free) and bool(playbook.reply_approval),
        unapproved=tuple(dict.fromkeys(lapsed)),
    )

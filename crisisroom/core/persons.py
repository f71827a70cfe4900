"""Finding one person, or a thousand, in any text: by handle, name, mail, phone, link or words.

A person is found however they are spelt: in another case, with or without accents, full-width,
with invisible signs between, percent-encoded, a handle with or without its @ and its server. What
is found are whole words: `Al` is not in Alabama.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from crisisroom.core.handles import bridged, handle_key
from crisisroom.core.phones import digits, same
from crisisroom.core.plainly import plain_of, unspaced
from crisisroom.core.timeline import ERASED

QUOTED = 8  # words in a row that are somebody's and not said by chance
_LEAST_QUOTED = 5  # words of a whole post that is as short
_LEAST_TOLD = 3  # words of a title that was cut out of a post
_APART = 3  # signs between two words of a name or a link
_LEAST_PHONE = 6  # digits

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d(?:[ ./()-]{0,3}\d){5,}")
_GROUP = re.compile(r"\d+")
_SERVER = re.compile(r"@([\w-]+(?:\.[\w-]+)+)")
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:www\.)?", re.IGNORECASE)

Kind = Literal["handle", "name", "mail", "phone", "link", "id"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to find: any of what they are known by; `source` is where the handle is theirs.

    `posts` are addresses and ids of what they wrote, `words` what they wrote. With `bare` false the
    handle counts only with its @, or in a link.
    """

    handle: str = ""
    source: str = ""
    names: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    bare: bool = True

    @property
    def known(self) -> bool:
        """Whether there is anything to find them by."""
        return any((self.handle, self.names, self.mails, self.phones, self.links))


class Found(msgspec.Struct, frozen=True):
    """Where a text names a person (character offsets), and which of those looked for it is."""

    start: int
    end: int
    who: int
    kind: Kind


class _Form(msgspec.Struct, frozen=True):
    """One way to spell somebody, as the words it is made of."""

    words: tuple[str, ...]
    whole: str  # letter for letter where it has to be; empty: with any signs between
    who: int
    kind: Kind
    server: str = ""  # of a handle, where it is known


class Finder:
    """Finds persons in texts; what it costs depends on the text, hardly on how many they are.

    `ours` are our own published words: who quotes us is not quoted by us.
    """

    def __init__(self, persons: Sequence[Person], *, ours: Iterable[str] = ()) -> None:
        self.persons = tuple(persons)
        self._forms: dict[str, list[_Form]] = {}
        self._unspaced: dict[str, list[_Form]] = {}
        self._phones: dict[str, list[tuple[str, int]]] = {}
        self._runs: dict[tuple[str, ...], set[int]] = {}
        self._begin: set[tuple[str, ...]] = set()  # the first two words of those
        self._lengths: set[int] = set()
        self._said: dict[int, str] = {}
        for who, person in enumerate(self.persons):
            self._learn(who, person)
        self._forget_ours(ours)

    def _learn(self, who: int, person: Person) -> None:
        self._learn_handle(who, person.handle)
        for mail in person.mails:
            self._take(mail, who, "mail")
        for name in person.names:
            self._take(name, who, "name")
            parts = _words(plain_of(name).text)
            if len(parts) == 2:  # Doe, Pat
                self._put(_Form((parts[1], parts[0]), "", who, "name"))
        for link in (*person.links, *person.posts):
            self._take(_SCHEME.sub("", link.strip()), who, "link" if "/" in link else "id")
        for phone in person.phones:
            key = digits(phone.replace("(0)", "")).lstrip("0")
            if len(key) >= _LEAST_PHONE:
                self._phones.setdefault(key[-_LEAST_PHONE:], []).append((phone, who))
        self._learn_words(who, person.words)

    def _learn_handle(self, who: int, handle: str) -> None:
        key = handle_key(handle)
        name, _, server = key.partition("@")
        words = _words(name)
        if words:
            self._put(_Form(words, _between(name), who, "handle", server), name)
        if server:
            self._take(key, who, "mail")
            self._take(bridged(key), who, "mail")

    def _take(self, text: str, who: int, kind: Kind) -> None:
        plain = plain_of(text.strip()).text.strip()
        words = _words(plain)
        if words:
            self._put(_Form(words, _between(plain) if kind == "id" else "", who, kind), plain)

    def _put(self, form: _Form, plain: str = "") -> None:
        if plain and unspaced(plain):
            self._unspaced.setdefault(plain[:2], []).append(
                msgspec.structs.replace(form, whole=plain)
            )
        else:
            self._forms.setdefault(form.words[0], []).append(form)

    def _learn_words(self, who: int, texts: Iterable[str]) -> None:
        posts = [_words(plain_of(text).text) for text in texts]
        for words in posts:
            if len(words) >= _LEAST_QUOTED:
                length = min(len(words), QUOTED)
                self._lengths.add(length)
                for at in range(len(words) - length + 1):
                    self._runs.setdefault(words[at : at + length], set()).add(who)
                    self._begin.add(words[at : at + 2])
        if posts:
            self._said[who] = "\n".join(f" {' '.join(words)} " for words in posts)

    def _forget_ours(self, ours: Iterable[str]) -> None:
        for text in ours if self._runs else ():
            for run in self._runs_of(_words(plain_of(text).text)):
                self._runs.pop(run, None)

    def _runs_of(self, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for at, two in enumerate(pairwise(words)):
            if two in self._begin:
                yield from (words[at : at + length] for length in self._lengths)

    def named(self, text: str) -> tuple[Found, ...]:
        """Return where a text names one of them, in order of place."""
        plain = plain_of(text)
        return tuple(
            sorted(
                (
                    Found(*plain.span(one.start, one.end), one.who, one.kind)
                    for one in self._found(plain.text)
                ),
                key=lambda one: (one.start, one.end),
            )
        )

    def _found(self, plain: str) -> Iterator[Found]:
        """Yield who is named in a plain text, with places in that."""
        spans = [(match.start(), match.end()) for match in _WORD.finditer(plain)]
        words = [plain[start:end] for start, end in spans]
        yield from self._spelt(plain, words, spans)
        if self._unspaced and unspaced(plain):
            yield from self._within(plain)
        if self._phones:
            yield from self._numbers(plain)

    def _spelt(
        self, plain: str, words: Sequence[str], spans: Sequence[tuple[int, int]]
    ) -> Iterator[Found]:
        for at, word in enumerate(words):
            for form in self._forms.get(word, ()):
                last = at + len(form.words)
                if tuple(words[at:last]) != form.words:
                    continue
                start, end = spans[at][0], spans[last - 1][1]
                if not _joined(plain, spans[at:last], form.whole):
                    continue
                if form.kind == "name" and "_" in plain[max(0, start - 1) : end + 1]:
                    continue  # somebody's handle, which is no name
                if form.kind != "handle":
                    yield Found(start, end, form.who, form.kind)
                elif whole := self._as_handle(plain, start, end, form):
                    yield Found(*whole, form.who, "handle")

    def _as_handle(self, plain: str, start: int, end: int, form: _Form) -> tuple[int, int] | None:
        """Return the whole handle that stands there, None where it is part of another one."""
        if plain[end : end + 1] == "_" or plain[max(0, start - 1) : start] == "_":
            return None
        marked = plain[max(0, start - 1) : start] == "@"
        linked = plain[max(0, start - 1) : start] == "/"
        if not (marked or linked or self.persons[form.who].bare):
            return None
        if server := _SERVER.match(plain, end):
            if form.server and server[1] != form.server:
                return None
            end = server.end()
        return start - marked, end

    def _within(self, plain: str) -> Iterator[Found]:
        """Yield what is written without spaces between words, wherever it stands."""
        for at in range(len(plain)):
            for form in self._unspaced.get(plain[at : at + 2], ()):
                if plain.startswith(form.whole, at):
                    yield Found(at, at + len(form.whole), form.who, form.kind)

    def _numbers(self, plain: str) -> Iterator[Found]:
        for run in _NUMBER.finditer(plain):
            groups = [match.span() for match in _GROUP.finditer(plain, *run.span())]
            for first, (start, _) in enumerate(groups):
                for _, end in groups[first:]:
                    key = digits(plain[start:end].replace("(0)", "")).lstrip("0")
                    for phone, who in self._phones.get(key[-_LEAST_PHONE:], ()):
                        if same(plain[start:end], phone):
                            plus = plain[max(0, start - 1) : start] == "+"
                            yield Found(start - plus, end, who, "phone")

    def quoted(self, text: str) -> frozenset[int]:
        """Return who is quoted in a text: by a whole short post, or many words in a row."""
        return self._quoted(plain_of(text).text) if self._runs else frozenset()

    def _quoted(self, plain: str) -> frozenset[int]:
        words = _words(plain)
        found: set[int] = set()
        for run in self._runs_of(words):
            found |= self._runs.get(run, set())
        return frozenset(found)

    def told(self, title: str, among: Iterable[int]) -> frozenset[int]:
        """Return out of whose posts, of those `among`, a title was cut."""
        words = _words(plain_of(title.rstrip("… ")).text)
        if len(words) < _LEAST_TOLD:
            whole = f" {' '.join(words)} "
            return frozenset(
                who for who in among if whole in self._said.get(who, "").split("\n") and words
            )
        cut = " ".join(words)
        return frozenset(who for who in among if f" {cut}" in self._said.get(who, ""))

    def who(self, text: str, *, quotes: bool = True) -> frozenset[int]:
        """Return everybody whom a text names, or with `quotes` quotes."""
        if not text or text == ERASED:
            return frozenset()
        plain = plain_of(text).text
        named = frozenset(one.who for one in self._found(plain))
        return named | self._quoted(plain) if quotes and self._runs else named

    def without(self, text: str) -> str:
        """Return the text with `[erased]` wherever it names one of them."""
        parts: list[str] = []
        done = 0
        for one in self.named(text):
            if one.end > done:
                if one.start >= done:
                    parts += (text[done : one.start], ERASED)
                done = one.end
        return "".join((*parts, text[done:]))


def _words(plain: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(plain))


def _between(plain: str) -> str:
    """Return a text from its first word to the end of its last."""
    spans = [match.span() for match in _WORD.finditer(plain)]
    return plain[spans[0][0] : spans[-1][1]]


def _joined(plain: str, spans: Sequence[tuple[int, int]], whole: str) -> bool:
    """Tell whether words stand together as one name, or letter for letter as `whole`."""
    if whole:
        return plain[spans[0][0] : spans[-1][1]] == whole
    return all(
        after[0] - before[1] <= _APART and "\n" not in plain[before[1] : after[0]]
        for before, after in pairwise(spans)
    )

"""The query language as the networks speak it: what to search for there.

A network's search may be broader than the query, never narrower, but for the languages it tells
apart itself: what comes is matched again here (`core.watchlist`). So what a network does not know
is left out: most know no `*`, many no exclusions; and what is too long for one is shortened. Where
there is no OR, each alternative is a search of its own. Whatever is more than letters and digits
goes in quotes, without a quote or a backslash inside, so that nothing a configuration says becomes
an operator there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from crisisroom.core.watchquery import Atom, Query, as_written

_PLAIN = re.compile(r"\w+")
_HANDLE = re.compile(r"[a-z0-9._-]+(?:@[a-z0-9.-]+)?")
_X_NAME = re.compile(r"[a-z0-9_]{1,15}")
_X_TAG = re.compile(r"\w*[^\W\d_]\w*")
_BREAKING = re.compile(r'["\\\x00-\x1f\x7f]+')
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_OPERATORS = frozenset({"or", "and", "not", "near"})
_LONGEST = 90  # characters of a phrase: longer ones find nothing more
_GDELT_NAMES = """
    ar:arabic bg:bulgarian cs:czech da:danish de:german el:greek en:english es:spanish
    fi:finnish fr:french he:hebrew hi:hindi hu:hungarian id:indonesian it:italian
    ja:japanese ko:korean nl:dutch no:norwegian pl:polish pt:portuguese ro:romanian
    ru:russian sv:swedish th:thai tr:turkish uk:ukrainian vi:vietnamese zh:chinese
"""
_GDELT = dict(pair.split(":") for pair in _GDELT_NAMES.split())

Say = Callable[[Atom, str], str]
"""How a network says an atom that a person wrote like this; nothing where it cannot."""


def as_bluesky(query: Query, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return `q` of app.bsky.feed.searchPosts, one an alternative.

    Its lexicon leaves the syntax open and gives no length (300 is ours); phrases, #tags,
    `mentions:` and `lang:` are those of the network's own help. It takes one language; several are
    told apart here.
    """
    spoken = _spoken(languages)
    after = f" lang:{spoken[0]}" if len(spoken) == 1 else ""
    return _each(query, _bluesky, 300, after)


def as_mastodon(query: Query, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return `q` of /api/v2/search, one an alternative; 300 characters, which is our own bound.

    Only servers with full-text search answer it, and it says phrases, #tags and -; the language is
    told apart here. `hashtags` is for the others.
    """
    del languages
    return _each(query, _tagged, 300, _minus(query, 120))


def hashtags(query: Query) -> tuple[str, ...]:
    """Return the tags whose timelines tell of a query: its tags, and its single words."""
    alone = [every[0] for every in query.any_of if len(every) == 1]
    fits = (one for one in alone if one.kind != "handle" and _PLAIN.fullmatch(one.text))
    return tuple(dict.fromkeys(one.text for one in fits))


def as_hackernews(query: Query, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return `query` of the Algolia search for `advancedSyntax=true`, one an alternative.

    Algolia takes 512 bytes and knows phrases and -, no OR and no languages.
    """
    del languages
    return _each(query, _word, 512, _minus(query, 200), size=lambda text: len(text.encode()))


def as_stackexchange(query: Query, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return `q` of /search/advanced (or `title`), one an alternative.

    The API calls its matching undocumented; phrases are what its sites know. 240 characters are
    our own bound.
    """
    del languages
    return _each(query, _word, 240)


def as_discourse(query: Query, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return `q` of /search.json, one an alternative; 200 characters, which is our own bound.

    A forum knows phrases, and no OR or exclusions; #, @ and words with a colon are filters there,
    so that they are said in quotes.
    """
    del languages
    return _each(query, _word, 200)


def as_x(query: Query, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return `query` of the recent search, or rules of the filtered stream; without reposts.

    Self-serve access takes 512 characters; words beside each other bind closer than OR, and so
    each alternative is in brackets.
    """
    lang = [f"lang:{one}" for one in _spoken(languages)[:8]]
    after = f"{_beside(_either(lang))} -is:retweet"
    gone = [part for atom in query.without for part in _x_without(atom, query)]
    return _together(query, _x, 512, _cut(gone, 200) + after)


def as_reddit(query: Query, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return `q` of a search: OR, NOT, phrases and brackets; it takes 512 characters."""
    del languages
    gone = [f"NOT {_word(atom, _raw(query, atom))}" for atom in _nameless(query)]
    return _together(query, _word, 512, _cut(gone, 200))


def as_gdelt(query: Query, languages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return `query` of the DOC 2.0 search.

    Brackets may hold words or phrases with OR between them and nothing else, so that an
    alternative of several is a search of its own. It refuses words under three letters, which are
    left out, and long queries; 250 characters are within what it takes. The language is asked for
    where it has a name for each of them.
    """
    spoken = _spoken(languages)
    names = [f"sourcelang:{_GDELT[one]}" for one in spoken if one in _GDELT]
    lang = _beside(_either(names)) if len(names) == len(spoken) <= 3 else ""
    single = tuple(every for every in query.any_of if len(every) == 1)
    several = tuple(every for every in query.any_of if len(every) > 1)
    after = _minus(query, 60, _gdelt) + lang
    joined = _together(Query(query.text, single), _gdelt, 250, after)
    return (*joined, *_each(Query(query.text, several), _gdelt, 250, after))


def _each(
    query: Query, say: Say, most: int, after: str = "", *, size: Callable[[str], int] = len
) -> tuple[str, ...]:
    """Return a search for each alternative, in every way its words are written."""
    found: dict[str, None] = {}
    for every in _fewest(query.any_of):
        forms = [_forms(query, atom, say) for atom in every]
        for turn in range(max(map(len, forms), default=0)):
            parts = [form[min(turn, len(form) - 1)] for form in forms if form]
            while len(parts) > 1 and size(" ".join(parts) + after) > most:
                parts.pop()
            found[" ".join(parts) + after] = None
    return tuple(found)


def _together(query: Query, say: Say, most: int, after: str) -> tuple[str, ...]:
    """Return as few searches as the length allows, alternatives joined by OR."""
    room = most - len(after)
    units = [unit for every in _fewest(query.any_of) for unit in _units(query, every, say, room)]
    found: list[list[str]] = []
    for unit in dict.fromkeys(units):
        if found and len(_either([*found[-1], unit])) <= room:
            found[-1].append(unit)
        else:
            found.append([unit])
    return tuple(_either(some) + after for some in found)


def _units(query: Query, every: tuple[Atom, ...], say: Say, room: int) -> list[str]:
    """Return an alternative as parts of an OR: the ways of one thing, or all of several at once."""
    forms = [form for atom in every if (form := _forms(query, atom, say))]
    if len(forms) < 2:
        return forms[0] if forms else []
    parts: list[str] = []
    for form in forms:
        ways = (_either(form), form[0])
        fits = (way for way in ways if len(" ".join([*parts, way])) <= room - 2)
        parts += islice(fits, 1)
    return [f"({' '.join(parts)})"]


def _either(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})" if parts else ""


def _beside(part: str) -> str:
    return f" {part}" if part else ""


def _forms(query: Query, atom: Atom, say: Say) -> list[str]:
    """Return how an atom is said: as written, without its accents, hyphens and apostrophes."""
    raw = _raw(query, atom)
    ways = [raw, atom.text]
    if atom.kind == "words":
        ways += [atom.text.replace("'", ""), atom.text.replace("-", "")]
    said = (say(atom, _brief(way)) for way in dict.fromkeys(ways))
    return [text for text in dict.fromkeys(said) if text]


def _raw(query: Query, atom: Atom) -> str:
    return as_written(query).get(atom.text, atom.text).lower()


def _brief(text: str) -> str:
    """Return the beginning of a phrase, with nothing in it that ends quotes."""
    plain = " ".join(_BREAKING.sub(" ", text).split())
    if len(plain) <= _LONGEST:
        return plain
    whole, space, _ = plain[: _LONGEST + 1].rpartition(" ")
    return whole if space else plain[:_LONGEST]


def _word(atom: Atom, text: str) -> str:
    """Say a thing as bare words; a tag or a handle is a word as well."""
    del atom
    bare = _PLAIN.fullmatch(text) and text not in _OPERATORS
    return text if bare or not text else f'"{text}"'


def _tagged(atom: Atom, text: str) -> str:
    if atom.kind == "tag":
        return f"#{text}"
    return f'"@{text}"' if atom.kind == "handle" else _word(atom, text)


def _bluesky(atom: Atom, text: str) -> str:
    if atom.kind == "handle" and "." in text and _HANDLE.fullmatch(text) and "@" not in text:
        return f"mentions:{text}"
    return _tagged(atom, text)


def _x(atom: Atom, text: str) -> str:
    if atom.kind == "handle" and _X_NAME.fullmatch(text):
        return f"@{text}"
    if atom.kind == "tag" and _X_TAG.fullmatch(text):
        return f"#{text}"
    return _word(atom, text)


def _x_without(atom: Atom, query: Query) -> Iterator[str]:
    said = "" if atom.prefix else _x(atom, _brief(_raw(query, atom)))
    if said:
        yield f"-{said}"
    if said.startswith("@"):
        yield f"-from:{atom.text}"


def _gdelt(atom: Atom, text: str) -> str:
    return _word(atom, text) if len(text) >= 3 else ""


def _nameless(query: Query) -> Iterable[Atom]:
    """Return the exclusions that every network reads alike: whole words, no names."""
    return (atom for atom in query.without if atom.kind == "words" and not atom.prefix)


def _minus(query: Query, most: int, say: Say = _word) -> str:
    said = (say(atom, _brief(_raw(query, atom))) for atom in _nameless(query))
    return _cut([f"-{text}" for text in said if text], most)


def _cut(parts: Iterable[str], most: int) -> str:
    """Return the first parts that fit; what is left out there is still left out here."""
    text = ""
    for part in dict.fromkeys(parts):
        if len(text) + len(part) < most:
            text += f" {part}"
    return text


def _fewest(any_of: Sequence[tuple[Atom, ...]]) -> list[tuple[Atom, ...]]:
    """Return the alternatives without those another one finds as well."""
    kept: list[tuple[Atom, ...]] = []
    for every in sorted(any_of, key=lambda one: sum(len(atom.text) for atom in one)):
        if not any(all(any(_within(a, b) for b in every) for a in one) for one in kept):
            kept.append(every)
    return sorted(kept, key=any_of.index)


def _within(one: Atom, other: Atom) -> bool:
    """Tell whether whoever says the other says this one, by whole words."""
    if one == other:
        return True
    both = one.kind == other.kind == "words" and not one.prefix and not other.prefix
    return both and f" {one.text} " in f" {other.text} "


def _spoken(languages: Sequence[str]) -> list[str]:
    """Return the languages' first parts: `pt` of pt-BR, which is all that networks know."""
    first = (one.partition("-")[0].lower() for one in languages)
    return [one for one in dict.fromkeys(first) if _LANGUAGE.fullmatch(one)]

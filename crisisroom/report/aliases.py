"""Standing in for people in a text: by whatever they are called, and by numbers and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from crisisroom.core import personal
from crisisroom.core.persons import Finder, Person
from crisisroom.core.phones import digits
from crisisroom.core.plainly import Plain, plain_of, unspaced
from crisisroom.text.links import safe_url

SHORT = 3  # shorter names are common words: they are left out as a whole handle only
GONE = "[left out]"

_URL = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:|acct:|tel:)[^\s<>\"]+"
    r"|(?<![\w@.-])(?:[a-z0-9-]++\.)+[a-z]{2,}/[^\s<>\"]*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[/?=&#:;]")  # what parts a link
_PAGE = re.compile(r"[^/]+\.[^/]+/[^/]")  # more than a whole site
_POST = re.compile(r"(?=.*[^0-9.]).{8,}", re.DOTALL)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(?:www\.)?|^www\.", re.IGNORECASE)
_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9]")
_NUMBERS = ("mail", "phone", "card", "iban")
_SENTENCE = """
    about after all and any are because been before but can did does for from get had has have her
    here him his how into its just let like may more most much must not now off one only other our
    out over she should some such than thank thanks that the their them then there these they this
    those too under very was were what when where which while who why will with would yes you your
    aber als auch auf aus bei bin bis das dass dem den der des die dir doch durch ein eine einen
    einer eines er es für hat ich ihr ihre im in ist kann kein mit nach nicht noch nur oder sehr
    sein sich sie sind so über um und uns von vor war was wenn wer wie wir wird zu zum zur
"""
_COMMON = frozenset(_SENTENCE.split())
"""Words of which a sentence is made: a handle that is one is left out with its @ alone."""

Span = tuple[int, int, str]
"""Where somebody is named in a text (character offsets), and the stand-in for them."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, the stand-in for them, and the addresses that lead to them or their posts."""

    person: Person
    called: str
    addresses: tuple[str, ...] = ()


class Names:
    """Puts stand-ins for everybody who is named in a text.

    Mail addresses, phone, card and account numbers of whom nobody knows go too, but for those that
    stand in the texts of `ours`.
    """

    def __init__(self, known: Iterable[Known], ours: Iterable[str] = ()) -> None:
        everybody = tuple(known)
        self._finder = Finder([one.person for one in everybody])
        self._called = [one.called for one in everybody]
        self._pages: dict[str, str] = {}
        for one in everybody:
            for address in one.addresses:
                self._pages.setdefault(_address(address), one.called)
        self._ours = {_key(said) for text in ours for _, _, said in _numbers(plain_of(text))}

    def replaced(self, text: str) -> str:
        """Return the text with a stand-in for everybody who is named in it."""
        parts: list[str] = []
        done = 0
        for start, end, stand_in in self._spans(text):
            parts += (text[done:start], stand_in)
            done = end
        return "".join((*parts, text[done:])) if done else text

    def names(self, text: str) -> bool:
        """Tell whether anybody is named in the text, also somebody nobody knows."""
        return next(self._spans(text), None) is not None

    def knows(self, text: str) -> bool:
        """Tell whether somebody who is known is named in the text."""
        linked = next(self._linked(plain_of(text)), None)
        return linked is not None or next(iter(self._finder.named(text)), None) is not None

    def _spans(self, text: str) -> Iterator[Span]:
        """Yield the places, none inside another; the longest of those that begin together."""
        plain = plain_of(text)
        named = [(one.start, one.end, self._called[one.who]) for one in self._finder.named(text)]
        named += self._linked(plain)
        named += [one for one in self._others(plain) if not _overlaps(one, named)]
        done = 0
        for start, end, stand_in in sorted(
            _whole_links(text, plain, named), key=lambda one: (one[0], -one[1])
        ):
            if start >= done:
                yield start, end, stand_in
                done = end
            elif end > done:  # what sticks out of the one before goes with it
                yield done, end, ""
                done = end

    def _linked(self, plain: Plain) -> Iterator[Span]:
        """Yield links to people's pages and posts, and to what is below these."""
        for link in _URL.finditer(plain.text):
            known = next(filter(self._pages.get, _above(_address(link[0]))), "")
            if known:
                yield *plain.span(*link.span()), self._pages[known]
        for did in _DID.finditer(plain.text) if "did:" in plain.text else ():
            if called := self._pages.get(did[0]):
                yield *plain.span(*did.span()), called

    def _others(self, plain: Plain) -> Iterator[Span]:
        """Yield numbers and addresses of people nobody knows."""
        for start, end, said in _numbers(plain):
            if _key(said) not in self._ours:
                yield *plain.span(start, end), GONE


def _address(url: str) -> str:
    """Return a link as it is compared: without its scheme."""
    return _SCHEME.sub("", plain_of(url.strip()).text).rstrip("/")


def _above(address: str) -> Iterator[str]:
    """Yield an address and those it lies under, the longest first."""
    while address:
        yield address
        shorter = address.rstrip(".,;:!?)]}'\"*…»”’/")
        if shorter == address:
            shorter = address[: max(address.rfind(sign) for sign in "/?#") + 1].rstrip("/?#")
        address = shorter


def _overlaps(one: Span, others: Sequence[Span]) -> bool:
    return any(one[0] < end and start < one[1] for start, end, _ in others)


def _numbers(plain: Plain) -> Iterator[Span]:
    """Yield where numbers and addresses of persons stand in a plain text, and each as it is."""
    text = plain.text
    if "@" in text or any(map(str.isdigit, text)):
        for hit in (*personal.find(text), *_in_links(text)):
            if hit.kind in _NUMBERS:
                yield hit.start, hit.end, text[hit.start : hit.end]


def _in_links(text: str) -> Iterator[personal.Hit]:
    """Yield addresses and numbers in links; digits alone are somebody's page there, not a phone."""
    links = [match.span() for match in _URL.finditer(text)]
    if links:
        parted = _URL.sub(lambda match: _BETWEEN.sub(" ", match[0]), text)
        for hit in personal.find(parted):
            inside = any(start <= hit.start < end for start, end in links)
            if inside and (hit.kind == "mail" or parted.startswith(("+", "00"), hit.start)):
                yield hit


def way_to_reach(text: str) -> bool:
    """Tell whether a text is a mail address or a phone number, and nothing else."""
    plain = plain_of(text.strip())
    return any((start, end) == (0, len(plain.text)) for start, end, _ in _numbers(plain))


def _key(said: str) -> str:
    return "".join(filter(str.isalnum, said)).lstrip("0")


def _whole_links(text: str, plain: Plain, named: Sequence[Span]) -> Iterator[Span]:
    """Yield the places; a link in which somebody is named goes as a whole."""
    links = {match.span() for match in _URL.finditer(text)} if named else set()
    if named:
        links |= {plain.span(*match.span()) for match in _URL.finditer(plain.text)}
    for start, end, stand_in in named:
        around = [link for link in links if link[0] < end and start < link[1]]
        yield (
            min(start, *(link[0] for link in around)) if around else start,
            max(end, *(link[1] for link in around)) if around else end,
            stand_in,
        )


def telling(name: str) -> bool:
    """Tell whether a bare name says who somebody is, and is not just a word of a sentence."""
    plain = plain_of(name).text.strip()
    least = SHORT - 1 if unspaced(plain) else SHORT
    return len(plain) >= least and any(map(str.isalnum, plain)) and plain not in _COMMON


def stranger(called: str, handle: str, names: Iterable[str], addresses: Iterable[str]) -> Known:
    """Return what a stranger is known by; `addresses` are links and ids of their posts."""
    every = tuple(addresses)
    pages = [url for one in every if (url := safe_url(one)) and _PAGE.match(url.split("//")[1])]
    posts = [one for one in every if "/" in one and _POST.fullmatch(one) and not safe_url(one)]
    dids = [did for one in every for did in _DID.findall(one)]
    bare = telling(handle.lstrip("@").partition("@")[0])
    person = Person(handle=handle, names=tuple(filter(telling, names)), bare=bare)
    return Known(person=person, called=called, addresses=(*pages, *posts, *dids))


def reached(called: str, names: Iterable[str], ways: Iterable[str]) -> Known:
    """Return what somebody is known by who is reached by numbers and addresses."""
    every = tuple(ways)
    mails = tuple(one for one in every if "@" in one)
    phones = tuple(one for one in every if one not in mails and len(digits(one)) > SHORT)
    rest = [one for one in every if one not in mails and one not in phones and telling(one)]
    person = Person(names=(*filter(telling, names), *rest), mails=mails, phones=phones)
    return Known(person=person, called=called)

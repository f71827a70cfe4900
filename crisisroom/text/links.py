"""Links as they are: the real host in plain ASCII, and what is odd about it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

import msgspec

from crisisroom.text.chars import DROPPED, HIDDEN
from crisisroom.text.display import clean_line
from crisisroom.text.spoof import mixed_scripts, unpuny

NOT_WEB = "not a web link"
HIDDEN_CHARACTERS = "hidden characters"
USER_PART = "a name before the @ that is not the site"
BARE_ADDRESS = "a bare address, not a name"
FOREIGN_LETTERS = "letters beyond a to z in the site's name"
MIXED_LETTERS = "letters of several alphabets in one word"
NO_SITE = "no readable site"
UNSOUND = "signs that no web link has"

_MOST_LINKS = 100
_MOST_URL = 4096
_MOST_HOST = 253

_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(?://([^/?#]*))?(.*)", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_\-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_IPV6 = re.compile(r"\[[0-9a-f:.]{2,45}\]", re.IGNORECASE)
_PORT = re.compile(r"(.*?)(?::([0-9]{0,5}))?", re.DOTALL)
_FOUND = re.compile(
    r"(?<![a-z0-9])(?:[a-z][a-z0-9+.\-]{1,20}://|www\.)[^\s<>\"`，。！？；：、「」『』（）《》【】]+",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'*…»”’)]}"
_ODD_GAPS = re.compile(r"[^\S ]|\\")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_URL_SAFE = "/:@!$&()*+,;=?#%-._~"


class Link(msgspec.Struct, frozen=True):
    """A link for a person to judge: all four are safe to show, `shown` leads with the real host.

    `url` is what would be opened, or the cleaned words of what would not; `host` is lower-case
    ASCII, empty where there is none.
    """

    url: str
    host: str
    shown: str
    warnings: tuple[str, ...] = ()


class _Parts(msgspec.Struct, frozen=True):
    """A link taken apart as browsers do it; `rest` is the path and all after it."""

    scheme: str
    user: str
    host: str
    port: str
    rest: str

    @property
    def is_web(self) -> bool:
        return self.scheme in ("http", "https")


def safe_url(url: str) -> str | None:
    """Return a web link in plain ASCII, its user part left out, None if it is none or unsound."""
    text = url.strip(" \t\r\n")
    if len(text) > _MOST_URL or _has_hidden(text) or _ODD_GAPS.search(text):
        return None
    parts = _take_apart(text)
    host = _ascii_host(parts.host)
    if not parts.is_web or host is None or int(parts.port or 0) > 65535:
        return None
    port = f":{int(parts.port)}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{quote(parts.rest, safe=_URL_SAFE)}"


def describe_link(url: str) -> Link:
    """Return what a link really leads to and what is odd about it; never raises."""
    parts = _take_apart(url.strip(" \t\r\n")[:_MOST_URL])
    host = (_ascii_host(parts.host) or "") if parts.is_web else ""
    opened = safe_url(url)
    shown = opened.partition("://")[2] if opened else host + parts.rest if host else url
    warnings = _warnings(url, parts, host)
    if host and not opened:
        warnings.append(UNSOUND)
    return Link(
        url=opened or clean_line(url),
        host=host,
        shown=clean_line(shown, limit=200),
        warnings=tuple(warnings),
    )


def find_links(text: str) -> list[Link]:
    """Return the links written out in a text, in order, the first hundred at most."""
    found: list[Link] = []
    for match in _FOUND.finditer(text):
        if len(found) == _MOST_LINKS:
            break
        url = _without_trailing(match[0][: _MOST_URL + 1])
        found.append(describe_link(url if "://" in url else f"http://{url}"))
    return found


def _has_hidden(text: str) -> bool:
    return bool(HIDDEN.search(text) or DROPPED.search(text))


def _take_apart(url: str) -> _Parts:
    """Split a link; a backslash is a slash and the last `@` counts, as browsers have it."""
    match = _PARTS.fullmatch(url.replace("\\", "/"))
    if match is None:
        return _Parts("", "", "", "", url)
    user, _, place = (match[2] or "").rpartition("@")
    split = _PORT.fullmatch(place)
    host, port = (split[1], split[2]) if split else (place, "")
    return _Parts(match[1].lower(), user, host, port or "", match[3])


def _ascii_host(host: str) -> str | None:
    """Return a host as it is looked up, None if no name or address can be read from it."""
    if _IPV6.fullmatch(host):
        return host.lower()
    # As browsers do (UTS 46): compatible forms are one, all kinds of full stop divide, ß stays.
    name = unicodedata.normalize("NFKC", host).lower()
    name = unicodedata.normalize("NFC", name).replace("\u3002", ".").removesuffix(".")
    labels = [_ascii_label(label) for label in name.split(".")]
    whole = ".".join(labels)
    return whole if len(whole) <= _MOST_HOST and all(map(_LABEL.fullmatch, labels)) else None


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    if not all(unicodedata.category(char)[0] in "LMN" or char == "-" for char in label):
        return ""  # signs and emoji: some resolve, none are worth a responder's click
    return "xn--" + label.encode("punycode", "replace").decode("ascii")


def _warnings(url: str, parts: _Parts, host: str) -> list[str]:
    name = unpuny(host)
    found = {
        NOT_WEB: not parts.is_web,
        NO_SITE: parts.is_web and not host,
        HIDDEN_CHARACTERS: _has_hidden(url),
        USER_PART: bool(parts.user),
        BARE_ADDRESS: host.startswith("[") or bool(_NUMBER.fullmatch(host.rpartition(".")[2])),
        FOREIGN_LETTERS: not name.isascii() or "xn--" in host or not parts.host.isascii(),
        MIXED_LETTERS: mixed_scripts(name) or mixed_scripts(parts.host),
    }
    return [words for words, is_so in found.items() if is_so]


def _without_trailing(url: str) -> str:
    """Return the link without the punctuation of the sentence around it."""
    end = len(url)
    while end and url[end - 1] in _TRAILING:
        opening = _PAIRS.get(url[end - 1])
        if opening and url.count(opening, 0, end) >= url.count(url[end - 1], 0, end):
            break
        end -= 1
    return url[:end]

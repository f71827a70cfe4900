"""A mail as it came, read under caps: whoever wrote it may have meant to break its reader.

Only the first parts are looked at, headers and nesting are bounded, and every step takes time in
proportion to the size; the standard library's parser does not promise that.
"""

from __future__ import annotations

import binascii
import codecs
import hashlib
import quopri
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr

import msgspec

from crisisroom.core.mention import Media
from crisisroom.text.markup import html_text

_HEAD_CAP = 64 << 10  # bytes of headers
_VALUE_CAP = 2000  # characters of one header
_MOST_HEADERS = 400
_MOST_PARTS = 100
_DEEPEST = 8
_MOST_MEDIA = 16
_MOST_COMMENTS = 20
_CHARSET = re.compile(r"[A-Za-z0-9_.:+-]{1,40}")
_SLOW = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_IDS = re.compile(r"<([^<>\s]{1,900})>")
_ANSWERS = ("auto-replied", "auto-notified")
_KINDS = ("image", "audio", "video")


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail says. `thread` are the ids it answers to, the first of the thread first.

    `automatic` is an answer of a machine: out of office, a bounce. `bulk` went to many, or was
    written by a machine unasked: a newsletter, a list, an alarm.
    """

    id: str
    thread: tuple[str, ...] = ()
    subject: str = ""
    name: str = ""
    address: str = ""
    date: str = ""
    text: str = ""
    media: tuple[Media, ...] = ()
    automatic: bool = False
    bulk: bool = False


class _Part(msgspec.Struct, frozen=True):
    """One part of a mail that is not made of parts."""

    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str:
        kind = self.headers.get("content-type", "text/plain").partition(";")[0]
        return kind.strip().lower()

    @property
    def file(self) -> str:
        """The name of the file it is; empty for words."""
        says = _as_message(self.headers)
        return says.get_filename("") or ""

    @property
    def attached(self) -> bool:
        how = self.headers.get("content-disposition", "").strip().lower()
        return how.startswith("attachment") or bool(self.file)


def read_mail(data: bytes) -> Mail:
    """Return what a mail says; any bytes are a mail of some kind."""
    raw = data.replace(b"\r\n", b"\n")
    headers, body = _split(raw)
    parts = list(_parts(headers, body, 0, [_MOST_PARTS]))
    name, address = _author(headers.get("from", ""))
    kind = headers.get("content-type", "").strip().lower()
    return Mail(
        id=_id(headers.get("message-id", "")) or f"sha256:{hashlib.sha256(data).hexdigest()}",
        thread=_thread(headers),
        subject=_words(headers.get("subject", "")),
        name=name,
        address=address,
        date=headers.get("date", ""),
        text=_text(parts),
        media=tuple(_media(parts)),
        automatic=_automatic(headers, kind),
        bulk=_bulk(headers),
    )


def _split(raw: bytes) -> tuple[dict[str, str], bytes]:
    """Return the headers, of several of one name the first, and what comes after them."""
    raw = raw.lstrip(b"\n")
    end = raw.find(b"\n\n")
    head, body = (raw, b"") if end < 0 else (raw[:end], raw[end + 2 :])
    message = BytesHeaderParser().parsebytes(head[:_HEAD_CAP])
    headers: dict[str, str] = {}
    for name, value in list(message.raw_items())[:_MOST_HEADERS]:
        headers.setdefault(name.lower(), _readable(str(value)[:_VALUE_CAP]))
    return headers, body


def _readable(value: str) -> str:
    """Return a header on one line; bytes beyond ASCII are UTF-8 where they can be."""
    data = value.encode("utf-8", "surrogateescape")
    return " ".join(data.decode("utf-8", "replace").split())


def _parts(headers: dict[str, str], body: bytes, depth: int, left: list[int]) -> Iterator[_Part]:
    """Yield the parts that hold something, at most so many as are left."""
    says = _as_message(headers)
    boundary = says.get_boundary("") or ""
    if says.get_content_maintype() == "multipart" and boundary and depth < _DEEPEST:
        mark = b"\n--" + boundary.encode("utf-8", "surrogateescape")
        for section in (b"\n" + body).split(mark, _MOST_PARTS)[1:]:
            if section.startswith(b"--") or left[0] <= 0:
                return
            inner, rest = _split(section.partition(b"\n")[2])
            yield from _parts(inner, rest, depth + 1, left)
        return
    left[0] -= 1
    if left[0] >= 0:
        yield _Part(headers, body)


def _as_message(headers: dict[str, str]) -> Message:
    """Return the library's reading of what a part says about itself."""
    message = Message()
    for name in ("content-type", "content-disposition"):
        if name in headers:
            message[name] = headers[name]
    return message


def _text(parts: list[_Part]) -> str:
    """Return the words: plain ones where there are, else those of the HTML."""
    words = [one for one in parts if not one.attached]
    for kind in ("text/plain", "text/html"):
        for part in words:
            if part.type == kind and (text := _decoded(part).strip()):
                return text if kind == "text/plain" else html_text(text).strip()
    return ""


def _decoded(part: _Part) -> str:
    coding = part.headers.get("content-transfer-encoding", "").strip().lower()
    body = part.body
    if coding == "base64":
        body = _from_base64(body)
    elif coding == "quoted-printable":
        body = quopri.decodestring(body)
    return _in_charset(body, _as_message(part.headers).get_content_charset("") or "")


def _from_base64(body: bytes) -> bytes:
    """Return what base64 says up to where it breaks: a capped mail ends anywhere."""
    packed = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    try:
        return binascii.a2b_base64(packed[: len(packed) // 4 * 4] or b"")
    except binascii.Error:
        return b""


def _in_charset(body: bytes, charset: str) -> str:
    """Return text; a charset nobody knows is taken for UTF-8, then for Windows' Latin."""
    for name in (charset, "utf-8"):
        if not _CHARSET.fullmatch(name):
            continue
        try:
            if codecs.lookup(name).name.replace("-", "_") not in _SLOW:
                return body.decode(name)
        except (LookupError, ValueError):
            continue
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body) + "\ufffd"  # cut at its end
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _words(value: str) -> str:
    """Return a header's words, encoded or not."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    said = [one if isinstance(one, str) else _in_charset(one, code or "") for one, code in pieces]
    return " ".join("".join(said).split())


def _author(value: str) -> tuple[str, str]:
    if value.count("(") > _MOST_COMMENTS:  # the library goes into each comment of a comment
        value = value.replace("(", " ")
    name, address = parseaddr(value)
    return _words(name), address.strip()[:320]


def _id(value: str) -> str:
    found = _IDS.search(value)
    return found[1] if found else ""


def _thread(headers: dict[str, str]) -> tuple[str, ...]:
    known = _IDS.findall(headers.get("references", ""))
    answered = _id(headers.get("in-reply-to", ""))
    return tuple(dict.fromkeys([*known, *([answered] if answered else [])]))


def _automatic(headers: dict[str, str], kind: str) -> bool:
    said = headers.get("auto-submitted", "").strip().lower()
    report = kind.startswith("multipart/report") or headers.get("return-path", "") == "<>"
    precedence = headers.get("precedence", "").strip().lower()
    marked = precedence == "auto_reply" or "x-autoreply" in headers or "x-autorespond" in headers
    return said.startswith(_ANSWERS) or report or marked


def _bulk(headers: dict[str, str]) -> bool:
    said = headers.get("auto-submitted", "no").strip().lower()
    precedence = headers.get("precedence", "").strip().lower()
    return precedence in ("bulk", "junk", "list") or said != "no" or "list-id" in headers


def _media(parts: list[_Part]) -> Iterator[Media]:
    for part in [one for one in parts if one.attached][:_MOST_MEDIA]:
        kind = part.type.partition("/")[0]
        yield Media(kind if kind in _KINDS else "file", alt=_words(part.file[:_VALUE_CAP]))

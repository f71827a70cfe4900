"""Ill-formed feeds, read by a helper process that may fail without harm."""

from __future__ import annotations

import asyncio
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from itertools import islice
from pathlib import Path
from weakref import WeakKeyDictionary

import msgspec

from crisisroom.sources.entry import Document
from crisisroom.sources.strict_xml import IllFormed, Unsafe

_HELPER = Path(__file__).with_name("_feedparser_helper.py")
_ANSWER_CAP = 32 << 20  # bytes
_MOST_BYTES = 512 << 10  # what the lenient reader reads in half a second, whatever it is
_MOST_TAGS = 15_000
_MOST_ENTRIES = 200
_AT_ONCE = 2  # helpers; each may take a core for seconds
_DECLARATION = re.compile(rb"<!\s*(doctype\s+html|doctype|entity)", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:[A-Za-z]{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ENTRY_BEGIN = re.compile(rb"<(?:[A-Za-z]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ROOT_END = re.compile(rb"</(?:[A-Za-z]{1,20}:)?(?:channel|rss|feed|rdf)\s*>", re.IGNORECASE)
_TAG = re.compile(rb"<")
_REFERENCES = re.compile(rb"(?:&#(?:[xX][0-9a-fA-F]{1,40}|[0-9]{1,40});)+")
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def refuse_declarations(body: bytes) -> None:
    """Raise Unsafe for a document type or an entity declaration anywhere, in any encoding."""
    found = _DECLARATION.search(body.replace(b"\0", b""))
    if found and found[1].lower().endswith(b"html"):
        raise Unsafe("a web page, not a feed")
    if found:
        raise Unsafe("a DOCTYPE, which feeds do not need")


def mend_surrogates(body: bytes) -> bytes:
    """Write characters that came as two halves as one; what is none becomes U+FFFD.

    The lenient reader fails on them, and programs that know UTF-16 only do write them.
    """
    return _REFERENCES.sub(_whole_characters, body)


def _whole_characters(run: re.Match[bytes]) -> bytes:
    numbers = [
        int(one[1:], 16) if one[:1] in "xX" else int(one)
        for one in run[0].decode("ascii").replace("&#", "").rstrip(";").split(";")
    ]
    if not any(0xD800 <= number <= 0xDFFF or number > 0x10FFFF for number in numbers):
        return run[0]
    text = "".join(chr(number if number <= 0x10FFFF else 0xFFFD) for number in numbers)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(f"&#{ord(character)};" for character in whole).encode("ascii")


def bounded(body: bytes) -> bytes:
    """Return the beginning, where the newest entries are: the lenient reader takes its time."""
    body = body[:_MOST_BYTES]
    for pattern, most in ((_ENTRY_END, _MOST_ENTRIES), (_TAG, _MOST_TAGS)):
        found = next(islice(pattern.finditer(body), most - 1, None), None)
        body = body[: found.end()] if found else body
    return _without_half_an_entry(body)


def _without_half_an_entry(body: bytes) -> bytes:
    """Drop a last entry that is cut off: half of it may lack its id, and would come twice."""
    if _ROOT_END.search(body):
        return body
    ends = [found.end() for found in _ENTRY_END.finditer(body)]
    begun = _ENTRY_BEGIN.search(body, ends[-1]) if ends else None
    return body[: begun.start()] if begun else body


async def read_lenient(body: bytes, content_type: str, *, wall: float = 15.0) -> Document:
    """Return what its beginning has, found within `wall` seconds; IllFormed if that is nothing.

    The helper is executed anew, without our environment, files or modules.
    """
    refuse_declarations(body)
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE)):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(_HELPER),
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd="/", env={}, limit=1 << 20,
        )  # fmt: skip
        try:
            async with asyncio.timeout(wall):
                answer = await _exchange(
                    process, _line(content_type) + mend_surrogates(bounded(body))
                )
        except TimeoutError as error:
            raise IllFormed(f"unreadable within {wall:g} s") from error
        finally:
            await _end(process)
    return _document(answer, process.returncode)


def _line(content_type: str) -> bytes:
    plain = content_type.encode("ascii", "ignore").replace(b"\n", b"").replace(b"\r", b"")
    return plain[:200] + b"\n"


async def _exchange(process: Process, data: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(data)
        await process.stdin.drain()
        process.stdin.close()
    except ConnectionError:
        pass  # it ended early; its answer says the rest
    parts = bytearray()
    while chunk := await process.stdout.read(1 << 16):
        parts += chunk
        if len(parts) > _ANSWER_CAP:
            raise IllFormed("unreadable: too much in it")
    await process.wait()
    return bytes(parts)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def _document(answer: bytes, code: int | None) -> Document:
    if code != 0:
        raise IllFormed(f"unreadable: the reader gave up ({code})")
    try:
        document = msgspec.json.decode(answer, type=Document)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise IllFormed("unreadable: the reader gave nonsense") from error
    if not document.entries and document.broken:
        raise IllFormed(f"no entries in it, and not well-formed ({document.broken})")
    return document

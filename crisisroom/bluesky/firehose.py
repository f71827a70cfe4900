"""The two streams of all that is posted: Jetstream's JSON and the network's own frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import msgspec

from crisisroom.bluesky.shapes import POST
from crisisroom.core.errors import Refused
from crisisroom.wire.answer import FetchError

FIREHOSE_PATH = "/xrpc/com.atproto.sync.subscribeRepos"
JSON_CAP = 1 << 20  # bytes of one message
FRAME_CAP = 5 << 20  # what the protocol allows a commit
_REWIND = 5_000_000  # microseconds that are heard again after a break
_WRITES = frozenset({"create", "update"})


class Told(msgspec.Struct, frozen=True):
    """One message: the position after it (0 where it has none) and the posts in it.

    `at` is when the network heard it, an RFC 3339 time or microseconds since 1970; `restart` says
    that the position we asked for is none of this server's.
    """

    position: int = 0
    at: str | int = ""
    did: str = ""
    posts: tuple[tuple[str, Any], ...] = ()  # uri and record
    restart: bool = False


class Wire(Protocol):
    """How one of the streams is asked for and read."""

    of: str  # whose positions these are
    cap: int

    def url(self, position: int, *, rewind: bool = True) -> str:
        """Return where to connect to hear what came after a position; 0 for from now on.

        With `rewind` it begins a little before, where the server's order is not strict.
        """
        ...

    def read(self, message: bytes) -> Told:
        """Read one message; what makes no sense is empty; FetchError where the server gives up."""
        ...

    def beginning(self, now: float) -> int:
        """Return the position of now (seconds since 1970); 0 where only the server knows it."""
        ...


def wire_of(url: str) -> Wire:
    """Return how the stream at this address speaks, which its path says."""
    path = urlsplit(url).path.rstrip("/")
    return Firehose(url) if path == FIREHOSE_PATH else Jetstream(url)


class _Commit(msgspec.Struct, frozen=True):
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: Any = None


class _Event(msgspec.Struct, frozen=True):
    did: str
    time_us: int
    commit: _Commit | None = None


class Jetstream:
    """JSON, and positions in microseconds that every Jetstream server understands."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.of = "jetstream"
        self.cap = JSON_CAP
        self._decoder = msgspec.json.Decoder(_Event)

    def url(self, position: int, *, rewind: bool = True) -> str:
        """Ask for posts only."""
        begin = max(1, position - _REWIND) if rewind else position
        cursor = [("cursor", str(begin))] if position else []
        return _with(self._url, [("wantedCollections", POST), *cursor])

    def read(self, message: bytes) -> Told:
        """Read an event."""
        try:
            event = self._decoder.decode(message)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            return Told()
        commit = event.commit
        if commit is None or commit.collection != POST or commit.operation not in _WRITES:
            return Told(event.time_us, event.time_us)
        uri = f"at://{event.did}/{POST}/{commit.rkey}"
        return Told(event.time_us, event.time_us, event.did, ((uri, commit.record),))

    def beginning(self, now: float) -> int:
        """Return now."""
        return int(now * 1_000_000)


class Firehose:
    """DAG-CBOR frames of a data server or a relay, and sequence numbers of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.of = urlsplit(url).netloc
        self.cap = FRAME_CAP
        try:
            import libipld
        except ImportError as error:
            what = "the network's own stream needs the package libipld"
            raise Refused("missing-package", what, "pip install 'crisisroom[streams]'") from error
        self._ipld = libipld

    def url(self, position: int, *, rewind: bool = True) -> str:
        """Ask for everything after a position; its order is strict."""
        return _with(self._url, [("cursor", str(position))] if position else [])

    def beginning(self, now: float) -> int:
        """Return nothing: where a server stands is known with its first frame."""
        return 0

    def read(self, message: bytes) -> Told:
        """Read a frame."""
        try:
            header, body = self._ipld.decode_dag_cbor_multi(message)
            if header.get("op") == -1:
                return self._given_up(body)
            if header.get("t") != "#commit":
                return Told(_number(body.get("seq")), _words(body.get("time")))
            return self._commit(body)
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            return Told()

    def _commit(self, body: dict[str, Any]) -> Told:
        did = _words(body.get("repo"))
        posts = tuple(self._posts(did, body))
        return Told(_number(body["seq"]), _words(body.get("time")), did, posts)

    def _posts(self, did: str, body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        wanted = [one for one in body.get("ops", []) if _is_post(one)]
        if not wanted:
            return
        _, blocks = self._ipld.decode_car(body["blocks"])
        for one in wanted:
            if (record := blocks.get(one["cid"])) is not None:
                yield f"at://{did}/{one['path']}", record

    def _given_up(self, body: dict[str, Any]) -> Told:
        error = _words(body.get("error"))
        if error == "FutureCursor":
            return Told(restart=True)
        raise FetchError("protocol", f"{self.of}: ends the stream: {error[:60]}", sent=True)


def _is_post(op: Any) -> bool:
    path = _words(op.get("path")) if isinstance(op, dict) else ""
    return path.startswith(f"{POST}/") and op.get("action") in _WRITES and "cid" in op


def _with(url: str, params: list[tuple[str, str]]) -> str:
    if not params:
        return url
    parts = urlsplit(url)
    query = "&".join(one for one in (parts.query, urlencode(params)) if one)
    return parts._replace(query=query, fragment="").geturl()


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0

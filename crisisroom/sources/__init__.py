"""Where mentions come from: one small Protocol, one module a source, loaded when configured."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

import msgspec

from crisisroom.config.source_types import TYPES
from crisisroom.core.errors import Refused
from crisisroom.core.mention import Incoming
from crisisroom.core.watchquery import Query

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

GROUP = "crisisroom.sources"  # the entry points under which other packages bring sources
_Options = TypeVar("_Options", bound=msgspec.Struct)


class Watched(msgspec.Struct, frozen=True):
    """A term to search a network for: its id, its query, and the languages it is meant in."""

    id: str
    query: Query
    languages: tuple[str, ...] = ()


def searches(
    watched: Iterable[Watched], translate: Callable[[Query, tuple[str, ...]], Iterable[str]]
) -> tuple[str, ...]:
    """Return what to search a network for, each once, as `core.querywords` translates it."""
    every = (words for one in watched for words in translate(one.query, one.languages))
    return tuple(dict.fromkeys(every))


class Batch(msgspec.Struct, frozen=True):
    """What one poll brought: uncleaned mentions, oldest first, and the cursor to store with them.

    `note` says in plain words what went wrong beside it; `more` that another poll would bring
    more at once; `wait` how many seconds the other side asks to be left alone.
    """

    mentions: tuple[Incoming, ...]
    cursor: dict[str, Any]
    note: str = ""
    more: bool = False
    wait: float = 0.0


def oldest_first(newest_first: Iterable[Incoming], now: datetime) -> tuple[Incoming, ...]:
    """Turn what a feed or a network lists: a room numbers mentions as they come."""
    turned = reversed(tuple(newest_first))
    return tuple(sorted(turned, key=lambda one: one.posted_at or now))


class Source(Protocol):
    """One place that is asked again and again."""

    id: str

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for what is new since `cursor` (JSON; empty at first); FetchError or Refused."""
        ...


Told = Incoming | tuple[Incoming, ...] | Batch


@runtime_checkable
class Streaming(Protocol):
    """A source that can also tell at once; polls remain, they close the gaps."""

    id: str

    def stream(self, cursor: dict[str, Any], fetch: Fetcher) -> AsyncGenerator[Told, None]:
        """Yield mentions until the other side ends; FetchError when it breaks.

        `cursor` is that of the last poll; close the generator when done with it. Nothing is yielded
        where the server has no stream. A Batch moves the cursor with the last of its mentions; its
        source must bear that a poll moves it too, and back. The generator goes on only when what it
        yielded is stored, and is closed where that failed: a source that owes an answer gives it
        after its `yield`.
        """
        ...


def make(
    kind: str,
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> Source:
    """Build the source of this kind; unknown kinds and options are refused.

    A module of this package, or what another package's entry point names, has a function `make`
    with these arguments, `kind` left out.
    """
    build = _ours(kind) or _brought(kind)
    source: Source = build(source_id, options, clock=clock, token=token, watched=watched)
    return source


def _ours(kind: str) -> Callable[..., Source] | None:
    if kind not in TYPES or kind == "demo":
        return None
    make_one: Callable[..., Source] = import_module(f"crisisroom.sources.{kind}").make
    return make_one


def _brought(kind: str) -> Callable[..., Source]:
    """Load the source that another package brings; only now, because it is configured."""
    for point in entry_points(group=GROUP, name=kind):
        try:
            make_one: Callable[..., Source] = point.load()
        except Exception as error:
            message = f"the source {kind} of {point.value} cannot be loaded: {error}"
            raise Refused("bad-source", message, "update or remove that package") from error
        return make_one
    known = ", ".join(sorted(TYPES))
    raise Refused("unknown-source", f"no source of kind {kind!r}", f"one of {known}")


def options_as(model: type[_Options], source_id: str, options: Mapping[str, Any]) -> _Options:
    """Read a source's options into their model; what does not fit is refused with its place."""
    try:
        return msgspec.convert(dict(options), model)
    except msgspec.ValidationError as error:
        known = ", ".join(model.__struct_fields__)
        raise Refused("bad-source", f"source {source_id}: {error}", f"options: {known}") from error

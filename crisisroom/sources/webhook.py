"""A webhook: programs on this machine post mentions or alerts, and are told when they are kept.

The answer 200 is given only after the mentions are stored, so that a caller that repeats what was
not answered loses nothing; what it says twice is known by its id. All of a call is taken or none:
a mention that cannot be read is answered with 400, its place and its reason.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.mention import Incoming
from crisisroom.sources import Batch, Watched, alertmanager, options_as
from crisisroom.sources.jsonl import Bad, Problem, json_of, mention_of, parse_line
from crisisroom.sources.webhook_server import MOST, Call, Reply, Server

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

PATHS = frozenset({"/", "/mentions", "/alertmanager"})
TOGETHER = 64  # mentions of several calls in one transaction; a call is never parted
_MOST_PROBLEMS = 20
_LATER = Reply(
    503,
    ({"error": "not-stored", "message": "the room could not keep it: call again"},),
    (("Retry-After", "5"),),
)
_flaws: dict[str, str] = {}  # why nobody listens at a place, for the poll to tell


class WebhookOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a webhook may say: where it listens, and which variable holds its secret."""

    listen: str
    secret_env: str = ""


@dataclass(slots=True)
class _Given:
    """Mentions of one call, and whether they are kept by now."""

    mentions: tuple[Incoming, ...]
    stored: asyncio.Future[bool] = field(default_factory=asyncio.Future)

    def settle(self, stored: bool) -> None:
        if not self.stored.done():
            self.stored.set_result(stored)


class WebhookSource:
    """A place on this machine at which others call; it only streams, its polls tell how it does."""

    def __init__(self, source_id: str, options: WebhookOptions, clock: Clock, secret: str) -> None:
        self.id = source_id
        self._listen = options.listen
        self._clock = clock
        self._secret = secret

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Tell whether the webhook stands; Unavailable says why it does not."""
        if reason := _flaws.get(self._listen, ""):
            raise Unavailable("no-webhook", f"{self.id}: cannot listen at {self._listen}: {reason}")
        return Batch((), cursor)

    async def stream(
        self, cursor: dict[str, Any], fetch: Fetcher
    ) -> AsyncGenerator[tuple[Incoming, ...], None]:
        """Yield the mentions of the calls that wait; that it goes on says that they are stored.

        Calls that came while others were being stored share one transaction, and its sync.
        """
        calls: asyncio.Queue[_Given] = asyncio.Queue(MOST)
        server = Server(lambda call: self._take(call, calls), secret=self._secret, paths=PATHS)
        given: list[_Given] = []
        try:
            async with server.listening(self._listen):
                _flaws.pop(self._listen, None)
                try:
                    while True:
                        given = [await calls.get()]
                        given += _waiting(calls, TOGETHER - len(given[0].mentions))
                        yield tuple(mention for one in given for mention in one.mentions)
                        for one in given:
                            one.settle(True)
                finally:
                    for one in [*given, *_waiting(calls)]:
                        one.settle(False)
        except OSError as error:
            _flaws[self._listen] = error.strerror or str(error)

    async def _take(self, call: Call, calls: asyncio.Queue[_Given]) -> Reply:
        """Hand the mentions of a call on and wait until they are kept."""
        found = await asyncio.to_thread(self._read, call)
        if isinstance(found, Reply):
            return found
        if found:
            given = _Given(found)
            await calls.put(given)
            if not await given.stored:
                return _LATER
        return Reply(200, ({"stored": len(found)},))

    def _read(self, call: Call) -> tuple[Incoming, ...] | Reply:
        items = list(self._items(call))
        problems = [one for one in items if isinstance(one, Problem)]
        if problems:
            told = [
                {"error": "bad-mention", "line": one.line, "message": one.message}
                for one in problems[:_MOST_PROBLEMS]
            ]
            return Reply(400, tuple(told))
        return tuple(one for one in items if isinstance(one, Incoming))

    def _items(self, call: Call) -> Iterator[Incoming | Problem]:
        """Yield what a body says: a group of alerts, one mention, a list, or lines."""
        now = self._clock.now()
        try:
            values = json_of(call.body)
        except Bad as error:
            lines = call.body.splitlines() if call.path != "/alertmanager" else []
            if len(lines) < 2:
                yield Problem(1, str(error))
            for number, line in enumerate(lines if len(lines) > 1 else [], 1):
                if line.strip():
                    yield parse_line(line, number, self.id, now)
            return
        if alertmanager.is_group(values) or call.path == "/alertmanager":
            yield from self._alerts(values)
            return
        for number, one in enumerate(values if isinstance(values, list) else [values], 1):
            yield self._mention(one, number)

    def _alerts(self, values: Any) -> Iterator[Incoming | Problem]:
        try:
            yield from alertmanager.mentions_of(values, self.id, self._clock.now())
        except ValueError as error:
            yield Problem(1, str(error)[:200])

    def _mention(self, values: Any, number: int) -> Incoming | Problem:
        if not isinstance(values, dict):
            return Problem(number, 'not a JSON object: write {"text": "…"}')
        try:
            return mention_of(values, self.id, self._clock.now())
        except Bad as error:
            return Problem(number, str(error))


def _waiting(calls: asyncio.Queue[_Given], room: float = inf) -> Iterator[_Given]:
    """Take the calls that wait, as long as there is room for more mentions."""
    while room > 0 and not calls.empty():
        given = calls.get_nowait()
        room -= len(given.mentions)
        yield given


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> WebhookSource:
    """Build a webhook from its options; Refused where its secret is not in the environment."""
    chosen = options_as(WebhookOptions, source_id, options)
    secret = os.environ.get(chosen.secret_env, "") if chosen.secret_env else ""
    if chosen.secret_env and not secret:
        message = f"source {source_id}: the variable {chosen.secret_env} is empty"
        raise Refused("no-secret", message, "set it, or take secret_env away")
    return WebhookSource(source_id, chosen, clock, secret)

"""Examining what is outside: tokens, every source once, the clock, and who is not listened to."""

from __future__ import annotations

import asyncio
import os
import statistics
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Unpack

from crisisroom.cli.health import Finding, Level, Patient
from crisisroom.config import Account, RoomConfig, Source
from crisisroom.config.settings import Messenger
from crisisroom.config.source_types import TYPES
from crisisroom.config.token import places, secret_of
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError, Options, Response
from crisisroom.wire.dates import parse

if TYPE_CHECKING:
    from crisisroom.clock import Clock

_PATIENCE = 7.0  # seconds for one source, or one token
_ASIDE = timedelta(seconds=60)  # of the clock: legal duties and tokens bear no more
_WRONG = timedelta(seconds=300)
_NO_ACCOUNT = ("hackernews", "news", "reddit")
_NETWORKS = {
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "reddit": "Reddit",
    "hackernews": "Hacker News",
    "news": "the news",
    "x": "X",
}


class _Noting(Fetcher):
    """A fetcher that compares the clock of every server it reaches with ours."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.aside: list[float] = []  # seconds by which a server is ahead of us

    async def get(self, url: str, **options: Unpack[Options]) -> Response:
        """Fetch, and note the server's time."""
        try:
            answer = await super().get(url, **options)
        except FetchError as error:
            if error.response:
                self._note(error.response)
            raise
        self._note(answer)
        return answer

    def _note(self, answer: Response) -> None:
        said = parse(answer.headers.get("date", ""))
        if said and "age" not in answer.headers:  # a cache tells an old time
            self.aside.append((said - self._clock.now()).total_seconds())


async def tokens(patient: Patient) -> AsyncIterator[Finding]:
    """Find every account's and messenger's secret where it should be, and which place that is."""
    config = patient.config
    asked = [
        *(_of_account(patient, one) for one in config.accounts),
        *(_of_messenger(patient, one) for one in config.messengers),
    ]
    for found in await asyncio.gather(*asked):
        for one in found:
            yield one


async def _of_account(patient: Patient, account: Account) -> list[Finding]:
    where = f"account {account.id}"
    if not places(account) and account.type in _OPEN:
        return [Finding("ok", "token", where, "has no token, and needs none to be read")]
    return [await _secret(patient, account, where)]


async def _of_messenger(patient: Patient, messenger: Messenger) -> list[Finding]:
    where, found = f"messenger {messenger.id}", list[Finding]()
    if messenger.type == "apprise" and find_spec("apprise") is None:
        hint = "pip install 'crisisroom[apprise]'"
        found.append(Finding("fail", "extra", where, "needs the package apprise", hint))
    if messenger.type == "apprise" or places(messenger):
        return [*found, await _secret(patient, messenger, where)]
    how = f"goes by the account {messenger.account}" if messenger.account else "needs no token"
    return [*found, Finding("ok", "token", where, f"{messenger.type}, {how}")]


async def _secret(patient: Patient, keyed: Account | Messenger, where: str) -> Finding:
    kind, seconds = keyed.type, _patience(patient)
    try:
        async with asyncio.timeout(seconds):
            await secret_of(keyed)
    except TimeoutError:
        why, hint = f"its token did not come within {seconds:.0f} s", "run its command by hand"
        return Finding("fail", "timeout", where, why, hint)
    except Refused as refused:
        hint = refused.hint
        if kind == "mastodon" and keyed.token_file:
            hint = f"crisisroom login {keyed.id}; or {hint}"
        return Finding("fail", refused.code, where, refused.message, hint)
    place = places(keyed)[0]
    return Finding("ok", "token", where, f"{kind}, its token is there: {_PLACES[place]}")


def _patience(patient: Patient) -> float:
    """Return the seconds for one source, or one token."""
    return min(_PATIENCE, patient.patience)


_PLACES = {
    "token_env": "in the environment",
    "token_file": "in a file that is ours alone",
    "token_command": "by a command of ours",
    "token_credential": "handed over by systemd",
}
_OPEN = ("stackexchange", "wordpress")  # what they show everybody is enough


async def outside(patient: Patient) -> AsyncIterator[Finding]:
    """Ask every source once, all at the same time, and store nothing."""
    if patient.offline:
        yield Finding("ok", "offline", "sources", "not asked, as --offline says")
        return
    async with _Noting(patient.context.clock) as fetch:
        asked = [_asked(patient, source, fetch) for source in patient.config.sources]
        asked += [_login(patient, account, fetch) for account in _unheard(patient.config)]
        for one in await asyncio.gather(*asked):
            yield one
        yield _clock(fetch.aside)


async def _asked(patient: Patient, source: Source, fetch: Fetcher) -> Finding:
    where = f"source {source.id}"
    if (local := _local(source)) is not None:
        return await _as_heard(patient, local, source)
    seconds = _patience(patient)
    try:
        async with asyncio.timeout(seconds):
            return await _polled(patient, source, fetch)
    except TimeoutError:
        why = f"no answer within {seconds:.0f} s"
        return Finding("fail", "timeout", where, why, "try again; the watcher does by itself")
    except (FetchError, Refused, OSError) as error:
        hint = error.hint if isinstance(error, Refused) else _hint(error)
        return Finding("fail", _code(error), where, str(error) or type(error).__name__, hint)
    except Exception as error:
        why = f"a fault of the program ({type(error).__name__}: {error})"
        return Finding("fail", "fault", where, why, "please tell its makers")


async def _as_heard(patient: Patient, found: Finding, source: Source) -> Finding:
    """Return what the watcher noted of what only it may ask, where that is more than nothing."""
    from crisisroom.store import sources as rows

    if found.level != "ok" or patient.room is None:
        return found
    row = await patient.room.store.read(lambda tx: rows.get(tx, source.id))
    if not row.reason:
        return found
    return Finding("warn", "noted", found.where, row.reason, "mend it where it is written")


async def _polled(patient: Patient, source: Source, fetch: Fetcher) -> Finding:
    from crisisroom import sources
    from crisisroom.watch.poll import options_of, watched

    config = patient.config
    account = next((one for one in config.accounts if one.id == source.account), None)
    speaks = account is not None and bool(places(account))
    made = sources.make(
        source.type,
        source.id,
        options_of(source, account),
        clock=patient.context.clock,
        token=await secret_of(account) if account and speaks else "",
        watched=watched(source, config),
    )
    batch = await made.poll({}, fetch)
    where = f"source {source.id}"
    if batch.note:
        return Finding("warn", "source", where, f"{source.type}: {batch.note}")
    return Finding("ok", "source", where, f"{source.type} answers, {len(batch.mentions)} to read")


def _local(source: Source) -> Finding | None:
    """Examine what must not be asked, since it gives everything once; None for the others."""
    where = f"source {source.id}"
    if source.type == "demo":
        return Finding("ok", "source", where, "for practice only")
    if source.type == "jsonl":
        there = source.path == "-" or os.access(source.path, os.R_OK)
        why = f"{source.path} {'is there' if there else 'cannot be read'}"
        hint = "" if there else "whoever writes it has to begin; or change path:"
        return Finding("ok" if there else "fail", "source", where, why, hint)
    if source.type == "webhook":
        if source.secret_env and not os.environ.get(source.secret_env):
            why = f"the variable {source.secret_env} is empty: every caller is turned away"
            return Finding("fail", "no_secret", where, why, "set it where the watcher runs")
        return Finding("ok", "source", where, f"listens on {source.listen} while a watcher runs")
    return None


async def _login(patient: Patient, account: Account, fetch: Fetcher) -> Finding:
    """Log in where a Mastodon account only sends; the others show it by their sources."""
    from crisisroom.mastodon.api import Api

    where, seconds = f"account {account.id}", _patience(patient)
    try:
        async with asyncio.timeout(seconds):
            token = await secret_of(account)
            api = Api(fetch, account.server, token, account.private, account.ca_file)
            me = await api.me()
    except TimeoutError:
        return Finding("fail", "timeout", where, f"no answer within {seconds:.0f} s", "try again")
    except (FetchError, Refused, OSError) as error:
        hint = f"crisisroom login {account.id}"
        return Finding("fail", _code(error), where, f"the login fails: {error}", hint)
    return Finding("ok", "login", where, f"logged in as @{me.acct}")


def _unheard(config: RoomConfig) -> Iterator[Account]:
    """Yield the accounts that no source logs in with, and that can be tried."""
    heard = {source.account for source in config.sources}
    for account in config.accounts:
        speaks = account.type == "mastodon" and places(account)
        if speaks and account.id not in heard:
            yield account


def _clock(aside: list[float]) -> Finding:
    if not aside:
        return Finding("warn", "clock", "clock", "no server was reached to compare it with")
    middle = timedelta(seconds=statistics.median(aside))
    if abs(middle) < _ASIDE:
        return Finding("ok", "clock", "clock", f"right, by {len(aside)} answers of servers")
    way = "slow" if middle > timedelta() else "fast"
    why = f"it is {abs(middle).total_seconds():.0f} s {way}: deadlines and logins go wrong"
    level: Level = "fail" if abs(middle) > _WRONG else "warn"
    return Finding(level, "clock", "clock", why, "timedatectl set-ntp true")


async def unwatched(patient: Patient) -> AsyncIterator[Finding]:
    """Find where nobody listens: silence there is not calm."""
    heard = {source.type for source in patient.config.sources}
    missing = [name for kind, name in _NETWORKS.items() if kind not in heard]
    if missing and patient.config.sources:
        free = [_NETWORKS[kind] for kind in _NO_ACCOUNT if kind not in heard]
        hint = f"add a source; {', '.join(free)} need no account" if free else "add a source"
        yield Finding("warn", "unwatched", "networks", f"nobody listens on {_list(missing)}", hint)
    used = {source.account for source in patient.config.sources}
    for account in patient.config.accounts:
        if account.id not in used:
            why = "no source listens for it: what people write to it is not heard"
            hint = f"add a source with account: {account.id}"
            level: Level = "warn" if account.type in TYPES else "ok"
            yield Finding(level, "unwatched", f"account {account.id}", why, hint)


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _code(error: Exception) -> str:
    return error.code if isinstance(error, (FetchError, Refused)) else "unreadable"


def _hint(error: Exception) -> str:
    """Return what helps against what a server said."""
    status = error.status if isinstance(error, FetchError) else 0
    if status in (401, 403):
        return "its token is refused: log in again, or change it"
    if status == 404:
        return "nothing is at this address: check url: or server:"
    if status == 429:
        return "it asks to be left alone for a while: make every: longer"
    return "check the address and the network; the watcher tries again by itself"

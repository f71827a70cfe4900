"""`backtest FILE`: mentions of the past as a room would have heard them, all in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from crisisroom.cli.context import Context
from crisisroom.config.settings import Config, Term
from crisisroom.config.terms import expected_between, looked_for, terms_of
from crisisroom.core.candidate import Heard, Signal
from crisisroom.core.detect import EarlyWarning, Rule, Window, replay
from crisisroom.core.grouping import Grouper, Setting
from crisisroom.core.mention import Incoming
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_match import best_fit, risk_words
from crisisroom.core.timeline import stamp
from crisisroom.core.watchlist import Watchlist
from crisisroom.core.watchquery import flaw, phrase
from crisisroom.library import every
from crisisroom.report.contract import Json

_TEXTS = 300  # recent texts by which a playbook is suggested
_SETTLED = 100  # mentions after which stories are compared
_STORIES = Setting(idle=86_400.0, threads=200)  # a warning asks for today only
_COMPARED = 20  # stories at a time
_NO_CONFIG = Config(schema=1)


def when(one: Incoming) -> datetime:
    """Return when a mention was posted; ValueError where nobody knows."""
    if one.posted_at is None:
        raise ValueError("posted_at is missing")
    return one.posted_at


class PastRoom:
    """What a room with this configuration would have made of mentions, and when it had warned.

    What says an excluded thing, or only the industry's terms, is not ours. Risk terms are those of
    the configuration and of its playbooks; without a configuration there are none.
    """

    def __init__(self, context: Context, rule: Rule) -> None:
        config = context.config() or _NO_CONFIG
        terms = terms_of(config)
        self._playbooks: tuple[Playbook, ...] = every(context.playbooks())
        self._ours = frozenset(term.id for term in terms if term.ours)
        self._watched = Watchlist(terms, config.exclude)
        risk = risk_words(self._playbooks, config.warn.risk) if context.config() else ()
        self._risk = Watchlist(_said(word, phrase(word)) for word in risk if not flaw(phrase(word)))
        self._events = Watchlist(_said(one.title, one.say) for one in config.expected if one.say)
        self._grouper = Grouper(_STORIES, idle=looked_for(config))
        self._texts: deque[str] = deque(maxlen=_TEXTS)
        names = {term.id: term.title or term.id for term in terms}
        windows = _windows(config, context.team_zone())
        self._warning = EarlyWarning(rule, windows, names=names)

    def ours(self, mentions: Iterable[Incoming]) -> list[Incoming]:
        """Return the mentions that are about us."""
        return [one for one in mentions if self._is_ours(one)]

    def _is_ours(self, one: Incoming) -> bool:
        """Tell what the room tells too: `room.hearing` keeps the same apart."""
        look = self._watched.look(one.text, lang=one.lang, handle=one.author.handle, url=one.url)
        return one.direct or not (look.excluded or look.others)

    def candidates(self, mentions: Sequence[Incoming]) -> list[Json]:
        """Return a row for every time the room had spoken, from mentions in order of time."""
        rows: list[Json] = []
        numbers: dict[str, int] = {}
        for signal in replay(self._warning, self._heard(mentions)):
            if signal.kind == "ended":
                _end(rows, signal)
                continue
            number = numbers.setdefault(signal.uid, len(numbers) + 1)
            rows.append(self._row(number, signal))
        return rows

    def _heard(self, mentions: Sequence[Incoming]) -> Iterator[tuple[Heard, tuple[str, ...]]]:
        for number, one in enumerate(mentions, 1):
            at = when(one)
            joined = self._grouper.add(number, one.text, url=one.url, at=at.timestamp())
            look = self._watched.look(one.text, lang=one.lang, url=one.url)
            author = one.author.handle or one.author.name
            self._texts.append(one.text)
            heard = Heard(
                posted_at=at,
                seen_at=at,
                source=one.source,
                author=f"{one.source} {author}" if author else "",
                reach=one.author.reach or 0,
                terms=tuple(term for term in look.terms if term in self._ours),
                narrative=f"N-{joined.narrative}",
                risk=self._risk.look(one.text).terms,
                copy=bool(joined.copy_of),
            )
            yield heard, self._events.look(one.text).terms
            if number % _SETTLED == 0:
                for merged in self._grouper.settle(_COMPARED):
                    self._warning.merged(f"N-{merged.into}", f"N-{merged.gone}")

    def _row(self, number: int, signal: Signal) -> Json:
        fit = best_fit(self._playbooks, tuple(self._texts))
        return {
            "id": f"C-{number}",
            "uid": signal.uid,
            "kind": signal.kind,
            "at": stamp(signal.at),
            "term": signal.term,
            "level": signal.level,
            "reason": signal.reason,
            "observed": signal.observed,
            "expected": round(signal.expected, 2),
            "spread": round(signal.spread, 2),
            "window_minutes": signal.window_minutes,
            "authors": signal.authors,
            "sources": signal.sources,
            "reach": signal.reach,
            "narratives": list(signal.narratives),
            "words": list(signal.words),
            "score": round(signal.score, 2),
            "suggested_playbook": fit.playbook if fit else "",
            "state": "open",
            "ended_at": None,
        }


def _end(rows: list[Json], signal: Signal) -> None:
    for row in rows:
        if row["uid"] == signal.of:
            row["state"], row["ended_at"] = "ended", stamp(signal.at)


def _said(name: str, say: str) -> Term:
    return Term(id=name, say=say)


def _windows(config: Config, zone: str) -> tuple[Window, ...]:
    found = []
    for event in config.expected:
        start, end = expected_between(event, zone)
        own = bool(event.say)
        found.append(
            Window(title=event.title, start=start, end=end, terms=event.terms, own_words=own)
        )
    return tuple(found)

"""From a finding to words: the warning that is kept, and the signal that a person gets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from crisisroom.core.candidate import Level, Signal, SignalKind
from crisisroom.core.detect import reason as say
from crisisroom.core.detect.crowd import Gathered
from crisisroom.core.detect.finding import Finding
from crisisroom.core.detect.series import Series
from crisisroom.core.detect.told import Told

STORIES = 5  # that a signal names
_WORDS = 5
_REMEMBERED = 4  # times as many of each, over the life of a warning
_RISING = 2.0, 10  # times over the bar, and people
_STORM = 5.0, 30
_LEVELS: tuple[Level, ...] = ("early", "rising", "storm")
_CALM_MINUTES = 15


def stories_of(crowd: Gathered) -> list[str]:
    """Return the stories a crowd tells, the largest first."""
    return [story for story, _ in crowd.stories.most_common(STORIES)]


def begun(uid: str, key: str, found: Finding, crowd: Gathered, series: Series) -> Told:
    """Return the warning that a finding makes."""
    usual, spread = series.usual()
    return Told(
        uid=uid,
        term=key,
        raised=series.minute,
        level=_level(found, crowd),
        authors=len(crowd.people),
        sources=sorted(crowd.sources),
        stories=stories_of(crowd),
        words=_most_said(crowd),
        keys=[key],
        top=usual + spread,
        spread=spread,
    )


def grown(one: Told, found: Finding, crowd: Gathered) -> None:
    """Note how far a warning has gone by now."""
    one.level = max(one.level, _level(found, crowd), "rising", key=_LEVELS.index)
    one.authors = max(one.authors, len(crowd.people))
    one.sources = sorted({*one.sources, *crowd.sources})
    stories, words = [*one.stories, *stories_of(crowd)], [*one.words, *_most_said(crowd)]
    one.stories = list(dict.fromkeys(stories))[: STORIES * _REMEMBERED]
    one.words = list(dict.fromkeys(words))[: _WORDS * _REMEMBERED]


def signal(
    kind: SignalKind,
    one: Told,
    found: Finding,
    crowd: Gathered,
    now: datetime,
    names: Mapping[str, str],
) -> Signal:
    """Return what a person is told of a warning that was raised or has grown."""
    words = tuple(_most_said(crowd))
    normal = (
        say.usual_story(found.expected)
        if found.story
        else say.usual(found.expected, found.spread, by_hour=found.by_hour)
    )
    name = names.get(one.term, one.term)
    new = Signal(
        kind=kind,
        term=one.term,
        at=now,
        level=one.level,
        reason=say.reason(found.observed, found.minutes, normal, crowd, words, name),
        observed=found.observed,
        expected=found.expected,
        spread=found.spread,
        window_minutes=found.minutes,
        authors=crowd.authors,
        sources=len(crowd.sources),
        reach=crowd.reach,
        narratives=tuple(story for story in stories_of(crowd) if story),
        words=words,
        score=found.score,
        of="" if kind == "raised" else one.uid,
        uid=one.uid,
    )
    last = one.spoken
    if last is not None and (new.observed < last.observed or new.authors < last.authors):
        return _smaller(one, last, new, crowd)
    one.spoken = new
    return new


def _smaller(one: Told, last: Signal, new: Signal, crowd: Gathered) -> Signal:
    """Return what is new of a warning next to the larger figures that were told before."""
    words = [word for word in new.words if word not in last.words]
    note = say.beside(new.observed, new.window_minutes, crowd, words)
    stories = dict.fromkeys((*last.narratives, *new.narratives))
    one.spoken = msgspec.structs.replace(
        last,
        authors=max(last.authors, new.authors),
        sources=max(last.sources, len(one.sources)),
        reach=max(last.reach, new.reach),
        narratives=tuple(stories)[:STORIES],
        words=(*last.words, *words)[:_WORDS],
    )
    return msgspec.structs.replace(
        one.spoken,
        kind=new.kind,
        at=new.at,
        level=new.level,
        reason=f"{last.reason}; and now {note}",
        of=new.of,
    )


def ended(one: Told, crowd: Gathered, series: Series, now: datetime) -> Signal:
    """Return what a person is told when a spike is over."""
    usual, spread = series.usual()
    count = series.count()
    return Signal(
        kind="ended",
        term=one.term,
        at=now,
        level=one.level,
        reason=say.ended(count, usual, spread, by_hour=series.grown),
        observed=count,
        expected=usual,
        spread=spread,
        window_minutes=_CALM_MINUTES,
        authors=crowd.authors,
        sources=len(crowd.sources),
        of=one.uid,
        uid=one.uid,
    )


def _level(found: Finding, crowd: Gathered) -> Level:
    """Return how far it went: by how many times it is over the bar, and by how many people."""
    reached = found.strength, crowd.authors
    for level, (strength, people) in (("storm", _STORM), ("rising", _RISING)):
        if reached[0] >= strength and reached[1] >= people:
            return "storm" if level == "storm" else "rising"
    return "early"


def _most_said(crowd: Gathered) -> list[str]:
    return [word for word, _ in crowd.words.most_common(_WORDS)]

"""What should change in the programme: complaints, promises, and who mends it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from crisisroom.core.incident import ActionItem, Incident, LinkedStory
from crisisroom.core.promises import made
from crisisroom.core.rules import REVIEW
from crisisroom.core.said import Promise


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a story there is by now, which the log does not tell."""

    mentions: int
    complaints: int
    sources: tuple[str, ...]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that people complained of, what we promised them, and what is done about it.

    `complaints` is None where nobody counted. Without a narrative it holds what belongs to no
    story: promises made one by one, and actions.
    """

    narrative: str  # N-3
    title: str
    mentions: int
    complaints: int | None
    sources: tuple[str, ...]
    promised: tuple[Promise, ...] = ()
    actions: tuple[ActionItem, ...] = ()

    @property
    def action(self) -> ActionItem | None:
        """Return what is done about it: what is open before what was done; None for nothing."""
        live = [one for one in self.actions if one.state != "dropped"]
        return next((one for one in live if one.state == "open"), live[0] if live else None)

    @property
    def suggested(self) -> str:
        """Return how an action for it could be called: what people complained of, in one line."""
        words = " ".join(self.title.split())
        if self.narrative:
            return f"See that it does not happen again: {words}"
        return f"Keep what we promised: {words}" if self.promised else words

    @property
    def unowned(self) -> bool:
        """Whether people complained and nobody does anything about it."""
        return bool(self.narrative) and (self.action is None or not self.action.owner)


def changes(
    incident: Incident,
    heard: Mapping[str, Heard] | None = None,
    told_in: Mapping[str, str] | None = None,
) -> tuple[Change, ...]:
    """Return what should change, what most people complained of first.

    `heard` has the stories' counts as they are now, `told_in` the story that a linked post tells;
    both by uid. Without them the counts are those of when the story was linked.
    """
    of_story = [
        _change(incident, story, (heard or {}).get(story.uid), told_in or {})
        for story in incident.stories.values()
    ]
    ranked = sorted(
        of_story, key=lambda one: (-(one.complaints or 0), -one.mentions, one.narrative)
    )
    return (*ranked, *_others(incident, of_story))


def _change(
    incident: Incident, story: LinkedStory, now: Heard | None, told_in: Mapping[str, str]
) -> Change:
    return Change(
        narrative=story.id,
        title=story.title,
        mentions=now.mentions if now else story.mentions,
        complaints=now.complaints if now else None,
        sources=now.sources if now else story.sources,
        promised=tuple(
            one
            for one in incident.promised.values()
            if made(incident, one) and _story_of(incident, one, told_in) == story.uid
        ),
        actions=tuple(one for one in incident.actions.values() if one.narrative == story.id),
    )


def _story_of(incident: Incident, promise: Promise, told_in: Mapping[str, str]) -> str:
    """Return the uid of the story whose people a promise was made to, empty where none is known."""
    if uid := told_in.get(promise.mention):
        return uid
    reply = incident.replies.get(promise.reply)
    bulk = incident.bulks.get(reply.bulk) if reply else None
    return bulk.narrative if bulk else ""


def _others(incident: Incident, known: Collection[Change]) -> Iterator[Change]:
    """Yield what belongs to no story of the incident, each thing by itself."""
    promised = {one.id for change in known for one in change.promised}
    owned = {one.id for change in known for one in change.actions}
    for promise in incident.promised.values():
        if promise.id not in promised and made(incident, promise):
            yield _alone(promise.words, promised=(promise,))
    for action in incident.actions.values():
        if action.id not in owned and action.title != REVIEW:
            yield _alone(action.title, actions=(action,))


def _alone(
    title: str, promised: tuple[Promise, ...] = (), actions: tuple[ActionItem, ...] = ()
) -> Change:
    return Change(
        narrative="",
        title=title,
        mentions=0,
        complaints=None,
        sources=(),
        promised=promised,
        actions=actions,
    )

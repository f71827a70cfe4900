"""One answer to a whole story: begun from its head, followed while it goes out."""

from __future__ import annotations

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.said import Bulk
from crisisroom.tui.acts import Desk
from crisisroom.tui.acts.lines import story_here
from crisisroom.tui.bulk.rows import progress_words, replies_of
from crisisroom.tui.screens.picking import Choice

_NEW = ":new"
_UNDER_WAY = ("queued", "sending", "unknown", "failed", "submitted", "draft", "approved")


async def answer_story(desk: Desk) -> None:
    """Open the people of the story under the cursor, or an answer to them that is under way."""
    from crisisroom.tui.bulk.screen import BulkScreen  # loaded with the first one

    story, state = await story_here(desk), desk.incident
    if story is None:
        raise Refused("no-story", "choose a story first", "v shows the feed by story")
    going = [one for one in state.bulks.values() if one.narrative == story.uid]
    going = [one for one in going if _under_way(state, one)]
    if going:
        fresh = Choice(_NEW, "answer others", "those who have no reply yet")
        choices = [*_choices(state, going), fresh]
        chosen = await desk.pick(f"{story.id} is being answered", choices)
        if chosen != _NEW:
            await _follow(desk, chosen)
            return
    desk.open(BulkScreen(desk, story.id))


async def bulks(desk: Desk) -> None:
    """Open an answer to many to see how it goes."""
    known = list(reversed(desk.incident.bulks.values()))
    if not known:
        raise Refused("no-bulk", "nobody answered many at once", "K on a story does")
    chosen = known[0].id
    if known[1:]:
        chosen = await desk.pick("Which answer to many?", _choices(desk.incident, known))
    await _follow(desk, chosen)


async def _follow(desk: Desk, bulk_id: str) -> None:
    from crisisroom.tui.bulk.progress import BulkProgress  # loaded with the first one

    desk.open(BulkProgress(desk, bulk_id))


def _under_way(state: Incident, bulk: Bulk) -> bool:
    return any(one.state in _UNDER_WAY for one in replies_of(state, bulk))


def _choices(state: Incident, known: list[Bulk]) -> list[Choice]:
    return [
        Choice(one.id, f"{one.id} to {one.narrative_id}", progress_words(replies_of(state, one)))
        for one in known
    ]

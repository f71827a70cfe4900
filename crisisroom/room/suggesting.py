"""Which key messages and answers fit, by the plan and by what the team answered before.

Making the index of a large plan takes a second: it happens beside the event loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.core.playbook import Playbook
from crisisroom.core.suggest import Suggestion
from crisisroom.room import Room, lessons
from crisisroom.room.lessons import Memory

_ONE_BY_ONE = threading.Lock()  # the index learns as it is asked


async def fitting(
    room: Room, state: Incident, mention: Mention, limit: int = 8
) -> tuple[Suggestion, ...]:
    """Rank what fits a post, best first."""
    plan = state.plan
    memory = await room.store.read(lambda tx: lessons.remembered(tx, plan.id, mention.narrative))
    return await ranked(plan, memory, [mention.text], limit)


async def ranked(
    plan: Playbook, memory: Memory, texts: Sequence[str], limit: int = 8
) -> tuple[Suggestion, ...]:
    """Rank what fits a post, or what fits most of several."""
    return await asyncio.to_thread(_ranked, plan, memory, texts, limit)


def _ranked(
    plan: Playbook, memory: Memory, texts: Sequence[str], limit: int
) -> tuple[Suggestion, ...]:
    with _ONE_BY_ONE:
        return lessons.suggest(plan, memory, texts, limit)

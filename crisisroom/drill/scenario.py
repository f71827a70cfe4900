"""A playbook's own drill, as beats: what happens when, to whoever plays."""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec

from crisisroom.core.playbook import DrillPost, DrillStep, Playbook
from crisisroom.drill.director import Director
from crisisroom.drill.play import Beat
from crisisroom.drill.team import Team

SHIFT = 0.2  # of the time between two posts or injects, by which a seed moves them


def steps_of(playbook: Playbook, seed: int | None = None) -> tuple[DrillStep, ...]:
    """Return the script in the order of time.

    A seed moves posts and injects a little, the same way every time; the team's acts stay.
    """
    steps = sorted(playbook.drill, key=lambda step: step.at)
    if seed is None:
        return tuple(steps)
    return tuple(sorted(_moved(steps, random.Random(seed)), key=lambda step: step.at))


def _moved(steps: list[DrillStep], dice: random.Random) -> Iterator[DrillStep]:
    before = 0
    for step in steps:
        most = int((step.at - before) * SHIFT)
        before = step.at
        free = step.mention is not None or bool(step.inject)
        yield msgspec.structs.replace(step, at=step.at - dice.randint(0, most)) if free else step


def length(steps: tuple[DrillStep, ...]) -> int:
    """Return the second of the last step."""
    return max((step.at for step in steps), default=0)


def beats(steps: tuple[DrillStep, ...], director: Director, team: Team | None) -> list[Beat]:
    """Return what the direction does, and the team's acts too where there is a team to play them.

    Without one a person plays: the script declares for them, if they have not by then.
    """
    return [Beat(step.at, _Act(step, director, team), _said(step.mention)) for step in steps]


def _said(post: DrillPost | None) -> str:
    return f"{post.source} {post.handle}: {post.text}" if post else ""


class _Act:
    """One step of the script, to be awaited when its time has come."""

    def __init__(self, step: DrillStep, director: Director, team: Team | None) -> None:
        self._step = step
        self._director = director
        self._team = team

    async def __call__(self) -> None:
        step, team = self._step, self._team
        if step.mention:
            await (team or self._director).hear(step.mention)
        elif step.inject:
            await self._director.inject(step)
        elif team:
            await team.play(step)
        elif step.declare:
            await self._director.declare(step.declare)
            await self._director.catch_up()

"""The steps of an approval as lines: who agreed, whose turn it is, who comes after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from crisisroom.core.approval import Progress, Rung, step_words, titles, waiting_words
from crisisroom.core.incident import Incident, Verdict
from crisisroom.room import Scene
from crisisroom.tui.compose.said import Item, due, line
from crisisroom.tui.rows import Cell, Row, fit, short
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.signs import DONE, OWNED, WAITS


def step_items(
    incident: Incident, standing: Progress, scene: Scene, zone: tzinfo, *, asked: bool
) -> Iterator[Item]:
    """Yield the steps that count, in order; `asked` says that the text was handed in."""
    present = standing.present
    for rung in standing.rungs:
        number = "step" + str(rung.number)
        if rung.done or present is None:
            yield Item(number, Cell(DONE, "ok"), tuple(_given(incident, rung, scene, zone)))
        elif rung is present and asked:
            yield Item(number, Cell(OWNED), tuple(_waits(incident, standing, rung, scene, zone)))
        else:
            told = "not asked yet" if rung is present else "after that"
            row = _row("", "", step_words(incident, rung.step), told, "quiet")
            yield Item(number, Cell(WAITS, "quiet"), (row,))


def _given(incident: Incident, rung: Rung, scene: Scene, zone: tzinfo) -> Iterator[Row]:
    if not rung.given:  # an emergency release passed it over
        yield _row("", "", step_words(incident, rung.step), "passed over", "late")
    for said in rung.given:
        role = " and ".join(titles(incident, said.roles)) or step_words(incident, rung.step)
        yield _row(brief_clock(said.at, scene.now, zone), said.by, role, _told(said), "text")


def _waits(
    incident: Incident, standing: Progress, rung: Rung, scene: Scene, zone: tzinfo
) -> Iterator[Row]:
    """Yield who agreed so far, then whom it waits for and until when, the fallback with them."""
    if rung.given:
        yield from _given(incident, rung, scene, zone)
    told, role = due(standing.due_at, scene.now, zone) if standing.due_at else ("", "text")
    waits = [incident.roles[one] for one in standing.waits_for if one in incident.roles]
    who = ", ".join(dict.fromkeys(one.holder or "free" for one in waits)) or "free"
    late = ", fallback too" if standing.late and rung.step.fallback else ""
    yield line(
        (fit(told, 9), role),
        (fit(short(who), 5), "text"),
        (fit(waiting_words(incident, standing), 14) + " ", "text"),
        ("decides" + late, "quiet"),
    )


def _told(said: Verdict) -> str:
    return "approved v" + str(said.version)


def _row(at: str, who: str, role: str, told: str, ink: str) -> Row:
    return line(
        (fit(at, 9), "quiet"), (fit(short(who), 5), ink), (fit(role, 14) + " ", ink), (told, ink)
    )

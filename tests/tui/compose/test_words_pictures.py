"""Statements, approvals, corrections, outbox as they look.

CRISISROOM_UPDATE_PICTURES=1 draws them anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tui.compose.sides import SHORT, agreed, drafted, moved, published, spoken, went_out
from tui.compose.stage import Night, settled, showing, text_of, until
from tui.pictures import looks

from crisisroom.room import approvals, sending, stopping, words
from crisisroom.tui.compose.answers import AnswersScreen
from crisisroom.tui.compose.approve import ApprovalsScreen
from crisisroom.tui.compose.base import WordsScreen
from crisisroom.tui.compose.comparing import VersionsScreen
from crisisroom.tui.compose.opening import Begun
from crisisroom.tui.compose.outbox import OutboxScreen
from crisisroom.tui.compose.owed import OwedScreen
from crisisroom.tui.compose.statement import StatementScreen

HERE = Path(__file__).parent.parent / "snapshots"
Scene = Callable[[Night], Awaitable[WordsScreen]]
SMALL, LARGE = (80, 24), (120, 36)


async def _variants(stage: Night) -> WordsScreen:
    await drafted(stage, {"bsky": SHORT + " {{fact.affected}}", "masto": SHORT})
    return StatementScreen(stage.room, stage.incident.id, words_id="ST-1")


async def _owing(stage: Night) -> WordsScreen:
    await published(stage, "masto", "bsky", variants={"bsky": SHORT})
    await moved(stage)
    return StatementScreen(stage.room, stage.incident.id, words_id="ST-1")


async def _correction(stage: Night) -> WordsScreen:
    await _owing(stage)
    return StatementScreen(stage.room, stage.incident.id, begun=Begun(corrects="ST-1"))


async def _held(stage: Night) -> WordsScreen:
    await agreed(stage)
    await moved(stage)
    return StatementScreen(stage.room, stage.incident.id, words_id="ST-1")


async def _edited(stage: Night) -> None:
    await approvals.approve_words(stage.by("cy"), stage.incident.plan)
    held = await agreed(stage, {"bsky": SHORT})
    text = held.text.replace("This is our mistake.", "It is ours to mend.")
    await words.edit(stage.room, stage.incident.id, "ST-1", text, {"masto": SHORT})


async def _versions(stage: Night) -> WordsScreen:
    await _edited(stage)
    return VersionsScreen(stage.room, stage.incident.id, "ST-1")


async def _inbox(stage: Night) -> WordsScreen:
    await _edited(stage)
    await words.submit(stage.room, stage.incident.id, "ST-1")
    return ApprovalsScreen(stage.by("cy"), stage.incident.id)


async def _owed(stage: Night) -> WordsScreen:
    await _owing(stage)
    return OwedScreen(stage.room, stage.incident.id)


async def _answers(stage: Night) -> WordsScreen:
    return AnswersScreen(stage.room, stage.incident.id)


async def _outbox(stage: Night) -> WordsScreen:
    inc = stage.incident.id
    await published(stage, "masto", "bsky")
    for words_id, step in (("ST-2", ""), ("ST-3", "unknown"), ("ST-4", "failed")):
        await agreed(stage)
        await sending.publish(stage.room, inc, words_id, ("masto",))
        if step:
            await went_out(stage, words_id, step)
    await stopping.stop(stage.room, "a wrong number in it")
    return OutboxScreen(stage.room, inc)


@pytest.mark.parametrize(
    ("name", "scene", "size", "palette"),
    [
        ("statement-variants-80x24", _variants, SMALL, "dark"),
        ("statement-variants-120x36", _variants, LARGE, "dark"),
        ("statement-owing-80x24", _owing, SMALL, "dark"),
        ("statement-correction-120x36", _correction, LARGE, "light"),
        ("statement-held-80x24-ascii", _held, SMALL, "mono"),
        ("versions-80x24-ascii", _versions, SMALL, "mono"),
        ("versions-120x36", _versions, LARGE, "dark"),
        ("inbox-80x24", _inbox, SMALL, "dark"),
        ("inbox-120x36-light", _inbox, LARGE, "light"),
        ("owed-80x24", _owed, SMALL, "dark"),
        ("answers-120x36", _answers, LARGE, "dark"),
        ("outbox-80x24", _outbox, SMALL, "dark"),
    ],
)
async def test_picture(
    tmp_path: Path, name: str, scene: Scene, size: tuple[int, int], palette: str
) -> None:
    async with spoken(tmp_path) as stage:
        screen = await scene(stage)
        async with showing(stage, screen, size, palette) as (app, pilot):
            await until(pilot, lambda: screen.incident)
            await settled(app, pilot)
            await until(pilot, lambda: " keys" in text_of(app))
            await pilot.pause()
            kept = HERE / f"{name}.svg"
            await looks(app, pilot, "crisisroom · INC-1", kept)  # type: ignore[arg-type]

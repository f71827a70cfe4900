"""Every screen of ours by name: the room it needs, and the keys that lead to it.

`async with on_screen("brief", (80, 24), environ) as app` opens one; a `Pilot(app)` presses keys on.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from textual.pilot import Pilot
from tui import every_nights as nights
from tui.night import TRUECOLOUR
from tui.seeing import text, until

from crisisroom.core.errors import Unavailable
from crisisroom.room import Room
from crisisroom.store.engine import Link
from crisisroom.terminals import taken_for
from crisisroom.tui.app import RoomApp
from crisisroom.tui.compose.base import ACTING, WordsScreen
from crisisroom.tui.hooks import Hooks
from crisisroom.tui.reasons import WORDS

Night = Callable[[Path], AbstractAsyncContextManager[Room]]
Move = Callable[[RoomApp, Pilot[int]], Awaitable[None]]
VIEWS = ("feed", "thread", "tasks", "timeline", "words")
_STEADY = 4  # looks in a row at which nothing may have changed


@dataclass(frozen=True)
class Shown:
    """One screen: `moves` lead there in a room, on which then a screen named `on` lies on top."""

    night: Night
    on: str = "RoomScreen"
    moves: tuple[Move, ...] = ()
    wishes: Mapping[str, object] = field(default_factory=dict)
    size: tuple[int, int] | None = None  # the only one at which it shows

    async def reach(self, app: RoomApp, pilot: Pilot[int]) -> None:
        """Go there in an app that was just begun, and wait until nothing changes any more."""
        await until(pilot, lambda: app.room_screen.is_mounted and app.room_screen.feed.loaded)
        await steady(app, pilot)
        for move in self.moves:
            await move(app, pilot)
            await steady(app, pilot)
        await until(pilot, lambda: type(app.screen).__name__ == self.on)
        await steady(app, pilot)


async def steady(app: RoomApp, pilot: Pilot[int]) -> None:
    """Wait until nothing is being read or done, and the screen looks the same for a while."""
    before, same = "", 0
    while same < _STEADY:
        await pilot.pause(0.03)
        busy = isinstance(app.screen, WordsScreen) and any(
            one.group == ACTING and not one.is_finished for one in app.workers
        )
        now = text(app)
        same = same + 1 if now == before and not busy else 0
        before = now


def press(*keys: str) -> Move:
    """Press keys, one after the other."""

    async def move(app: RoomApp, pilot: Pilot[int]) -> None:
        await pilot.press(*keys)

    return move


def act(name: str) -> Move:
    """Do an action by its name, as the palette does."""

    async def move(app: RoomApp, pilot: Pilot[int]) -> None:
        app.room_screen.action_act(name)

    return move


def row(at: str) -> Move:
    """Put the cursor of view 5 or of the checklist on a row."""

    async def move(app: RoomApp, pilot: Pilot[int]) -> None:
        here = app.room_screen
        pane = here.words if here.active == WORDS else here.tasks
        await until(pilot, lambda: pane.index_of(at) is not None)
        pane.seek(at)

    return move


async def _away(app: RoomApp, pilot: Pilot[int]) -> None:
    lost = Link("reconnecting", app.room.clock.monotonic(), 1)
    vars(app.room.store.under.engine)["link"] = lost
    app.look_at_link()


async def _upgraded(app: RoomApp, pilot: Pilot[int]) -> None:
    app.is_known(Unavailable("newer-room", "this room was upgraded", "open it anew"), asked=False)


async def _broken(app: RoomApp, pilot: Pilot[int]) -> None:
    app.failed(Unavailable("locked", "the room is locked", "another program writes; try again"))


def _by(night: Night, on: str, *moves: Move | str, **wishes: object) -> Shown:
    steps = tuple(press(one) if isinstance(one, str) else one for one in moves)
    return Shown(night, on, steps, wishes)


def _room(night: Night, *moves: Move | str, **wishes: object) -> Shown:
    return _by(night, "RoomScreen", *moves, **wishes)


_IN_THE_ROOM: Mapping[str, Shown] = {
    "feed": _room(nights.night),
    "narrative": _room(nights.stories, "v"),
    "narrative open": _room(nights.stories, "v", "j", "enter"),
    "thread": _room(nights.night, press("j", "j"), "2"),
    "triage": _room(nights.stories, "d", press("j", "space", "j", "space")),
    "tasks": _room(nights.night, "3"),
    "tasks with duties": _room(nights.duties, "3"),
    "timeline": _room(nights.night, "4"),
    "words": _room(nights.night, "5"),
    "filter line": _room(nights.night, "slash", press(*"twice")),
    "filter without a hit": _room(nights.night, "slash", press(*"zebra", "enter")),
    "no incident": _room(nights.calm),
    "warned": _room(nights.warned),
    "drill": _room(nights.drilled, drill_note="a drill"),
    "resolved": _room(nights.resolved, incident="INC-1"),
    "words stopped": _room(nights.stopped),
    "foreign feed": _room(nights.foreign),
    "foreign thread": _room(nights.foreign, "2"),
    "too small": Shown(nights.night, size=(36, 10)),
}
_EMPTY: Mapping[str, Shown] = {
    "start": _by(nights.empty, "StartScreen"),
    "empty feed": _room(nights.empty, "enter"),
    "empty thread": _room(nights.empty, "enter", "2"),
    "empty tasks": _room(nights.empty, "enter", "3"),
    "empty timeline": _room(nights.empty, "enter", "4"),
    "empty words": _room(nights.empty, "enter", "5"),
    "empty volume": _by(nights.empty, "VolumeScreen", "enter", "t"),
    "empty outbox": _by(nights.empty, "OutboxScreen", "enter", act("outbox")),
    "empty warnings": _by(nights.empty, "WarningsScreen", "enter", "W"),
    "empty sources": _by(nights.empty, "SourcesScreen", "enter", "S"),
    "empty digest": _by(nights.empty, "DigestScreen", "enter", "D"),
    "empty pages": _by(nights.empty, "NoticesScreen", "enter", "Z"),
    "empty evidence": _by(nights.night, "EvidenceScreen", "3", "Y"),
    "empty promises": _by(nights.night, "PromisesScreen", "U"),
    "empty pauses": _by(nights.night, "PausesScreen", "H"),
    "empty answers": _by(nights.duties, "AnswersScreen", act("answers")),
    "empty approvals": _by(nights.duties, "ApprovalsScreen", act("approvals")),
}
_READ_ONLY: Mapping[str, Shown] = {
    "read-only": _room(nights.observer),
    "read-only tasks": _room(nights.observer, "3"),
    "executive": _by(nights.executive, "BriefScreen"),
    "restricted": _room(nights.restricted),
    "database away": _room(nights.night, _away),
    "upgraded": _room(nights.night, _upgraded),
    "error": _room(nights.night, _broken),
}
_PAGES: Mapping[str, Shown] = {
    "brief": _by(nights.night, "BriefScreen", "b"),
    "volume": _by(nights.warned, "VolumeScreen", "t"),
    "volume of a week": _by(nights.warned, "VolumeScreen", "t", "3"),
    "figures": _by(nights.night, "FiguresScreen", "h"),
    "who is here": _by(nights.team, "WhoScreen", "u"),
    "since": _by(nights.away, "SinceScreen", "0", incident="INC-1"),
    "warning": _by(nights.warned, "WarningScreen", "W"),
    "warnings": _by(nights.warned_twice, "WarningsScreen", "W"),
    "digest": _by(nights.stories, "DigestScreen", "D"),
    "sources": _by(nights.stories, "SourcesScreen", "S"),
    "health": _by(nights.stories, "HealthScreen", "S", "h"),
    "pages": _by(nights.paged, "NoticesScreen", "Z"),
    "review": _by(nights.after, "AfterScreen", "l"),
    "actions": _by(nights.after, "AfterScreen", "l", "2"),
    "programme": _by(nights.after, "AfterScreen", "l", "3"),
    "evidence": _by(nights.night, "EvidenceScreen", "Y", "escape", "3", "Y"),
    "export": _by(nights.night, "PapersScreen", "w"),
    "promises": _by(nights.owing, "PromisesScreen", "U"),
    "pauses": _by(nights.speaking, "PausesScreen", "H"),
}
_OF_WORDS: Mapping[str, Shown] = {
    "reply": _by(nights.replying, "ReplyScreen", press("G", "r")),
    "last look": _by(nights.replying, "ReviewScreen", press("G", "r"), "ctrl+s"),
    "statement": _by(nights.variants, "StatementScreen", "5", row("words:ST-1"), "enter"),
    "statement begun": _by(
        nights.speaking_out, "StatementScreen", "5", row("template:holding"), "c"
    ),
    "statements side by side": _by(
        nights.two_versions, "VersionsScreen", "5", row("words:ST-1"), "enter", "d"
    ),
    "correction owed": _by(
        nights.out_and_wrong, "StatementScreen", "5", row("words:ST-1"), "enter"
    ),
    "corrections": _by(nights.out_and_wrong, "OwedScreen", act("owed")),
    "approvals": _by(nights.submitted, "ApprovalsScreen", act("approvals")),
    "answers": _by(nights.replying, "AnswersScreen", act("answers")),
    "outbox": _by(nights.on_its_way, "OutboxScreen", act("outbox")),
    "bulk": _by(nights.speaking, "BulkScreen", "v", "K"),
    "bulk edit": _by(nights.speaking, "EditOne", "v", "K", press("j", "e")),
    "bulk review": _by(nights.speaking, "BulkReview", "v", "K", "ctrl+s"),
}
_ASKING: Mapping[str, Shown] = {
    "help": _by(nights.night, "Help", "question_mark"),
    "help of a page": _by(nights.night, "Help", "b", "question_mark"),
    "palette": _by(nights.night, "Palette", "colon"),
    "palette narrowed": _by(nights.night, "Palette", "colon", press(*"sta")),
    "statement to choose": _by(nights.night, "Pick", "c"),
    "roles": _by(nights.duties, "Pick", "R"),
    "contacts": _by(nights.duties, "Pick", "exclamation_mark"),
    "escalate": _by(nights.duties, "Pick", act("escalate")),
    "facts": _by(nights.duties, "Pick", "f"),
    "legal duties": _by(nights.duties, "Pick", act("duties")),
    "severity": _by(nights.night, "Pick", "s"),
    "declare": _by(nights.calm, "Pick", "I", hooks=Hooks(playbooks=(nights.PLAYBOOKS,))),
    "filters": _by(nights.filtered, "Pick", act("filters")),
    "line": _by(nights.speaking, "Pick", "v", "L"),
    "task": _by(nights.duties, "Reader", "3", row("task:pause"), "enter"),
    "task done": _by(nights.duties, "Ask", "3", row("task:pause"), "space"),
    "entry": _by(nights.night, "EntryScreen", "4", "enter"),
    "note": _by(nights.night, "Ask", "m"),
    "decision": _by(nights.night, "Fields", act("decide")),
    "question": _by(nights.night, "Pick", "E"),
    "assign": _by(nights.night, "Pick", "A"),
    "add by hand": _by(nights.night, "Ask", "plus"),
    "open link": _by(nights.night, "Confirm", "o"),
    "raw": _by(nights.night, "Reader", act("raw")),
    "stop": _by(nights.speaking, "Ask", "ctrl+g"),
    "resolve": _by(nights.night, "Ask", act("resolve")),
}
EVERY: Mapping[str, Shown] = {
    **_IN_THE_ROOM,
    **_EMPTY,
    **_READ_ONLY,
    **_PAGES,
    **_OF_WORDS,
    **_ASKING,
}


def one_of_each() -> tuple[str, ...]:
    """Return the room's views, and the first name of each other screen of its own."""
    seen, found = {"RoomScreen", "Help", "Palette", "Jump"}, list(VIEWS)
    for name, shown in EVERY.items():
        if shown.on not in seen:
            seen.add(shown.on)
            found.append(name)
    return tuple(found)


@asynccontextmanager
async def on_screen(
    name: str,
    size: tuple[int, int] = (80, 24),
    environ: Mapping[str, str] = TRUECOLOUR,
    *,
    folder: Path | None = None,
    **wishes: object,
) -> AsyncIterator[RoomApp]:
    """Open a screen by its name, at a size, on a terminal of which `environ` tells.

    `wishes` go to the app. `app.screen._compositor` has what is shown; `Pilot(app)` presses on.
    """
    shown = EVERY[name]
    with tempfile.TemporaryDirectory(prefix="cr-every-") as own:
        async with shown.night(folder or Path(own)) as room:
            app = app_for(shown, room, environ, **wishes)
            async with app.run_test(size=shown.size or size) as pilot:
                await shown.reach(app, pilot)
                yield app


def app_for(
    shown: Shown, room: Room, environ: Mapping[str, str] = TRUECOLOUR, **wishes: object
) -> RoomApp:
    """Return the app that is to show a screen, not begun yet."""
    utf8 = taken_for({"LANG": "C.UTF-8", **environ}).utf8
    wishes = {"ascii_only": not utf8, **shown.wishes, **wishes}
    return RoomApp(room, environ=environ, remote=False, **wishes)  # type: ignore[arg-type]

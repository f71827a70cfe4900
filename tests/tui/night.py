"""The night of the pictures (fictional: Ferrow, a double charge), for tests of the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crisisroom.clock import ManualClock
from crisisroom.config import RoomConfig, Source
from crisisroom.core.mention import Author, Incoming, Mention
from crisisroom.core.playbook import (
    Approval,
    Cadence,
    Contact,
    Fact,
    KeyMessage,
    Phase,
    Playbook,
    Reach,
    Role,
    Severity,
    StatementTemplate,
    Task,
)
from crisisroom.room import (
    Actor,
    Room,
    facts,
    lifecycle,
    places,
    reading,
    record,
    roles,
    statements,
    tasks,
    triage,
    words,
)
from crisisroom.store import leases, sources
from crisisroom.store.sources import SourceRow
from crisisroom.tui.app import RoomApp

BEGIN = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)  # 03:10 in Berlin, a Sunday
TRUECOLOUR: Mapping[str, str] = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}

PLAYBOOK = Playbook(
    schema=1,
    id="billing-error",
    title="Billing error",
    version=4,
    severities=(
        Severity("sev1", "critical", "from 100 people an hour, press or harm"),
        Severity("sev2", "serious", "many people"),
        Severity("sev3", "minor", "single reports"),
    ),
    facts=(
        Fact("what", "what"),
        Fact("since", "since", may_fill=True),
        Fact("card", "card data"),
        Fact("affected", "affected"),
        Fact("refund", "refund by", may_fill=True),
        Fact("amount", "amount"),
    ),
    roles=(
        Role("lead", "Lead", required=True),
        Role("care", "Care"),
        Role("legal", "Legal"),
        Role("exec", "Executive"),
        Role("pay", "Payments"),
    ),
    contacts=(Contact("ops", "Payments on call", (Reach("phone", "+00 000 0142"),)),),
    phases=(
        Phase(
            "assess",
            "Assess",
            (
                Task("pause", "Pause scheduled posts", role="lead", within=300),
                Task("call", "Reach payments on call", role="lead", within=300),
                Task("sheet", "Fill the fact sheet", role="lead", within=900),
            ),
        ),
        Phase(
            "respond",
            "Respond",
            (
                Task("form", "Open the refund form", role="care", within=1200, evidence="link"),
                Task("holding", "Publish the holding text", role="lead", within=1800, warn=420),
                Task("widest", "Answer the 5 widest posts", role="care", within=2100),
                Task("phone", "Brief the phone line", role="pay", within=2400),
                Task("regulator", "Decide: tell regulator?", within=2700, evidence="note"),
                Task("write", "Write to customers", role="legal", needs_facts=("affected",)),
            ),
        ),
        Phase(
            "recover",
            "Recover",
            (
                Task("resume", "Resume scheduled posts", needs=("holding",)),
                Task("thank", "Thank those who helped", needs=("holding",)),
                Task("check", "Check every refund arrived", needs=("holding",)),
                Task("book", "Book the review", needs=("holding",)),
            ),
        ),
    ),
    statements=(
        StatementTemplate(
            "holding",
            "holding",
            "Holding statement",
            "Since {{since}} some riders were charged twice. We are sorry. This is our mistake.",
            approval="legal",
        ),
        StatementTemplate("update", "update", "First update", "We are refunding every charge."),
    ),
    key_messages=(
        KeyMessage("KM-2", "apology", "We are sorry. You were charged twice.", ("charged twice",)),
        KeyMessage("KM-4", "refund date", "It goes back to your card.", ("refund", "when")),
    ),
    approvals=(Approval("legal", ("legal",), within=780, self_approval=True),),
    cadences=(
        Cadence("public", "public", "holding", 1800, {"sev1": 1800, "sev2": 3600, "sev3": 7200}),
    ),
)

POSTS: tuple[tuple[int, str, str, int | None, str], ...] = (
    (9, "forum", "old_tram", 65, "Renewal went through twice. Screenshot follows."),
    (
        11,
        "masto",
        "@pat@social.example",
        2100,
        "You charged my card TWICE for the November pass. 98 euros gone and my rent goes out on"
        " Monday. Your phone just rings. Is anybody there?",
    ),
    (12, "bsky", "tomk", 190, "double booking in my bank app, ferrow??"),
    (14, "mail", "hana", None, "Duplicate debit of 22 November, please refund it"),
    (16, "masto", "@ines@social.example", 540, "why do I see the pass two times on my statement"),
    (19, "forum", "p_ortega", 40, "How long does a card refund take? Anyone?"),
    (20, "stars", "Jonas W.", 12, "1 star. Paid the pass twice, nobody home at the phone"),
    (21, "bsky", "dailyexample", 48000, "We hear from 20+ riders charged twice over night. Who"),
    (22, "bsky", "sunniva", 95, "fine, mistakes happen, but WHEN do I get it back"),
    (23, "masto", "@lund@social.example", 310, "second charge at 02:41 here too, is this the same"),
    (23, "forum", "kettle_on", 88, "Same. The phone line rings out. Has somebody reached them"),
    (24, "bsky", "mira.k", 1200, "Checked again: two payments of 49.00, same minute"),
)


def incoming(number: int, source: str, handle: str, reach: int | None, text: str) -> Incoming:
    """Return a post of minute `number`, as a source hands it in."""
    answers = source == "masto" and handle != "@pat@social.example"
    return Incoming(
        text=text,
        source=source,
        external_id=f"{source}-{handle}",
        author=Author(handle, handle, reach),
        url=f"https://social.example/{number}",
        posted_at=BEGIN + timedelta(minutes=number),
        reply_to="masto-@pat@social.example" if answers else "",
    )


def many(count: int, *, first: int = 0) -> list[Incoming]:
    """Return posts that come after those of the night."""
    return [
        incoming(24, "bsky", f"rider{number}", number, f"post {number} about the charge")
        for number in range(first, first + count)
    ]


@asynccontextmanager
async def empty_room(folder: Path) -> AsyncIterator[Room]:
    """Open a new room, ada in it, at the night's begin."""
    clock = ManualClock(BEGIN)
    async with await Room.open(str(folder / "room.db"), actor=Actor("ada"), clock=clock) as room:
        yield room


@asynccontextmanager
async def calm_room(folder: Path) -> AsyncIterator[Room]:
    """Open a room with the night's posts and no incident."""
    async with empty_room(folder) as room:
        advance(room, 24)
        await triage.ingest(room, [incoming(*post) for post in POSTS])
        yield room


@asynccontextmanager
async def night_room(folder: Path) -> AsyncIterator[Room]:
    """Open the room at 03:35: declared at 03:10, ada, bo, cy and dee in it."""
    async with empty_room(folder) as room:
        await _play(room)
        yield room


def advance(room: Room, minutes: float) -> None:
    """Let time pass."""
    assert isinstance(room.clock, ManualClock)
    room.clock.advance(minutes * 60)


async def by_handle(room: Room) -> dict[str, Mention]:
    """Return the room's mentions by their authors' handles."""
    return {mention.author.handle: mention for mention in await reading.mentions(room)}


async def _play(room: Room) -> None:
    bo, cy, eli = (room.as_actor(Actor(name)) for name in ("bo", "cy", "eli"))
    await _listening(room)
    inc = (
        await lifecycle.declare(room, "Double charge", playbook=PLAYBOOK, severity="sev2")
    ).incident.id
    for who, role in ((room, "lead"), (bo, "care"), (cy, "legal"), (eli, "pay")):
        await roles.take(who, inc, role)
    advance(room, 2)
    await tasks.done(room, inc, "pause")
    await tasks.done(room, inc, "call")
    advance(room, 6)
    await facts.set_fact(eli, inc, "what", "renewal run charged some passes twice", "known", "log")
    await facts.set_fact(eli, inc, "since", "02:40, stopped 03:19", "known", "payments log")
    advance(room, 1)
    await record.note(eli, inc, "stopped the renewal run")
    await facts.set_fact(eli, inc, "card", "not involved", "known", "card processor")
    await facts.set_fact(eli, inc, "affected", "", "checking")
    await tasks.done(room, inc, "sheet")
    await _posts(room, inc, 0, 9)
    advance(room, 7)
    await _posts(room, inc, 10, 16)
    await _first_answers(room, bo)
    advance(room, 3)
    await tasks.done(bo, inc, "form", "https://ferrow.example/refund")
    told = "Since 02:40 some riders were charged twice. We are sorry. This is our mistake."
    drafted = await statements.draft(room, inc, "holding", told)
    advance(room, 2)
    await _posts(room, inc, 17, 21)
    await lifecycle.severity(room, inc, "sev1", "press asks")
    advance(room, 1)
    await words.submit(room, inc, drafted.thing.id)
    advance(room, 1)
    await _posts(room, inc, 22, 23)
    await _later_answers(room, bo)
    advance(room, 1)
    await triage.ingest(room, [incoming(*post) for post in POSTS if post[0] == 24])
    await record.note(room, inc, "phoned dee, no answer")
    await _listening(room)
    advance(room, 1)


async def _posts(room: Room, inc: str, first: int, last: int) -> None:
    """Take in and link the posts of some minutes."""
    items = [incoming(*post) for post in POSTS if first <= post[0] <= last]
    added = await triage.ingest(room, items)
    await triage.link(room, inc, [f"M-{number}" for number in added.added])


async def _first_answers(room: Room, bo: Room) -> None:
    posts = await by_handle(room)
    await triage.claim(room, posts["@pat@social.example"].id)
    await triage.offline(bo, posts["hana"].id)
    await triage.dismiss(room, posts["tomk"].id)


async def _later_answers(room: Room, bo: Room) -> None:
    posts = await by_handle(room)
    await triage.claim(bo, posts["Jonas W."].id)
    await triage.claim(bo, posts["kettle_on"].id)


async def _listening(room: Room) -> None:
    """Let five sources be asked now, and the others be here."""
    names = ("masto", "bsky", "forum", "stars", "mail")
    room.config = RoomConfig(
        zone="Europe/Berlin",
        sources=tuple(Source(id=name, type="demo", every=300) for name in names),
    )
    now = room.clock.now()
    for name in names:
        row = SourceRow(id=name, last_try_at=now, last_ok_at=now)
        await room.store.write(lambda tx, row=row: sources.put(tx, row))  # type: ignore[misc]
    await room.store.write(lambda tx: leases.acquire(tx, "watch", "night", room.clock, 600))
    for who in ("bo", "cy", "dee"):
        await places.here(room.as_actor(Actor(who)), f"screen-of-{who}", "INC-1", "1")


def screen(room: Room, **wishes: object) -> RoomApp:
    """Return the app on a truecolour terminal, as a person opens it."""
    wishes = {"environ": TRUECOLOUR, "remote": False, **wishes}
    return RoomApp(room, **wishes)  # type: ignore[arg-type]

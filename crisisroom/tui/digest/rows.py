"""The digest in rows: stories with their complaints, actions, campaigns, and one of them whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.room.campaigning import CampaignWatch
from crisisroom.room.improving import Complaint, Digest, Improvement, overdue
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, wrap
from crisisroom.tui.rows.chart import Pen, bar
from crisisroom.tui.rows.feed import handle_of, one_line, source_name
from crisisroom.tui.rows.times import clock, number
from crisisroom.tui.rows.warning import heading

LINES = 3  # of an example
BAR = 24  # columns of the longest bar
_STATES = {"coming": "to come", "running": "running", "over": "over"}


@dataclass(frozen=True, slots=True)
class Week:
    """What the screen shows: the digest, every action, the campaigns, and when and where one is."""

    digest: Digest
    actions: Sequence[Improvement]
    campaigns: Sequence[CampaignWatch]
    now: datetime
    zone: tzinfo

    def complaint(self, story: str) -> Complaint | None:
        """Return what is told of a story."""
        return next((one for one in self.digest.stories if one.story.id == story), None)

    def action(self, name: str) -> Improvement | None:
        """Return an action."""
        return next((one for one in self.actions if one.id == name), None)

    def campaign(self, name: str) -> CampaignWatch | None:
        """Return a campaign."""
        return next((one for one in self.campaigns if one.campaign.id == name), None)


def week_rows(week: Week, width: int) -> Iterator[Row]:
    """Yield the list: stories people complain in, the actions, the campaigns."""
    told = week.digest
    rest = f"{told.complaints:,} of {told.mentions:,} posts since "
    rest += clock(told.since, week.now, week.zone)
    yield heading("What people complained of", rest, "focus")
    for one in told.stories:
        yield _story_row(one, width)
    if not told.stories:
        yield row(gap(3), Cell("No story with two complaints or more: nothing to mend."))
    yield BLANK
    open_ = sum(one.state == "open" for one in week.actions)
    late = sum(overdue(one, week.now.astimezone(week.zone).date()) for one in week.actions)
    yield heading("Actions", f"{open_} open" + (f", {late} late" if late else ""))
    for action in week.actions:
        yield _action_row(action, week, width)
    if not week.actions:
        yield row(gap(3), Cell("None yet.   + gives the story under the cursor an owner", "quiet"))
    yield BLANK
    yield heading("Campaigns", "" if week.campaigns else "none in crisisroom.yaml")
    for watch in week.campaigns:
        yield _campaign_row(watch, width)


def _story_row(one: Complaint, width: int) -> Row:
    rising = one.complaints > one.before
    owner = next((action.owner for action in one.actions if action.state == "open"), "")
    left = (
        gap(1),
        Cell(signs.LOOK if rising else " ", "warn"),
        gap(1),
        Cell(fit(f"{number(one.complaints)} now", 9), "text"),
        Cell(fit(f"{number(one.before)} before", 12), "quiet"),
        Cell(fit(people(one.story.authors), 12), "quiet"),
        Cell(fit(owner[:7] or "nobody", 8), "text" if owner else "warn"),
    )
    title = Cell(
        clip(one_line(one.story.title), max(8, width - 44)), "bold", not one.story.named_by
    )
    return row(*left, title, at=f"story:{one.story.id}")


def people(count: int) -> str:
    """Return a count of people in words."""
    return "1 person" if count == 1 else f"{number(count)} people"


def _action_row(action: Improvement, week: Week, width: int) -> Row:
    done = action.state == "done"
    late = overdue(action, week.now.astimezone(week.zone).date())
    base = "quiet" if done else "text"
    mark = Cell(signs.DONE, "ok") if done else Cell(signs.LOOK if late else signs.OWNED, "warn")
    return row(
        gap(1),
        mark if done or late else Cell(signs.OWNED),
        gap(1),
        Cell(fit(f"by {action.due}" if action.due else "no day", 15), "late" if late else base),
        Cell(fit(action.owner[:9], 10), base),
        Cell(fit(action.narrative, 7), "quiet"),
        Cell(clip(action.title, max(8, width - 35)), base),
        at=f"action:{action.id}",
    )


def _campaign_row(watch: CampaignWatch, width: int) -> Row:
    base = "quiet" if watch.state == "over" and watch.result else "text"
    waits = watch.state == "over" and watch.result is None
    return row(
        gap(1),
        Cell(
            signs.LOOK if waits else signs.DONE if watch.result else " ", "warn" if waits else "ok"
        ),
        gap(1),
        Cell(
            fit("needs a result" if waits else _STATES[watch.state], 15), "warn" if waits else base
        ),
        Cell(fit(watch.campaign.owner[:9] or "nobody", 10), base),
        Cell(fit(number(watch.mentions), 7), base),
        Cell(clip(watch.campaign.title, max(8, width - 35)), base),
        at=f"campaign:{watch.campaign.id}",
    )


def week_sheet(week: Week, at: str, width: int, pen: Pen) -> Iterator[Row]:
    """Yield what is told of one row of the list."""
    kind, _, name = at.partition(":")
    if kind == "story" and (story := week.complaint(name)) is not None:
        yield from _story_sheet(week, story, width)
    elif kind == "action" and (action := week.action(name)) is not None:
        yield from _action_sheet(week, action, width)
    elif kind == "campaign" and (campaign := week.campaign(name)) is not None:
        yield from _campaign_sheet(week, campaign, width, pen)


def _story_sheet(week: Week, one: Complaint, width: int) -> Iterator[Row]:
    story = one.story
    yield _title(story, width)
    times = f"{clock(story.first_at, week.now, week.zone)} to "
    times += clock(story.last_at, week.now, week.zone)
    told = f"{one.complaints} complaints in {one.mentions} posts, {one.before} in the week before"
    yield row(gap(3), Cell(f"{story.id}   {told}", "text"))
    told = f"{people(story.authors)} on {', '.join(story.sources) or 'no source'}, {times}"
    yield row(gap(3), Cell(clip(told, width - 4), "quiet"))
    if not any(action.state == "open" for action in one.actions):
        yield row(gap(3), Cell("Nobody mends it.", "warn"), Cell("   + gives it an owner", "quiet"))
    for action in one.actions:
        yield _action_row(action, week, width)
    for post in one.examples:
        yield BLANK
        yield from _example(post, week, width)


def _title(story: Narrative, width: int) -> Row:
    title = clip(one_line(story.title), width - 4)
    return row(gap(3), Cell(title, "bold", not story.named_by))


def _example(post: Mention, week: Week, width: int) -> Iterator[Row]:
    bar_ = Cell(signs.QUOTE, "faint")
    head = f"{source_name(post.source, 8)}  {clock(post.posted_at, week.now, week.zone)}  "
    name = clip(handle_of(post), max(8, width - len(head) - 4))
    yield row(gap(1), bar_, gap(1), Cell(head, "quiet"), Cell(name, "bold", True))
    lines = wrap(post.text, width - 4)
    for line in lines[:LINES]:
        yield row(gap(1), bar_, gap(1), Cell(line, "text", True))
    if len(lines) > LINES:
        yield row(gap(3), Cell(f"{len(lines) - LINES} more lines", "quiet"))


def _action_sheet(week: Week, action: Improvement, width: int) -> Iterator[Row]:
    for line in wrap(action.title, width - 4):
        yield row(gap(3), Cell(line, "bold"))
    about = f", about {action.narrative}" if action.narrative else ""
    yield row(gap(3), Cell(f"{action.id}{about}", "quiet"))
    due = f" by {action.due}" if action.due else ", no day named"
    yield row(gap(3), Cell(f"{action.owner} mends it{due}"))
    given = clock(action.at, week.now, week.zone)
    yield row(gap(3), Cell(f"given by {action.actor}, {given}", "quiet"))
    if action.done_at is not None:
        when = clock(action.done_at, week.now, week.zone)
        yield row(gap(3), Cell(f"done {when}:", "ok"))
        for line in wrap(action.outcome, width - 4):
            yield row(gap(3), Cell(line))


def _campaign_sheet(week: Week, watch: CampaignWatch, width: int, pen: Pen) -> Iterator[Row]:
    campaign = watch.campaign
    dates = f"{campaign.start} to {campaign.end}, {_STATES[watch.state]}"
    yield row(gap(3), Cell(campaign.title, "bold"), Cell(f"   {dates}", "quiet"))
    terms = f"says {', '.join(campaign.terms)}"
    yield row(gap(3), Cell(clip(f"{campaign.owner or 'nobody'} leads it; {terms}", width - 4)))
    if campaign.goal:
        yield row(gap(3), Cell("goal    ", "quiet"), Cell(clip(campaign.goal, width - 12)))
    told = f"{watch.mentions:,} posts, {watch.complaints:,} complaints"
    told += f"; {watch.before:,} posts in as many days before"
    yield row(gap(3), Cell(told))
    yield from _result(week, watch, width)
    yield BLANK
    top = max((many for _, many, _ in watch.days), default=0)
    for day, many, bad in watch.days:
        complaints = f"{bad:,} {'complaint' if bad == 1 else 'complaints'}" if bad else ""
        yield row(
            gap(3),
            Cell(fit(day, 12), "quiet"),
            *bar(many / top if top else 0.0, BAR, pen),
            Cell(fit(f" {many:,}", 9)),
            Cell(complaints, "warn" if bad * 4 >= many else "quiet"),
        )
    if not watch.days:
        yield row(gap(3), Cell("Nobody has said its words yet.", "quiet"))


def _result(week: Week, watch: CampaignWatch, width: int) -> Iterator[Row]:
    if watch.result is not None:
        said = f"{watch.result.actor}, {clock(watch.result.at, week.now, week.zone)}"
        yield row(gap(3), Cell("result  ", "quiet"), Cell(said, "quiet"))
        for line in wrap(watch.result.words, width - 4):
            yield row(gap(3), Cell(line))
    elif watch.state == "over":
        yield row(
            gap(3), Cell("It is over: what came of it?", "warn"), Cell("   r says it", "quiet")
        )

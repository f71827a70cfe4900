"""What the room's screen shows: status above, panes or tabs, keys below."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Input, Static

from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.room.access import access_of
from crisisroom.tui.feed_bridge import MentionsChanged
from crisisroom.tui.hinting import hints
from crisisroom.tui.keys.hints import fitting
from crisisroom.tui.keys.keyed import Keyed
from crisisroom.tui.looking import Look
from crisisroom.tui.reasons import FEED, TASKS, THREAD, TIMELINE, WORDS, Context
from crisisroom.tui.rows.tasks import closed
from crisisroom.tui.rows.thread import Talk
from crisisroom.tui.rows.words import waiting_words
from crisisroom.tui.screens.layout import LEFT, Layout, layout_for
from crisisroom.tui.shown import ours
from crisisroom.tui.situation import Situation
from crisisroom.tui.widgets.facts import WordsPane
from crisisroom.tui.widgets.hints import Hints
from crisisroom.tui.widgets.lines import Listing
from crisisroom.tui.widgets.pane import RowsPane
from crisisroom.tui.widgets.small import TooSmall
from crisisroom.tui.widgets.status import StatusLine
from crisisroom.tui.widgets.stories import StoryFeed
from crisisroom.tui.widgets.tabs import Tabs
from crisisroom.tui.widgets.tasks import TasksPane
from crisisroom.tui.widgets.thread import ThreadPane
from crisisroom.tui.widgets.timeline import TimelinePane

if TYPE_CHECKING:
    from crisisroom.tui.hearing import HearingApp

_WAIT, _WAIT_FAR = 0.12, 0.4  # seconds the cursor rests before the thread beside it is read


class Panes(Keyed[None]):
    """Five views; on a wide screen four of them at once."""

    AUTO_FOCUS = ""

    def __init__(self, app: HearingApp) -> None:
        super().__init__()
        self.host = app
        self.thread_for = ""
        self._talked_of: Incident | None = None  # as it was when the thread was read
        self._soon: Timer | None = None
        self.active = FEED
        self.frame: Layout = layout_for(80, 24)
        self.feed = StoryFeed(app.room, id="feed")
        self.thread = ThreadPane(id="thread")
        self.tasks = TasksPane(app.room.clock.monotonic, id="tasks")
        self.timeline = TimelinePane(app.room, id="timeline")
        self.words = WordsPane(id="words")
        self.status = StatusLine()
        self.tabs = Tabs(id="tabs")
        self.hints = Hints()
        self.left = Vertical(id="left")
        self.right = Vertical(id="right")
        self.filter_line = Input(id="filter", select_on_focus=False)
        self.filter_line.cursor_blink = False
        self.filter_line.can_focus = False
        self.incidents = 0
        self._up = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay everything out once; what shows is a matter of classes."""
        self.frame = layout_for(*self.app.size)
        self._show_frame()  # before there are panes: they are styled and laid out once
        yield self.status
        yield self.tabs
        yield TooSmall()
        with Horizontal(id="panes"):
            with self.left:
                yield self.tasks
                yield self.timeline
            with self.right:
                yield self.feed
                yield self.thread
                yield self.words
        with Horizontal(id="filter-line"):
            yield Static(ours(" / "))
            yield self.filter_line
            yield Static(ours(" enter keeps   esc clears "), classes="keys")
            yield Static(ours("  tab more "), classes="keys more")
        yield self.hints

    def on_mount(self) -> None:
        """Lay the panes out."""
        self.lay_out()
        self._up.set()

    async def begin(self) -> None:
        """Show what the app knows by now, and read the feed."""
        await self._up.wait()
        self.take_situation(self.host.situation)
        self.feed.reload(self.host.come_back_to)

    # Panes.

    @property
    def panes(self) -> dict[int, Listing]:
        """Return the panes by the number of their view."""
        return {
            FEED: self.feed,
            THREAD: self.thread,
            TASKS: self.tasks,
            TIMELINE: self.timeline,
            WORDS: self.words,
        }

    @property
    def pane(self) -> Listing:
        """Return the pane that has the keys."""
        return self.panes[self.active]

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout for the size."""
        self.frame = layout_for(event.size.width, event.size.height)
        self.lay_out()

    def lay_out(self) -> None:
        """Show the panes that belong on the screen, at their heights."""
        self._show_frame()
        for pane in self.panes.values():
            pane.keep_in_view()
            pane.sync()
        self.show_keys(keep=True)

    def _show_frame(self) -> None:
        frame, shown = self.frame, self.frame.shows(self.active)
        for name, has in frame.classes.items():
            self.set_class(has, name)
        for number, pane in self.panes.items():
            pane.set_class(number in shown, "-shown")
            pane.active = number == self.active
            several = number in shown and len(shown) > 1
            height = frame.height(number, self.active) if several else None
            pane.styles.height = height if height else "1fr"
            pane.styles.margin = (1, 0, 0, 0) if height and number in (TIMELINE, THREAD) else 0
        for pane in (self.feed, self.thread, self.tasks, self.timeline, self.words):
            pane.wide = frame.wide
        self.left.set_class(not any(number in LEFT for number in shown), "-hidden")
        self.right.set_class(all(number in LEFT for number in shown), "-hidden")

    def show_view(self, view: int) -> None:
        """Give a view the keys, and on a narrow screen the screen."""
        self.active = view
        if view == THREAD or self.frame.wide:
            self.read_thread(now=True)
        self.lay_out()
        self.show_tabs()
        self.host.moved()

    def read_thread(self, *, now: bool = False) -> None:
        """Read the thread of the chosen post soon, where it shows."""
        if not self.frame.wide and self.active != THREAD:
            return
        post = self.feed.mention
        if post is None:
            self.thread.clear()
            return
        self.thread_for = post.id
        if self._soon is not None:
            self._soon.stop()
        wait = _WAIT_FAR if self.host.remote else _WAIT
        self._soon = self.set_timer(0.01 if now else wait, self.host.read_talk)

    def show_only(self, typed: str, view: int) -> None:
        """Go back to the feed or the timeline, narrowed to what fits."""
        self.pop_until_active()
        self.show_view(view)
        (self.timeline if view == TIMELINE else self.feed).narrow(typed)

    def seek(self, view: int, at: str) -> None:
        """Go to a row of the checklist, the timeline or the words, as soon as it is there."""
        if view == TIMELINE:
            self.timeline.seek(int(at.partition(":")[2]))
        elif view in (TASKS, WORDS):
            (self.tasks if view == TASKS else self.words).seek(at)

    # What is known.

    def take_situation(self, know: Situation) -> None:
        """Show another moment on every pane."""
        self.status.show(know)
        for pane in (self.feed, self.thread, self.tasks, self.timeline, self.words):
            pane.show(know)
        self.show_tabs()
        self.show_keys(keep=True)

    def take_look(self, seen: Look) -> None:
        """Show what was read of the room; the thread is read again where it may differ."""
        self.incidents = seen.incidents
        before, now = self._talked_of, seen.situation.incident
        self._talked_of = now
        if seen.situation.incident is not None:
            self.words.put(seen.lines)
        self.take_situation(seen.situation)
        post = self.feed.mention
        if self.thread_for != (post.id if post else "") or _talk_differs(before, now):
            self.read_thread()

    def take_mentions(self, changed: MentionsChanged) -> None:
        """Let the feed take in what changed; the thread in view may be one of them."""
        if changed.ranges:
            self.feed.changed(changed.ranges)
            post = self.thread.talk.mention.number if self.thread.talk else 0
            if any(low <= post <= high for low, high in changed.ranges):
                self.read_thread()
        else:
            self.feed.reload(self.feed.mention.id if self.feed.mention else "")

    def take_talk(self, talk: Talk) -> None:
        """Show a conversation, unless the cursor went on meanwhile."""
        if talk.mention.id == self.thread_for:
            self.thread.show(self.host.situation, talk)
            self.show_keys(keep=True)

    def show_tabs(self) -> None:
        """Show how many wait in each view."""
        incident = self.host.situation.incident
        counts = {FEED: self.feed.free}
        if incident is not None:
            counts[TASKS] = sum(not closed(task) for task in incident.tasks.values())
            counts[WORDS] = waiting_words(incident)
        self.tabs.show(self.active, counts)

    # Keys.

    @property
    def post(self) -> Mention | None:
        """Return the post that keys act on: the thread's in view 2, else the feed's."""
        if self.active == THREAD:
            return self.thread.talk.mention if self.thread.talk else self.feed.mention
        return self.feed.mention if self.active == FEED else None

    def context(self) -> Context:
        """Return what a key would act on now."""
        know = self.host.situation
        incident = know.incident
        kind, _, chosen = self.tasks.chosen.partition(":") if self.active == TASKS else ("", "", "")
        words_id = self.words.chosen_of("words") if self.active == WORDS else ""
        fact_id = self.words.chosen_of("fact") if self.active == WORDS else ""
        rows: dict[int, RowsPane | TimelinePane] = {TASKS: self.tasks, WORDS: self.words}
        rows[TIMELINE] = self.timeline
        post = self.post
        return Context(
            view=self.active,
            me=know.me,
            incident=incident,
            mention=post,
            task=incident.tasks.get(chosen) if incident and kind == "task" else None,
            run=incident.escalations.get(chosen) if incident and kind == "call" else None,
            deadline=incident.deadlines.get(chosen) if incident and kind == "deadline" else None,
            enquiry=incident.enquiries.get(chosen) if incident and kind == "enquiry" else None,
            entry=self.timeline.entry if self.active == TIMELINE else None,
            words=incident.words(words_id) if incident and words_id else None,
            fact=incident.facts.get(fact_id) if incident else None,
            at=rows[self.active].chosen if self.active in rows else self._at(post),
            undo=self.host.undo[-1].label if self.host.undo else "",
            remote=self.host.remote,
            restricted=self.host.room.actor.confined or self.host.is_web,
            reads_only=access_of(self.host.room),
            settled=self._settled(),
            incidents=self.incidents,
            drill_over=know.drill_over,
            warned=len(know.waiting),
            story=self.feed.story if self.active == FEED else None,
            marked=tuple(self.feed.marks.values()) if self.active == FEED else (),
            typed=self.feed.filter.typed,
            stopped=know.stopped,
        )

    def _at(self, post: Mention | None) -> str:
        """Return what the cursor of the feed stands on; in the thread it is the post."""
        return self.feed.at if self.active == FEED else post.id if post else ""

    def _settled(self) -> bool:
        if self.active == TASKS:
            return self.tasks.settled
        return self.active != FEED or self.feed.settled

    def show_keys(self, *, keep: bool = False) -> None:
        """Show the keys for the row under the cursor; `keep` leaves a message on the line."""
        keys, width = self.host.keys, self.size.width
        told = hints(self.context(), keys, width=width)
        self.hints.show_keys(fitting(told, keys.help_key(types=self.types), width), keep=keep)

    def say(self, words: str, role: str = "text") -> None:
        """Put one message on the line of keys, until the next key."""
        self.hints.say(ours(words, role, self.host.palette))


def _talk_differs(before: Incident | None, now: Incident | None) -> bool:
    """Say whether what a thread shows of the incident may differ: our replies, and what fits."""
    if before is None or now is None:
        return before is not now
    parts = ("id", "replies", "lines", "plan", "mentions", "stories", "facts")
    return any(getattr(before, one) is not getattr(now, one) for one in parts)

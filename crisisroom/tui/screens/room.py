"""The room's screen: its keys, and what it does by itself: moving, filtering, following."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer
from textual.widgets import Input

from crisisroom.tui import actions
from crisisroom.tui.actions import BY_ID
from crisisroom.tui.bounded import forget_closed
from crisisroom.tui.keys.key import Place
from crisisroom.tui.keys.keyed import bind
from crisisroom.tui.keys.room import ROOM
from crisisroom.tui.reasons import FEED, TASKS, THREAD, TIMELINE, WORDS
from crisisroom.tui.screens.panes import Panes
from crisisroom.tui.widgets.feed import Feed
from crisisroom.tui.widgets.lines import Listing
from crisisroom.tui.widgets.tabs import Tabs
from crisisroom.tui.widgets.timeline import TimelinePane

_NARROWING = 0.2  # seconds without a key after which what was typed narrows the list


class RoomScreen(Panes):
    """One key, one action of the registry; a key that cannot act says why."""

    _narrowing: Timer | None = None

    @property
    def where(self) -> Place:
        """What the view in front is, as help tells it."""
        return ROOM[self.active]

    def bind_keys(self) -> None:
        """Take on the keys of all views: which view each belongs to is asked when it is pressed."""
        bind(self, {one.id: one for place in ROOM.values() for one in place.acts}.values())

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done now, empty where it can."""
        return BY_ID[id].why_not(self.context())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a key through only in the views it belongs to."""
        if action == "act" and parameters:
            return self.active in BY_ID[str(parameters[0])].views
        return True

    def action_act(self, name: str) -> None:
        """Do what a key stands for, or say why it cannot be done."""
        self.hints.clear()
        context = self.context()
        action = BY_ID[name]
        if reason := action.why_not(context):
            self.feed.follows = self.feed.follows and context.settled
            self.say(f"{actions.label_of(action, self.active, context.kind)}: {reason}", "warn")
        elif not self.moves(name):
            self.host.perform(name, context)

    def moves(self, name: str) -> bool:
        """Do an action of the screen itself; say whether it was one."""
        step = _STEPS.get(name)
        if step is not None:
            step(self)
            return True
        return False

    def step_pane(self, by: int) -> None:
        """Give the keys to the next pane; from the filter's line, offer the saved filters."""
        if self.has_class("-filtering"):
            self.end_filter()
            told = "entry-filters" if self.active == TIMELINE else "filters"
            self.host.perform(told, self.context())
            return
        order = [FEED, THREAD, TASKS, TIMELINE, WORDS]
        self.show_view(order[(order.index(self.active) + by) % len(order)])

    def open_row(self) -> None:
        """Show what the row stands for."""
        if self.active == FEED:
            if not self.feed.open_line():
                self.show_view(THREAD)
        elif self.active == TASKS:
            self.open_task()
        elif self.active == TIMELINE:
            if self.timeline.entry is not None:
                self.host.perform("entry", self.context())
        elif self.active == WORDS:
            self.open_words()

    def open_task(self) -> None:
        """Fold a phase, list the duties, or show a row whole."""
        kind, _, name = self.tasks.chosen.partition(":")
        if kind == "phase":
            self.tasks.turn(name)
            self.show_keys()
        elif kind:
            self.host.perform("duties" if kind == "deadlines" else "detail", self.context())

    def open_words(self) -> None:
        """Open the fact, statement or reply under the cursor."""
        kind, _, _ = self.words.chosen.partition(":")
        name = {
            "fact": "facts",
            "words": "edit",
            "template": "statement",
            "key": "approvals",
            "owed": "owed",
        }
        if kind in name:
            self.action_act(name[kind])

    def go_back(self) -> None:
        """Clear a filter, else go back to the feed."""
        if self.active == TIMELINE and self.timeline.filter:
            self.timeline.narrow("")
        elif self.active == FEED and self.feed.marks:
            self.feed.unmark()
        elif self.active == FEED and self.feed.filter.typed:
            self.feed.narrow("")
        elif self.active != FEED:
            self.show_view(FEED)
        self.show_keys()

    def quit(self) -> None:
        """Go back, and from the feed leave the room."""
        if self.active != FEED or self.feed.filter.typed:
            self.go_back()
        else:
            self.host.perform("leave", self.context())

    def follow(self) -> None:
        """Let the feed follow the newest, or hold it."""
        if self.active not in (FEED, THREAD):
            self.show_view(FEED)
        self.feed.toggle_follow()

    def turn_over(self) -> None:
        """Show the feed by story, or one post after the other."""
        if self.active not in (FEED, THREAD):
            self.show_view(FEED)
        self.feed.turn_over()
        self.show_keys()
        self.host.moved()

    # The filter line.

    def begin_filter(self) -> None:
        """Open the line in which a filter is typed."""
        if self.active not in (FEED, TIMELINE):
            self.show_view(FEED)
        line = self.filter_line
        line.value = self.timeline.filter if self.active == TIMELINE else self.feed.filter.typed
        line.can_focus = True
        self.add_class("-filtering")
        line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow while somebody types."""
        event.stop()
        if self._narrowing is not None:
            self._narrowing.stop()
        self._narrowing = self.set_timer(_NARROWING, self.narrow)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter and go back to the list."""
        event.stop()
        self.end_filter()

    def narrow(self) -> None:
        """Show only what fits the line."""
        typed = self.filter_line.value
        if self.active == TIMELINE:
            self.timeline.narrow(typed)
        else:
            self.feed.narrow(typed)

    def end_filter(self) -> None:
        """Close the line; what was typed still narrows."""
        if self.has_class("-filtering"):
            if self._narrowing is not None:
                self._narrowing.stop()  # what was typed is taken now, and not once more later
            self.narrow()
            self.remove_class("-filtering")
            self.set_focus(None)
            self.filter_line.can_focus = False
            self.show_keys()

    # The thread beside the feed.

    def on_screen_resume(self) -> None:
        """Let the others know that nothing is written any more: what lay above was closed."""
        forget_closed()
        if self.host.is_placed:
            self.host.moved(soon=True)

    def on_listing_moved(self, event: Listing.Moved) -> None:
        """Show the keys of the new row, and soon its thread."""
        event.stop()
        self.show_keys(keep=True)
        if event.listing is self.feed:
            self.read_thread()
        self.host.moved()

    def on_feed_counted(self, event: Feed.Counted) -> None:
        """Show how many are free; with the first page the screen is worth being sent."""
        event.stop()
        self.show_tabs()
        self.call_after_refresh(self.host.show_first)

    def on_tabs_chosen(self, event: Tabs.Chosen) -> None:
        """Show the view whose tab was clicked."""
        event.stop()
        self.show_view(event.view)

    def on_feed_broke(self, event: Feed.Broke) -> None:
        """Say that a read failed."""
        event.stop()
        self.host.show_first()
        if not self.host.is_known(event.error, asked=False):
            self.host.failed(event.error)

    def on_timeline_pane_broke(self, event: TimelinePane.Broke) -> None:
        """Say that a read failed."""
        event.stop()
        if not self.host.is_known(event.error, asked=False):
            self.host.failed(event.error)


_STEPS: dict[str, Callable[[RoomScreen], object]] = {
    "down": lambda here: here.pane.move(1),
    "up": lambda here: here.pane.move(-1),
    "top": lambda here: here.pane.first(),
    "bottom": lambda here: here.pane.last(),
    "page-down": lambda here: here.pane.page(1),
    "page-up": lambda here: here.pane.page(-1),
    "pane-next": lambda here: here.step_pane(1),
    "pane-before": lambda here: here.step_pane(-1),
    "feed": lambda here: here.show_view(FEED),
    "thread": lambda here: here.show_view(THREAD),
    "tasks": lambda here: here.show_view(TASKS),
    "timeline": lambda here: here.show_view(TIMELINE),
    "words": lambda here: here.show_view(WORDS),
    "next": lambda here: here.feed.seek_free(1),
    "before": lambda here: here.feed.seek_free(-1),
    "open": lambda here: here.open_row(),
    "back": lambda here: here.go_back(),
    "filter": lambda here: here.begin_filter(),
    "follow": lambda here: here.follow(),
    "mark": lambda here: here.feed.mark(),
    "by-story": lambda here: here.turn_over(),
    "quit": lambda here: here.quit(),
}

"""The panes of the screens of words that show one thing each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from crisisroom.core.incident import Incident, Words
from crisisroom.core.review import Problem
from crisisroom.core.timeline import Entry
from crisisroom.room import Scene
from crisisroom.room.desk import Desk, Review
from crisisroom.tui.compose import known, replying, stating
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.place import Place
from crisisroom.tui.compose.review import problem_items
from crisisroom.tui.compose.said import Item, line


class Facts(Vertical):
    """What we know, and the versions of a statement."""

    DEFAULT_CSS = """
    Facts {
        #facts-title, #versions-title { padding-left: 3; }
        #facts, #versions { margin: 1 0; }
        #facts { max-height: 60%; }
    }
    """

    def compose(self) -> ComposeResult:
        """Facts above, versions below."""
        yield Text(id="facts-title")
        yield Items(id="facts")
        yield Text(id="versions-title")
        yield Quiet(id="versions")

    async def show(
        self,
        incident: Incident,
        words: Words | None,
        entries: Iterable[Entry],
        now: datetime,
        zone: tzinfo,
    ) -> None:
        """Show the fact sheet, and the versions of these words."""
        facts = incident.facts.values()
        self.query_one("#facts-title", Text).say(known.facts_title(facts))
        await self.query_one("#facts", Items).show(known.fact_items(facts, now, zone))
        title = self.query_one("#versions-title", Text)
        title.display = words is not None
        title.say(line(("Versions", "bold")))
        items: list[Item] = []
        if words is not None:
            items = known.version_items(known.versions_of(entries, words.id), words, now, zone)
        await self.query_one("#versions", Items).show(items)


class Approvals(Vertical):
    """What is wrong with a statement, who approved it, and where it went."""

    SCOPED_CSS = False  # it looks at the screen's width
    DEFAULT_CSS = """
    Approvals {
        height: auto;
        #problems { max-height: 3; }
        #approvals-title { padding-left: 3; margin-top: 1; }
        #approvals { max-height: 5; }
    }
    .-wide Approvals {
        #problems { max-height: 6; }
        #approvals { max-height: 8; margin-top: 1; }
    }
    """

    def compose(self) -> ComposeResult:
        """Problems above, approvals below."""
        yield Quiet(id="problems")
        yield Text(id="approvals-title")
        yield Quiet(id="approvals")

    async def show(
        self, desk: Desk, words: Words | None, review: Review, scene: Scene, zone: tzinfo
    ) -> None:
        """Show what stands between these words and the public."""
        problems = problem_items(stating.open_problems(words, review, desk))
        await self.query_one("#problems", Items).show(problems)
        self.query_one("#approvals-title", Text).say(stating.approvals_title(words))
        incident = desk.incident
        items = stating.approval_items(incident, words, review, scene, zone) if words else []
        await self.query_one("#approvals", Items).show(items)


class Post(Vertical):
    """What is answered: a stranger's words, what others said to them, how long they wait."""

    SCOPED_CSS = False  # it looks at the screen's width
    DEFAULT_CSS = """
    Post {
        height: auto; margin-top: 1;
        #post { height: auto; max-height: 5; margin-left: 1; scrollbar-size: 0 0; }
        #thread { height: auto; margin-left: 1; }
        #about { padding-left: 3; margin-bottom: 1; }
    }
    .-wide Post {
        #post { max-height: 9; }
        #thread Words { margin-top: 1; }
        #about { margin: 1 0 2 0; }
    }
    """

    def compose(self) -> ComposeResult:
        """The post, then its thread."""
        with VerticalScroll(id="post", can_focus=False):
            yield Text(id="quote", quote=True)
        yield Vertical(id="thread")
        yield Text(id="about")

    async def show(self, place: Place, now: datetime, *, answers: int) -> None:
        """Show the post and at most so many answers of others."""
        self.query_one("#quote", Text).say(*replying.quote(place.mention))
        self.query_one("#about", Text).say(replying.about(place, now))
        thread = self.query_one("#thread", Vertical)
        await thread.remove_children()
        bits = replying.thread_bits(place, answers)
        await thread.mount(*(Text(bit, quote=True) for bit in bits))


class Quiet(Items):
    """A list that is only looked at: tab passes it by."""

    can_focus = False


class Problems(Quiet):
    """What is wrong with a reply."""

    async def tell(self, problems: Sequence[Problem]) -> None:
        """Show these."""
        await self.show(problem_items(problems))

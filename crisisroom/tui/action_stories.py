"""The actions of listening: posts handled and sorted, stories put right, filters, screens."""

from __future__ import annotations

from crisisroom.tui import reasons
from crisisroom.tui.action import CASE, LOOK, POST, ROOM, SAY, STORY, TRIAGE, Action
from crisisroom.tui.bulk import reasons as speaking
from crisisroom.tui.reasons import FEED, POSTS

_FEED = frozenset((FEED,))

HANDLED: tuple[Action, ...] = (
    Action(
        "link",
        ("i",),
        "link",
        "link the post, or the story, to the incident",
        POST,
        POSTS,
        reasons.links,
    ),
    Action(
        "unlink", (), "unlink", "take the post out of the incident", POST, POSTS, reasons.unlinks
    ),
    Action(
        "dismiss",
        ("x",),
        "not relevant",
        "mark the post as not relevant; on a story all its free posts",
        POST,
        POSTS,
        reasons.dismisses,
    ),
    Action(
        "private",
        ("O",),
        "taken offline",
        "note that it goes on in private; on a story all its free posts",
        POST,
        POSTS,
        reasons.sorts,
    ),
)

VERDICTS: tuple[Action, ...] = (
    Action(
        "sort-answer",
        ("d",),
        "needs an answer",
        "the post needs an answer; on a story all its free posts",
        TRIAGE,
        POSTS,
        reasons.sorts,
    ),
    Action(
        "sort-correct",
        ("C",),
        "facts are wrong",
        "what the post says is wrong: the facts need to be put right",
        TRIAGE,
        POSTS,
        reasons.sorts,
    ),
    Action(
        "sort-restore",
        ("P",),
        "put right",
        "something went wrong for them and needs to be put right",
        TRIAGE,
        POSTS,
        reasons.sorts,
    ),
    Action(
        "sort-monitor",
        ("M",),
        "watch",
        "no answer is better: keep an eye on it",
        TRIAGE,
        POSTS,
        reasons.sorts,
    ),
    Action(
        "sort-thank",
        ("T",),
        "thank",
        "they speak well of us: thank them",
        TRIAGE,
        POSTS,
        reasons.sorts,
    ),
    Action(
        "unsort",
        (),
        "unsort",
        "take back what was said that the post needs",
        TRIAGE,
        POSTS,
        reasons.sorts,
    ),
    Action(
        "advocate",
        ("V",),
        "advocate",
        "tag the post: its author speaks for us",
        TRIAGE,
        POSTS,
        reasons.tags,
    ),
    Action(
        "mark",
        ("space",),
        "mark",
        "mark the post: the next act is done on all that are marked",
        TRIAGE,
        _FEED,
        reasons.needs_post,
    ),
)

STORIES: tuple[Action, ...] = (
    Action("by-story", ("v",), "by story", "the feed by story, or one after the other", STORY),
    Action(
        "story-name",
        ("N",),
        "name",
        "give the story a name of ours",
        STORY,
        _FEED,
        reasons.needs_story,
    ),
    Action(
        "story-merge",
        ("J",),
        "join",
        "make this story and another one story",
        STORY,
        _FEED,
        reasons.needs_story,
    ),
    Action(
        "story-split",
        ("B",),
        "break off",
        "make the marked posts, or this one, a story of their own",
        STORY,
        _FEED,
        reasons.splits,
    ),
    Action(
        "story-aside",
        ("X",),
        "set aside",
        "set the story aside: it is counted on and not shown",
        STORY,
        _FEED,
        reasons.needs_story,
    ),
    Action("story-back", (), "take back", "show a story again that was set aside", STORY),
    Action(
        "story-unlink",
        (),
        "unlink story",
        "take the story out of the incident",
        STORY,
        _FEED,
        reasons.unlinks_story,
    ),
)

ROOMS: tuple[Action, ...] = (
    Action("filters", (), "saved filters", "narrow the feed by a saved filter", LOOK),
    Action(
        "filter-save",
        (),
        "save this filter",
        "keep what narrows the feed under a name",
        LOOK,
        reason=reasons.saves,
    ),
    Action("filter-drop", (), "forget a filter", "forget a saved filter", LOOK),
    Action(
        "since",
        ("0",),
        "since you were here",
        "what happened since you were here last, and what of it was for you",
        LOOK,
        reason=reasons.needs_any_incident,
    ),
    Action(
        "who", ("u",), "who is here", "who is here, where they look, what everybody holds", ROOM
    ),
    Action(
        "digest", ("D",), "digest", "what people complained of this week, and who mends it", ROOM
    ),
    Action("sources", ("S",), "sources", "where we listen, and whether it works", ROOM),
    Action("pages", ("Z",), "pages", "who was told what, and what waits for your answer", ROOM),
)

SPEAKING: tuple[Action, ...] = (
    Action(
        "stop",
        ("ctrl+g",),
        "stop all outgoing words",
        "at once, in every incident, also while you type; the reason is asked for after",
        SAY,
        reason=speaking.stops,
    ),
    Action(
        "resume-words",
        (),
        "let words go again",
        "after a stop: the lead's decision, with the reason",
        SAY,
        reason=speaking.resumes,
    ),
    Action(
        "story-answer",
        ("K",),
        "answer the story",
        "one approved answer to all its people, looked through one by one",
        STORY,
        _FEED,
        speaking.answers_story,
    ),
    Action(
        "bulks",
        (),
        "answers to many",
        "how an answer to a story goes: stop it, let it go on",
        SAY,
        reason=speaking.needs_bulk,
    ),
    Action(
        "line",
        ("L",),
        "line",
        "how the story is answered: all, questions only, monitor, Legal only",
        STORY,
        reason=reasons.needs_incident,
    ),
    Action(
        "promises",
        ("U",),
        "promises",
        "what we owe people: promises in replies, talks in private",
        SAY,
        reason=reasons.needs_any_incident,
    ),
    Action(
        "promise",
        (),
        "promise",
        "write down what the reply under the cursor promises",
        SAY,
        reason=speaking.promises,
    ),
    Action(
        "pauses",
        ("H",),
        "pause list",
        "hush what speaks for us by itself: accounts, scheduled posts, ads",
        CASE,
        reason=reasons.needs_any_incident,
    ),
)

LISTENING = (*HANDLED, *VERDICTS, *STORIES, *ROOMS, *SPEAKING)

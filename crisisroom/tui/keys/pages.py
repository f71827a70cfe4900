"""The keys of the pages and lists that are opened from the room."""

from __future__ import annotations

from datetime import timedelta

from crisisroom.core.chart import SPANS
from crisisroom.tui.keys.general import BACK, BELOW, FACT_SHEET, FOCUS, LIST, PAGE, SHEET, UNDO_KEY
from crisisroom.tui.keys.key import ASKS, UNDO, Key, Place, key

_END: tuple[Key, ...] = (FACT_SHEET, *FOCUS, BACK, UNDO_KEY)
_LIST: tuple[Key, ...] = (*LIST, *SHEET, *_END)
_BELOW: tuple[Key, ...] = (*LIST, *BELOW, *_END)
_AUDIENCES = ("everybody", "exec", "legal", "care", "comms")


def _span(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    return f"{hours} h" if hours <= 48 else f"{hours // 24} days"


WHO = Place(
    "who",
    "Who is here",
    "Who is here, where they look, and what everybody holds. Work goes from one person to"
    " another here.",
    (
        key("enter", "follow", "look where they look", "who.follow"),
        key("H", "hand_over", "hand everything you hold over to them", "who.hand-over", ASKS),
        key("T", "take_over", "take over everything they hold", "who.take-over", ASKS),
        *_LIST,
    ),
)
SINCE = Place(
    "since",
    "Since you were here",
    "What happened while you were away, and what of it was for you.",
    (
        key("enter", "entry", "this entry on its timeline", "since.entry"),
        key("t", "timeline", "all of it on the timeline", "since.timeline"),
        key("s", "since", "from another time on", "since.from"),
        *_LIST,
    ),
)
WARNING = Place(
    "warning",
    "Early warning",
    "What the room noticed, and by which figures. A person decides whether it is a crisis.",
    (
        key(
            "I", "declare", "declare it; once declared: open the incident", "warning.declare", ASKS
        ),
        key("w", "watch", "keep an eye on it", "warning.watch", UNDO),
        key("x", "set_aside", "not a crisis, with the reason", "warning.dismiss", UNDO),
        key("enter", "posts", "its posts in the feed", "warning.posts"),
        key("n", "step(1)", "next one that waits", "warning.next"),
        key("p", "step(-1)", "the one before", "warning.before"),
        key("l", "list", "all early warnings", "warning.list"),
        key("z", "undo", "take the decision on it back", "undo", "it is the way back itself"),
        *PAGE,
        *_END[:-1],
    ),
)
WARNINGS = Place(
    "warnings",
    "Early warnings",
    "What the room warns of, the newest first: each waits for a person's decision.",
    (key("enter", "open", "open the early warning", "warnings.open"), *LIST, *_END),
)
VOLUME = Place(
    "volume",
    "Volume",
    "How much is said of us, against what is usual at this hour, with complaints and sources.",
    (
        *(
            key(str(number), f"span({number - 1})", f"the last {_span(span)}", f"volume.{number}")
            for number, (span, _) in enumerate(SPANS, 1)
        ),
        key("t", "of", "of one term or story, or of everything", "volume.of"),
        *PAGE,
        *_END,
    ),
)
BRIEF = Place(
    "brief",
    "Brief",
    "Where the incident stands, on one page, for who has just come or only reads.",
    (
        key("tab", "reader(1)", "for the next audience", "brief.next"),
        key("shift+tab", "reader(-1)", "for the audience before", "brief.before"),
        *(
            key(str(number), f"choose({number - 1})", f"for {name}", f"brief.{number}")
            for number, name in enumerate(_AUDIENCES, 1)
        ),
        key("enter", "whole", "every line, or the short page again", "brief.whole"),
        key("y", "copy", "copy the page as text", "brief.copy"),
        key("j,down", "move(1)", "a line down", "page.down"),
        key("k,up", "move(-1)", "a line up", "page.up"),
        *PAGE[2:],
        FACT_SHEET,
        BACK,
        UNDO_KEY,
    ),
)
FIGURES = Place(
    "figures",
    "Figures",
    "How fast we were, each figure with the entries of the timeline it counts from and to.",
    (
        key("enter", "end", "the entry it counts to, on the timeline", "figures.end"),
        key("b", "begin", "the entry it counts from, on the timeline", "figures.begin"),
        *_BELOW,
    ),
)
SOURCES = Place(
    "sources",
    "Sources",
    "Where we listen, and whether it works.",
    (
        key("enter", "posts", "what it brought, in the feed", "sources.posts"),
        key("h", "health", "who works on the room, and what is wrong with it", "sources.health"),
        *_LIST,
    ),
)
HEALTH = Place(
    "health",
    "Health",
    "Who works on the room, and what is wrong with it.",
    _LIST,
)
PAGES = Place(
    "pages",
    "Pages",
    "Who was told what, by which way, and what waits for your answer.",
    (
        key(
            "space",
            "acknowledge",
            "say that you have it: nobody is told any more",
            "pages.ack",
            "an acknowledgement stands; give it on with the post, task or role itself",
        ),
        *_BELOW,
    ),
)
DIGEST = Place(
    "digest",
    "Digest",
    "What people complained of this week, and who mends it.",
    (
        key("plus", "add", "give the story an owner and a day", "digest.add", ASKS),
        key("x", "done", "the action is done, with what came of it", "digest.done", ASKS),
        key("r", "result", "say what came of a campaign that is over", "digest.result", ASKS),
        key("enter", "posts", "its posts in the feed", "digest.posts"),
        *_LIST,
    ),
)
PROMISES = Place(
    "promises",
    "Promises",
    "What we owe people: promises in replies, talks in private, each with who sees to it.",
    (
        key("plus", "add", "write down what a reply promises", "promises.add", UNDO),
        key(
            "space",
            "settle",
            "the promise is kept; the talk in private is over",
            "promises.done",
            ASKS,
        ),
        key("x", "drop", "the promise will not be kept: say why", "promises.drop", ASKS),
        key("enter", "whole", "read it whole", "promises.read"),
        *_BELOW,
    ),
)
PAUSES = Place(
    "pauses",
    "Pause list",
    "Every account, queue, ad and agency that speaks for us by itself: hush it, and make sure.",
    (
        key("space", "paused", "it is paused: you made sure", "pauses.paused", UNDO),
        key("n", "not_needed", "it need not be paused", "pauses.not-needed", UNDO),
        key("x", "failed", "it could not be paused: say why", "pauses.failed", UNDO),
        key(
            "h",
            "hook",
            "run its hook",
            "pauses.hook",
            "a hook acts outside the room; r lets it speak again",
        ),
        key(
            "H",
            "hooks",
            "run the hooks of all that still speak",
            "pauses.hooks",
            "hooks act outside the room; R lets all speak again",
        ),
        key("r", "resume", "let it speak again, with the reason", "pauses.resume", ASKS),
        key("R", "resume_all", "let everything speak again", "pauses.resume-all", ASKS),
        *_BELOW,
    ),
)
EVIDENCE = Place(
    "evidence",
    "Evidence",
    "What is kept by its hash, and whether it is still as it was.",
    (
        key("v", "check", "hash everything again", "evidence.check"),
        key("plus", "add", "keep a file as evidence", "evidence.add", ASKS),
        key("y", "copy", "copy the whole hash", "evidence.copy"),
        key("enter", "whole", "read it whole; a post as each time it was seen", "evidence.read"),
        *_BELOW,
    ),
)
PAPERS = Place(
    "papers",
    "Export",
    "Write the incident to files: for whom, what goes in, where they go.",
    (
        key("enter,space", "change", "change what is under the cursor", "papers.change"),
        key("w", "write", "write the files", "papers.write", "new files; none is overwritten"),
        key("y", "copy", "copy the path under the cursor", "papers.copy"),
        key("Y", "copy_command", "copy the command that fetches it", "papers.copy-command"),
        *_BELOW,
    ),
)
AFTER = Place(
    "after",
    "Afterwards",
    "What to learn: the review and its factors, corrective actions, what should change.",
    (
        key("tab", "part(1)", "the next part", "after.next"),
        key("shift+tab", "part(-1)", "the part before", "after.before"),
        key("1", "go(1)", "the review: sections, questions, factors", "after.review"),
        key("2", "go(2)", "corrective actions", "after.actions"),
        key("3", "go(3)", "what should change in the programme", "after.programme"),
        key("enter", "open", "write the section; change the action; posts", "after.open", UNDO),
        key("e", "outside", "write the section in $EDITOR", "after.editor", UNDO),
        key("E", "outside_all", "the whole review in $EDITOR", "after.editor-all", UNDO),
        key("plus", "add", "a factor; an action, of what is under the cursor", "after.add", UNDO),
        key("space", "done", "the action is done", "after.done", UNDO),
        key("x", "drop", "drop the factor, or the action with the reason", "after.drop", UNDO),
        key("r", "reopen", "open the action again", "after.reopen", UNDO),
        key("s", "state", "move the review on, or back", "after.state", UNDO),
        key("i", "everywhere", "actions of all incidents, or of this one", "after.everywhere"),
        key("o", "link", "open the action's link", "after.link"),
        *LIST,
        *BELOW,
        FACT_SHEET,
        BACK,
        UNDO_KEY,
    ),
)

OF_PAGES = (
    *(WHO, SINCE, WARNING, WARNINGS, VOLUME, BRIEF, FIGURES, SOURCES, HEALTH, PAGES, DIGEST),
    *(PROMISES, PAUSES, EVIDENCE, PAPERS, AFTER),
)

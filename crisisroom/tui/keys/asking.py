"""The keys of questions, lists to choose from, and what is read above a screen."""

from __future__ import annotations

from crisisroom.tui.keys.general import CANCEL, FOCUS, ITEMS
from crisisroom.tui.keys.key import ASKS, UNDO, Key, Place, fixed, key

_DONE = "it answers a question; the act it belongs to says how it is taken back"
_ENTER = fixed("enter", "done: answer with the line")
_SCROLL: tuple[Key, ...] = (
    key("j,down", "scroll(1)", "a line down", "page.down"),
    key("k,up", "scroll(-1)", "a line up", "page.up"),
)

START = Place(
    "start",
    "Welcome",
    "The room is new and empty: look at the demo, set it up, or open it as it is.",
    (
        key("d", "way('demo')", "look at a crisis that is played", "start.demo"),
        key("i", "way('init')", "set the room up", "start.init", "it asks, and writes new files"),
        key("enter", "way('open')", "open the room as it is", "start.open"),
        key("q,escape", "way('quit')", "leave", "start.quit"),
        *FOCUS,
    ),
)
LINE = Place(
    "line",
    "One line",
    "A question that is answered with a line of words. Nothing happens before you answer.",
    (_ENTER, CANCEL, *FOCUS),
    texts=True,
    asks=True,
)
LINES = Place(
    "lines",
    "Some lines",
    "A question that is answered with some lines of words. Nothing happens before you answer.",
    (
        key("ctrl+s", "done", "done: answer with the words", "lines.done", _DONE, typing=True),
        CANCEL,
        *FOCUS,
    ),
    texts=True,
    asks=True,
)
FIELDS = Place(
    "fields",
    "Some fields",
    "A question of several lines. Nothing happens before you answer.",
    (
        fixed("enter", "the next line; behind the last one: done"),
        key("ctrl+s", "done", "done: answer with what is typed", "lines.done", _DONE, typing=True),
        key("tab,down", "go(1)", "the next line", "fields.next", typing=True),
        key("shift+tab,up", "go(-1)", "the line before", "fields.before", typing=True),
        CANCEL,
    ),
    texts=True,
    asks=True,
)
CONFIRM = Place(
    "confirm",
    "Yes or no",
    "What is about to happen is hard to take back, so it is asked first.",
    (
        key("y", "yes", "yes, do it", "confirm.yes", _DONE),
        key("n,q,escape", "leave", "no, nothing happens", "confirm.no"),
        *FOCUS,
    ),
    asks=True,
)
CHOOSE = Place(
    "choose",
    "One of a list",
    "Choose one: by cursor, by its number, or by a few letters of it.",
    (
        fixed("enter", "choose the row"),
        fixed("1-9", "choose at once, by the number"),
        key("slash", "narrow", "narrow the list by some letters", "choose.narrow"),
        key("j,down", "move(1)", "next row", "list.down"),
        key("k,up", "move(-1)", "row before", "list.up"),
        key("g,home", "edge(True)", "first row", "list.first"),
        key("G,end", "edge(False)", "last row", "list.last"),
        key("escape,q", "leave", "leave the question, nothing happens", "question.leave"),
        *FOCUS,
    ),
    asks=True,
)
CHOOSE_WORDS = Place(
    "choose-words",
    "Words to choose from",
    "Choose words by cursor or number; each shows how it reads.",
    (
        fixed("1-9", "take it at once"),
        *ITEMS,
        key("escape,q,ctrl+k", "leave", "leave the question, nothing happens", "question.leave"),
        *FOCUS,
    ),
    asks=True,
)
EARLIER = Place(
    "earlier",
    "Earlier states",
    "What the draft was before, and what colleagues wrote: each against what stands now.",
    (*ITEMS, CANCEL, *FOCUS),
    asks=True,
)
READER = Place(
    "reader",
    "To read",
    "More about something, to be read.",
    (
        *_SCROLL,
        key("space,pagedown", "scroll(10)", "read on", "page.next"),
        key("pageup", "scroll(-10)", "read back", "page.before"),
        key("escape,q,enter", "leave", "go back", "reader.leave"),
        *FOCUS,
    ),
    asks=True,
)
HELP_PLACE = Place(
    "help-page",
    "Keys",
    "What the keys do on the screen below, and everywhere.",
    (
        key("slash", "narrow", "look for words: only keys that have them stay", "help.narrow"),
        *READER.acts,
    ),
    asks=True,
)
COMMANDS = Place(
    "commands",
    "Commands",
    "Every command by name: those of the screen first, what you used last on top.",
    (
        fixed("enter", "do the command under the cursor"),
        key("down,ctrl+n", "move(1)", "next command", "commands.down", typing=True),
        key("up", "move(-1)", "command before", "commands.up", typing=True),
        CANCEL,
        *FOCUS,
    ),
    texts=True,
    asks=True,
)
ENTRY = Place(
    "entry",
    "An entry",
    "One entry of the timeline, whole, with what it is about. The timeline keeps every word.",
    (
        key("space", "dismiss('pin')", "pin it, or unpin it", "entry.pin", UNDO),
        key("C", "dismiss('correct')", "say how it really was", "entry.correct", ASKS),
        key("V", "dismiss('readers')", "who may read it", "entry.readers", UNDO),
        key("y", "dismiss('copy')", "copy it", "entry.copy"),
        key("n", "dismiss('older')", "the entry before it", "entry.older"),
        key("p", "dismiss('newer')", "the entry after it", "entry.newer"),
        *(
            key(str(number), f"follow({number})", f"follow link {number}", f"entry.link-{number}")
            for number in range(1, 10)
        ),
        *_SCROLL,
        key("pagedown,ctrl+d", "scroll(10)", "a page down", "page.next"),
        key("pageup,ctrl+u", "scroll(-10)", "a page up", "page.before"),
        key("escape,q,enter", "leave", "go back", "reader.leave"),
        *FOCUS,
    ),
    asks=True,
)
BY_HAND = Place(
    "by-hand",
    "By hand",
    "A text that you carry yourself: copy it, post it, then say that it is out.",
    (
        key("ctrl+y", "copy", "copy exactly this text", "by-hand.copy", typing=True),
        fixed("enter", "it is out, under the link you typed"),
        CANCEL,
        *FOCUS,
    ),
    texts=True,
    asks=True,
)
EDIT_ONE = Place(
    "edit-one",
    "Words for one person",
    "The text that this person alone gets. Every key is kept as a draft.",
    (
        key("ctrl+s", "done", "use these words", "edit-one.done", _DONE, typing=True),
        key("ctrl+r", "approved", "the words as approved", "edit-one.approved", typing=True),
        CANCEL,
        *FOCUS,
    ),
    texts=True,
    asks=True,
)
SECTION = Place(
    "section",
    "A section of the review",
    "What stands under one heading of the review.",
    (
        key("ctrl+s", "done", "save it", "lines.done", _DONE, typing=True),
        key("escape", "leave", "leave; what is not saved is asked for twice", "question.leave"),
        *FOCUS,
    ),
    texts=True,
    asks=True,
)
JUMPING = Place(
    "jumping",
    "Jump",
    "A letter stands on each place one can go to; the next letter goes there.",
    (
        fixed("a-z", "go to the place that has the letter"),
        key("escape", "leave", "go nowhere", "jumping.leave"),
    ),
    asks=True,
)

ASKING = (
    *(START, LINE, LINES, FIELDS, CONFIRM, CHOOSE, CHOOSE_WORDS, EARLIER, READER, HELP_PLACE),
    *(COMMANDS, ENTRY, BY_HAND, EDIT_ONE, SECTION, JUMPING),
)

"""The keys that mean the same on every screen: help, commands, jumping, stopping, leaving."""

from __future__ import annotations

from crisisroom.tui.keys.key import Key, key

HELP = key(
    "question_mark,f1,ctrl+underscore",
    "tell_keys",
    "what the keys do here",
    "help",
)
PALETTE = key(
    "colon,ctrl+p",
    "commands",
    "every command by name, and why one rests",
    "palette",
)
JUMP = key(
    "apostrophe,ctrl+right_square_bracket,f2",
    "jump",
    "a letter on each place; the next letter goes there",
    "jump",
)
STOP = key(
    "ctrl+g",
    "app.stop_words",
    "stop all outgoing words at once, also while you type",
    "stop",
    "the lead lets them go again",
    typing=True,
)
LEAVE = key("Q,ctrl+q", "app.leave_room", "leave the room at once; drafts are kept", "leave")
GENERAL: tuple[Key, ...] = (HELP, PALETTE, JUMP, STOP, LEAVE)

# What Textual gives every screen, and what ours add where a list or a page has the keys.
FOCUS: tuple[Key, ...] = (
    key("tab", "app.focus_next", "the next field or list", "focus.next"),
    key("shift+tab", "app.focus_previous", "the field or list before", "focus.before"),
)
UNDO_KEY = key("z", "undo", "take your last act back", "undo", "it is the way back itself")
LIST: tuple[Key, ...] = (
    key("j,down", "move(1)", "next row", "list.down"),
    key("k,up", "move(-1)", "row before", "list.up"),
    key("g,home", "edge(True)", "first row", "list.first"),
    key("G,end", "edge(False)", "last row", "list.last"),
)
SHEET: tuple[Key, ...] = (
    key("space,pagedown,ctrl+d", "page(1)", "a page of the lower part down", "page.next"),
    key("pageup,ctrl+u", "page(-1)", "a page of the lower part up", "page.before"),
)
# Space is free for the rows.
BELOW: tuple[Key, ...] = (
    key("pagedown,ctrl+d", "page(1)", "a page of the lower part down", "page.next"),
    SHEET[1],
)
ITEMS: tuple[Key, ...] = (
    key("j,down", "move(1)", "next row", "list.down"),
    key("k,up", "move(-1)", "row before", "list.up"),
    key("g,home", "edge(False)", "first row", "list.first"),
    key("G,end", "edge(True)", "last row", "list.last"),
    key("enter", "choose", "choose the row", "list.choose"),
)
PAGE: tuple[Key, ...] = (
    key("j,down", "scroll(1)", "a line down", "page.down"),
    key("k,up", "scroll(-1)", "a line up", "page.up"),
    key("space,pagedown,ctrl+d", "page(1)", "a page down", "page.next"),
    key("pageup,ctrl+u", "page(-1)", "a page up", "page.before"),
)
READ_ON = key("space,pagedown", "page(1)", "read on", "page.next")
READ_BACK = key("pageup", "page(-1)", "read back", "page.before")
BACK = key("escape,q", "leave", "go back", "screen.leave")
CANCEL = key("escape", "leave", "leave the question, nothing happens", "question.leave")
FACT_SHEET = key(
    "ctrl+f", "sheet", "what we know: set a fact, and come back", "screen.sheet", typing=True
)

"""The keys of the screens on which words are written, approved and sent."""

from __future__ import annotations

from crisisroom.tui.keys.general import (
    BACK,
    FACT_SHEET,
    FOCUS,
    ITEMS,
    READ_BACK,
    READ_ON,
    UNDO_KEY,
)
from crisisroom.tui.keys.key import ASKS, DRAFT, UNDO, Key, Place, key

_TEXT = "undone in the text itself, by the text's own undo"

DRAFTING: tuple[Key, ...] = (
    key("ctrl+s", "review", "review exactly what goes out", "words.review", typing=True),
    key("ctrl+n", "problem", "the next blank or forbidden word", "words.problem", typing=True),
    key("ctrl+o", "outside", "write in your own editor", "words.editor", DRAFT, typing=True),
)
_REPLY: tuple[Key, ...] = (
    key("ctrl+k", "words", "choose approved words", "reply.words", DRAFT, typing=True),
    key(
        "ctrl+t",
        "form",
        "public reply, private channel, thank-you",
        "reply.form",
        DRAFT,
        typing=True,
    ),
    key(
        "ctrl+l",
        "language",
        "the post's language, or our own",
        "reply.language",
        DRAFT,
        typing=True,
    ),
    key(
        "ctrl+r",
        "earlier",
        "earlier states of the draft, and colleagues' drafts",
        "reply.earlier",
        typing=True,
    ),
    key(
        "ctrl+u",
        "anew",
        "put the new value where the old one stood",
        "reply.anew",
        DRAFT,
        typing=True,
    ),
    key("ctrl+y", "uphold", "the words still hold: say why", "reply.uphold", ASKS, typing=True),
    key("f4", "promise", "write down what this reply promises", "reply.promise", UNDO, typing=True),
)
_STATEMENT: tuple[Key, ...] = (
    key(
        "ctrl+t",
        "variant",
        "words of its own for a channel",
        "statement.own",
        "ctrl+r gives the channel the common text again",
        typing=True,
    ),
    key(
        "ctrl+r",
        "same",
        "the channel gets the text again",
        "statement.same",
        DRAFT,
        typing=True,
    ),
    key("ctrl+k", "facts", "put a fact in", "statement.facts", _TEXT, typing=True),
    key("tab", "side(1)", "the next channel's words", "statement.side", typing=True),
    key("shift+tab", "side(-1)", "the channel before", "statement.side_before", typing=True),
    key("v", "variant", "versions; while you write, words of a channel", "statement.variant"),
    key("e", "edit", "edit: a new version, which asks for approval again", "statement.edit", DRAFT),
    key("y", "copy", "copy exactly this text", "statement.copy"),
    key("w", "withdraw", "withdraw it", "statement.withdraw", ASKS),
    key("r", "revoke", "take its approval back, with a reason", "statement.revoke", ASKS),
    key(
        "exclamation_mark",
        "release",
        "emergency release without approval, with a typed reason",
        "statement.release",
        ASKS,
    ),
    key("h", "by_hand", "say that it is out, by hand", "statement.by_hand", ASKS),
    key("d", "changes", "what changed since the version last approved", "statement.changes"),
    key("C", "correct", "correct what is out: a statement of its own", "statement.correct", DRAFT),
    key("X", "retract", "take back what is out, with a reason", "statement.retract", ASKS),
    key("S", "stands", "it needs no correction, with the reason", "statement.stands", ASKS),
    key("u", "uphold", "held back: it still holds, with the reason", "statement.uphold", ASKS),
    key("t", "translate", "say it in another language", "statement.translate", DRAFT),
    key("b", "outbox", "how it goes out, and what is in doubt", "statement.outbox"),
)

REPLY = Place(
    "reply",
    "Reply",
    "Answer one post on its own channel. Every key you press is kept as a draft; nothing goes"
    " out before the last look.",
    (*DRAFTING, *_REPLY, FACT_SHEET, *ITEMS, *FOCUS, BACK, UNDO_KEY),
    texts=True,
)
STATEMENT = Place(
    "statement",
    "Statement",
    "Write one statement, see who has to approve it, and publish exactly the approved text.",
    (*DRAFTING, *_STATEMENT, FACT_SHEET, *ITEMS, BACK, UNDO_KEY),
    texts=True,
)
APPROVALS = Place(
    "approvals",
    "Approvals",
    "Everything that waits for a verdict, in every open incident. What you approve is exactly"
    " the text you see, by its hash.",
    (
        key("a", "approve", "approve exactly this text", "approvals.approve", ASKS),
        key("x", "reject", "object: send it back, with a reason", "approvals.reject", ASKS),
        key("m", "ask", "ask its author: it stands on the timeline", "approvals.ask", ASKS),
        key("c", "code", "an approver without a terminal: text, code", "approvals.code", ASKS),
        key("d", "changes", "what changed since it was last approved", "approvals.changes"),
        key("r", "revoke", "take its approval back, with a reason", "approvals.revoke", ASKS),
        key(
            "exclamation_mark",
            "release",
            "emergency release without approval, with a typed reason",
            "approvals.release",
            ASKS,
        ),
        READ_ON,
        key("b,pageup", "page(-1)", "read back", "page.before"),
        *ITEMS,
        FACT_SHEET,
        *FOCUS,
        BACK,
        UNDO_KEY,
    ),
)
ANSWERS = Place(
    "answers",
    "Answers",
    "The questions people ask and the words we answer with: approve them, add one, say that"
    " they still hold.",
    (
        key("a", "approve", "approve exactly these words", "answers.approve", ASKS),
        key("plus", "add", "add a question and our answer", "answers.add", ASKS),
        key("u", "uphold", "a fact moved, and they still hold", "answers.uphold", ASKS),
        READ_ON,
        *ITEMS,
        FACT_SHEET,
        *FOCUS,
        BACK,
        UNDO_KEY,
    ),
)
OWED = Place(
    "owed",
    "Corrections",
    "What is out and no longer true, because a fact moved: correct it, take it back, or say"
    " that it stands.",
    (
        key("C", "correct", "correct it: a statement of its own", "owed.correct", DRAFT),
        key("X", "retract", "take it back, with a reason", "owed.retract", ASKS),
        key("S", "stands", "it needs no correction, with the reason", "owed.stands", ASKS),
        READ_ON,
        *ITEMS,
        FACT_SHEET,
        *FOCUS,
        BACK,
        UNDO_KEY,
    ),
)
VERSIONS = Place(
    "versions",
    "Versions",
    "What changed from one version of these words to another, word by word.",
    (
        key("b", "base", "compare with this version, or the last approved again", "versions.base"),
        READ_ON,
        READ_BACK,
        *ITEMS,
        FACT_SHEET,
        *FOCUS,
        BACK,
        UNDO_KEY,
    ),
)

COMPOSING = (REPLY, STATEMENT, APPROVALS, ANSWERS, OWED, VERSIONS)

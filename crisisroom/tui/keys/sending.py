"""The keys of the screens that send: the outbox, answers to many, the last look."""

from __future__ import annotations

from crisisroom.tui.keys.general import BACK, BELOW, FACT_SHEET, FOCUS, ITEMS, LIST, UNDO_KEY
from crisisroom.tui.keys.key import ASKS, DRAFT, Key, Place, fixed, key

_OUT = "what is out cannot be called back, only taken back in public"

OUTBOX = Place(
    "outbox",
    "Outbox",
    "What is on its way, in doubt, or failed. What is in doubt is never sent again by itself:"
    " a person looks and decides.",
    (
        key("s", "sent", "in doubt: it is out", "outbox.sent", ASKS),
        key("x", "not_sent", "in doubt: it never left", "outbox.not_sent", ASKS),
        key(
            "t",
            "again",
            "send what failed once more",
            "outbox.again",
            "it was approved to go out; the stop key holds it",
        ),
        key("o", "look", "show and copy its link, to look there", "outbox.look"),
        key("X", "retract", "take back what is out, with a reason", "outbox.retract", ASKS),
        key("y", "by_hand", "carry it by hand: copy, then confirm", "outbox.by_hand", ASKS),
        key("i", "narrow", "show only this incident, or all again", "outbox.narrow"),
        *LIST,
        *BELOW,
        FACT_SHEET,
        *FOCUS,
        BACK,
        UNDO_KEY,
    ),
)
BULK = Place(
    "bulk",
    "Answer to many",
    "One approved answer to all people of a story, looked through one by one. Nothing goes out"
    " before the review.",
    (
        key(
            "space",
            "turn",
            "leave this person out, or take them in again",
            "bulk.turn",
            "the same key turns it back",
        ),
        key("e", "edit", "change the text for this person alone", "bulk.edit", DRAFT),
        key("enter", "whole", "read post and text whole", "bulk.read"),
        key("ctrl+k", "words", "choose other approved words", "bulk.words"),
        key("ctrl+r", "again", "read the people of the story anew", "bulk.again"),
        key("ctrl+s", "review", "review who gets what, then let it go", "bulk.review"),
        *LIST,
        *BELOW,
        FACT_SHEET,
        *FOCUS,
        BACK,
        UNDO_KEY,
    ),
)
PROGRESS = Place(
    "progress",
    "Answers on their way",
    "How an answer to a story goes out, person by person. One key stops it at once.",
    (
        key(
            "s",
            "stop",
            "stop it at once: what is not out stays in",
            "progress.stop",
            "r lets it go on",
        ),
        key("r", "resume", "let it go on", "progress.resume", "s stops it again"),
        key("o", "outbox", "the outbox: settle what is in doubt", "progress.outbox"),
        key("e", "open", "open this reply in the composer", "progress.open"),
        key("enter", "whole", "read it whole", "progress.read"),
        *LIST,
        *BELOW,
        FACT_SHEET,
        *FOCUS,
        BACK,
        UNDO_KEY,
    ),
)

_REVIEW_KEYS: tuple[Key, ...] = (
    key("pagedown,space", "page(1)", "read on", "page.next"),
    key("pageup,b", "page(-1)", "read back", "page.before"),
    *ITEMS,
    *FOCUS,
)
LAST_LOOK = Place(
    "review",
    "The last look",
    "Exactly what goes out, where, and as whom. `y` lets it go, and only after a moment of"
    " silence: no paste can press it.",
    (
        key("y", "act", "let it go", "review.act", f"this is the question; {_OUT}"),
        key("e", "answer('edit')", "edit it once more", "review.edit"),
        key("n,escape,q", "answer('back')", "back, nothing goes out", "review.back"),
        fixed("1-9", "choose a channel, or let go of it"),
        *_REVIEW_KEYS,
    ),
)
BULK_LOOK = Place(
    "bulk-review",
    "Who gets what",
    "Counted and listed, before it goes out to many. `y` lets it go, and only after a moment of"
    " silence.",
    (
        key("y", "act", "let it go to everybody listed", "bulk-review.act", f"this asks; {_OUT}"),
        key("n,escape,q", "back", "back to the list, nothing goes out", "bulk-review.back"),
        *_REVIEW_KEYS[:2],
        *FOCUS,
    ),
)

OF_SENDING = (OUTBOX, BULK, PROGRESS, LAST_LOOK, BULK_LOOK)

"""What the composer works with, read from the room in one go: no widget."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from crisisroom.core.drafts import SavedDraft
from crisisroom.core.incident import Form
from crisisroom.room import Room, approvals, drafting, reading, who, words
from crisisroom.room.approvals import ApprovedWords
from crisisroom.room.desk import Desk
from crisisroom.store.places import Presence
from crisisroom.tui.compose.forms import form_of, language_in
from crisisroom.tui.compose.offered import Offer, offers
from crisisroom.tui.compose.place import Place


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The words to begin from, their place, what is approved, and what colleagues have written.

    `theirs` is the language of the playbook's that serves the post, empty for its own.
    """

    text: str
    place: Place
    approved: Mapping[str, ApprovedWords]
    offered: tuple[Offer, ...]
    form: Form
    language: str
    theirs: str
    mine: SavedDraft | None = None

    @property
    def drafts(self) -> tuple[SavedDraft, ...]:
        """What colleagues have written to the same post."""
        return self.place.drafts

    @property
    def desk(self) -> Desk:
        """The desk in the form and language chosen."""
        return self.place.desk

    @property
    def first_text(self) -> str:
        """What the room would write in this form and language, to the letter."""
        return self.desk.first_text()

    def turned(self, form: Form, language: str) -> Opened:
        """Return the same in another form or language."""
        desk = msgspec.structs.replace(self.desk, form=form, language=language)
        return msgspec.structs.replace(
            self,
            place=msgspec.structs.replace(self.place, desk=desk),
            offered=offers(desk, self.approved),
            form=form,
            language=language,
        )

    def beside(self, drafts: tuple[SavedDraft, ...], people: tuple[Presence, ...]) -> Opened:
        """Return the same beside other drafts of colleagues, and other colleagues."""
        place = msgspec.structs.replace(self.place, drafts=drafts, people=people)
        return msgspec.structs.replace(self, place=place)


async def open_reply(room: Room, inc: str, mention_id: str, before: Opened | None) -> Opened:
    """Read everything a reply is measured against, in the form and language it has already."""
    prefill = await words.prefill(room, inc, mention_id, before.form if before else "public")
    mention = prefill.desk.mention
    assert mention is not None
    every = await drafting.saved_drafts(room, everybody=True, mention=mention.id)
    mine = next((one for one in every if one.actor == room.actor.name), None)
    channel, approved = prefill.desk.channel, await approvals.approved(room)
    place = Place(
        desk=prefill.desk,
        mention=mention,
        thread=await reading.thread(room, mention),
        people=await who.people(room),
        words=prefill.words,
        account=next((one.handle for one in room.config.accounts if one.id == channel), ""),
        drafts=tuple(one for one in every if one.incident == inc and one.actor != room.actor.name),
    )
    opened = Opened(
        text=_text(prefill.desk, prefill.words.text if prefill.words else "", mine),
        place=place,
        approved=approved,
        offered=(),
        form="public",
        language="",
        theirs=prefill.desk.language,
        mine=mine,
    )
    return opened.turned(*((before.form, before.language) if before else _as_read(opened)))


def _text(desk: Desk, written: str, mine: SavedDraft | None) -> str:
    """Return what the composer opens with: one's own draft, the words in hand, else approved ones.

    A colleague's draft is offered, never taken for one's own.
    """
    return mine.text if mine else written or desk.first_text()


def _as_read(opened: Opened) -> tuple[Form, str]:
    """Return the form and the language that the first text is in."""
    desk, held = opened.desk, opened.place.words
    used = desk.review(opened.text).check.used
    form = form_of(used, desk.incident.plan) if opened.mine else "public"
    return held.form if held else form, language_in(used) if used else desk.language

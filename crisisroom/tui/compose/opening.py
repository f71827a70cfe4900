"""What the statement's screen reads and writes: use cases put together, no widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from crisisroom.core.drafts import SavedDraft
from crisisroom.core.incident import Incident, Words
from crisisroom.core.said import Owed
from crisisroom.core.timeline import Entry
from crisisroom.core.truth import corrections_due
from crisisroom.core.wordings import words_of as wordings_of
from crisisroom.room import Room, drafting, reading, sending, statements, waiting, words
from crisisroom.room.desk import BY_HAND, Desk, at_desk
from crisisroom.room.waiting import Shown
from crisisroom.tui.compose.variants import TEXT, Bundle


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a new statement begins from: a template, what it corrects, or what it translates."""

    template: str = ""
    corrects: str = ""
    translates: str = ""
    language: str = ""

    @property
    def ref(self) -> str:
        """What names it in a draft's id."""
        if self.translates:
            return "translates-" + self.translates + "-" + self.language
        return "corrects-" + self.corrects if self.corrects else "new-" + self.template

    @property
    def source(self) -> str:
        """The id of the words it is written after."""
        return self.corrects or self.translates


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with its desk, its story, its ways out, and one's own unfinished words to it."""

    desk: Desk
    words: Words | None  # None: not on the timeline yet
    entries: tuple[Entry, ...]
    drafts: Mapping[str, SavedDraft]  # by side
    source: Words | None = None  # what it corrects or translates
    ways: tuple[Shown, ...] = ()
    begun: Begun = Begun()

    @property
    def draft(self) -> SavedDraft | None:
        """One's own unfinished text."""
        return self.drafts.get(TEXT)

    @property
    def waits_for_hand(self) -> bool:
        """Whether a person still has to carry it."""
        way = self.words.sends.get(BY_HAND) if self.words else None
        return way is not None and way.state == "queued"

    @property
    def template(self) -> str:
        """The words of its template, empty without one."""
        return self.desk.template.text if self.desk.template else ""

    @property
    def owed(self) -> tuple[Owed, ...]:
        """The corrections that its words owe, or those that it is about to settle."""
        id_ = self.source.id if self.source and self.corrects else ""
        id_ = id_ or (self.words.id if self.words else "")
        return corrections_due(self.desk.incident, id_) if id_ else ()

    @property
    def corrects(self) -> bool:
        """Whether it puts right what is out."""
        return bool(self.words.corrects if self.words else self.begun.corrects)

    def bundle(self, *, drafts: bool) -> Bundle:
        """Return the words to show, with `drafts` those that this person was writing."""
        found = Bundle(self._first(), *self._after())
        variants = self.words.variants if self.words else self._variants()
        found = msgspec.structs.replace(found, variants=dict(variants))
        for side, draft in self.drafts.items() if drafts else ():
            found = found.put(side, draft.text)
        return found

    def _after(self) -> tuple[dict[str, str], str, str]:
        return {}, *((self.source.text, self.source.id) if self.source else ("", ""))

    def _variants(self) -> dict[str, str]:
        return {} if self.begun.source else self.desk.first_variants()

    def _first(self) -> str:
        """Return what is written already, else what the playbook begins with."""
        if self.words is not None:
            return self.words.text
        if not self.begun.translates:
            return self.desk.first_text()
        template = self.desk.template
        name = (template.id if template else "") + "@" + self.begun.language
        found = next((one for one in wordings_of(self.desk.incident.plan) if one.id == name), None)
        if template is None or found is None:
            return ""  # nobody translated it yet: it is written beside its source
        said = msgspec.structs.replace(template, text=found.text, variants={})
        return msgspec.structs.replace(self.desk, template=said).first_text()


async def open_statement(
    room: Room, inc: str, ref: str, *, words_id: str = "", begun: Begun | None = None
) -> Opened:
    """Read a statement, or what a new one begins from; `ref` names it in the ids of drafts."""
    incident = await reading.incident(room, inc)
    held = words.words_of(incident, words_id) if words_id else None
    begun = begun or Begun()
    name = (held.corrects or held.translates) if held else begun.source
    source = incident.words(name) if name else None
    template = held.template if held else _template(incident, begun, source)
    return Opened(
        desk=await at_desk(room, inc, template_id=template, words_id=words_id),
        words=held,
        entries=await reading.timeline(room, inc),
        drafts=await _drafts(room, inc, ref),
        source=source,
        ways=await waiting.shown(room, inc, words_id) if held and held.sends else (),
        begun=begun,
    )


def _template(incident: Incident, begun: Begun, source: Words | None) -> str:
    if source is None:
        return begun.template
    return statements.correction_of(incident, source).id if begun.corrects else source.template


async def _drafts(room: Room, inc: str, ref: str) -> dict[str, SavedDraft]:
    """Return one's own unfinished words, by side: a side's draft names its channel after `@`."""
    found = {}
    for one in await drafting.saved_drafts(room):
        kind, _, rest = one.id.partition("/")
        name, _, side = rest.removesuffix("/" + one.actor).partition("@")
        if kind == "statement" and name == inc + "/" + ref:
            found[side] = one
    return found


async def put_down(
    room: Room, inc: str, held: Words | None, bundle: Bundle, begun: Begun | None = None
) -> Words:
    """Put a text on the timeline: a new statement, a new version, or nothing when it stands."""
    if held is not None and held.text == bundle.text and held.variants == bundle.variants:
        return held
    if held is None:
        held = await _new(room, inc, bundle, begun or Begun())
        if held.variants == bundle.variants:
            return held
    written: Words = (await words.edit(room, inc, held.id, bundle.text, bundle.variants)).thing
    return written


async def _new(room: Room, inc: str, bundle: Bundle, begun: Begun) -> Words:
    if begun.translates:
        acted = await statements.translate(room, inc, begun.translates, begun.language, bundle.text)
    elif begun.corrects:
        acted = await statements.correct(room, inc, begun.corrects, bundle.text)
    else:
        acted = await statements.draft(
            room, inc, begun.template, bundle.text, variants=bundle.variants
        )
    made: Words = acted.thing
    return made


async def publish(room: Room, inc: str, held: Words, channels: Sequence[str]) -> None:
    """Queue exactly these words for all of the channels, or for none where one is refused."""
    await sending.publish(room, inc, held.id, channels, sha256=held.sha256)


async def discard(room: Room, opened: Opened) -> None:
    """Throw away one's own unfinished words to every side."""
    for draft in opened.drafts.values():
        await drafting.discard(room, draft.id)

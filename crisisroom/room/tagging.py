"""Tags of mentions: what we call them, and what the playbook makes of it."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.kinds import id_flaw
from crisisroom.core.mention import Mention
from crisisroom.core.timeline import Draft
from crisisroom.room import Room
from crisisroom.room.checks import required
from crisisroom.room.linking import author_of
from crisisroom.room.reading import mention_in
from crisisroom.room.triage import append_to, done_before, remember
from crisisroom.store import Tx
from crisisroom.store import mentions as rows

MOST = 8  # tags of one mention
LONGEST = 40  # characters of a tag


async def tag(
    room: Room, mention_id: str, tags: Sequence[str], *, off: bool = False, command_id: str = ""
) -> Mention:
    """Call a mention something (`troll`, `satire`), or with `off` not any more.

    The playbook may say that mentions with a tag are never answered.
    """
    named = tuple(dict.fromkeys(one.strip().lower() for one in tags))
    required("".join(named), "say which tag")
    if flaw := next((flaw for one in named if (flaw := id_flaw(one))), ""):
        raise Usage("tag", f"a tag is written like an id: {flaw}")
    if max(map(len, named)) > LONGEST:
        raise Usage("tag", f"a tag has at most {LONGEST} characters")

    async def work(tx: Tx) -> Mention:
        if before := await done_before(tx, command_id):
            return before
        mention = await mention_in(tx, mention_id)
        kept = tuple(one for one in mention.tags if one not in named)
        after = kept if off else (*kept, *named)
        if len(after) > MOST:
            raise Refused("tags", f"{mention.id} has {len(mention.tags)} tags, enough")
        if set(after) != set(mention.tags):
            await rows.tag(tx, mention.number, after)
            await _note_tags(tx, room, mention, named, off=off)
        await remember(tx, room, command_id, mention)
        return await mention_in(tx, mention_id)

    return await room.store.write(work)


async def _note_tags(
    tx: Tx, room: Room, mention: Mention, named: Sequence[str], *, off: bool
) -> None:
    if mention.incident:
        what = ", ".join(named)
        text = (
            f"{author_of(mention)} is not {what}" if off else f"tagged {author_of(mention)} {what}"
        )
        data = {"mention": mention.uid, "tags": list(named), "off": off}
        await append_to(
            tx, room, mention.incident, [Draft(kind="mention.tagged", text=text, data=data)]
        )

"""Which entries are for Legal is written down as they come, with few looks at those before."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from crisisroom.clock import ManualClock
from crisisroom.core.forlegal import shut
from crisisroom.core.timeline import Draft, Entry
from crisisroom.store import Store, Tx, log, restricting

ADA = log.Author("ada")
CHAIN = "0198c0de-0000-7000-8000-000000000001"


def note(words: str, *, legal: bool = False, corrects: int | None = None) -> Draft:
    data = {"words": words} | ({"visibility": "legal"} if legal else {})
    return Draft(kind="note.added", text=words, data=data, corrects=corrects)


def action(kind: str, name: str, *, legal: bool = False) -> Draft:
    data = {"action": name, "title": "call"} | ({"visibility": "legal"} if legal else {})
    return Draft(kind=kind, text="an action", data=data)


def by_rule(draft: Draft) -> Draft:
    return Draft(kind=draft.kind, text=draft.text, data=draft.data, source="rule", actor="room")


class _Looks:
    """Reads entries as the log does, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self, tx: Tx, chain: str, after: int, limit: int) -> Sequence[Entry]:
        self.count += 1
        return await log.entries(tx, chain, after, limit)


async def written(store: Store, clock: ManualClock, drafts: Sequence[Draft]) -> None:
    async def one(tx: Tx, draft: Draft) -> None:
        await log.append(tx, CHAIN, [draft], ADA, clock.now())

    first = msgspec.structs.replace(drafts[0], data=drafts[0].data | {"id": "INC-1"})
    for draft in (first, *drafts[1:]):
        await store.write(lambda tx, draft=draft: one(tx, draft))  # type: ignore[misc]


async def test_what_is_written_down_as_it_comes_is_what_the_whole_log_says(
    store: Store, clock: ManualClock
) -> None:
    drafts = [
        note("for all"),
        *(note(f"for Legal {number}", legal=True) for number in range(3)),
        action("action.added", "A-1", legal=True),
        note("corrected", corrects=3),
        action("action.changed", "A-1"),
        by_rule(action("action.changed", "A-1")),
        by_rule(action("action.changed", "A-2")),
        note("for all again", corrects=1),
    ]
    await written(store, clock, drafts)
    entries = await store.read(lambda tx: log.entries(tx, CHAIN))
    _, kept = await store.read(restricting.written)
    assert kept[CHAIN] == shut(entries, {}).written_by
    assert {2, 3, 4, 5, 6, 8} == set(kept[CHAIN])


@pytest.mark.parametrize(("late", "looks"), [(note("the press calls"), 0), (None, 1)])
async def test_a_note_beside_many_entries_for_legal_looks_at_none_of_them(
    store: Store, clock: ManualClock, late: Draft | None, looks: int
) -> None:
    drafts = [note(f"for Legal {number}", legal=True) for number in range(40)]
    await written(store, clock, [*drafts, late or by_rule(action("action.changed", "A-1"))])
    newest = (await store.read(lambda tx: log.entries(tx, CHAIN)))[-1]
    read = _Looks()
    await store.write(lambda tx: restricting.shut_after(tx, [newest], read))
    assert read.count == looks
    _, kept = await store.read(restricting.written)
    assert set(kept[CHAIN]) == set(range(1, 41))


async def test_the_numbers_of_hidden_incidents_are_one_question(
    store: Store, clock: ManualClock
) -> None:
    async def hide(tx: Tx) -> None:
        for number in range(1, 30):
            await log._open(tx, f"chain-{number}", number)
            await tx.run("INSERT INTO restriction VALUES (?, 'bo')", (f"chain-{number}",))

    await store.write(hide)
    kept = await store.read(lambda tx: restricting.kept_from(tx, "ada"))
    assert kept.numbers == tuple(range(1, 30))
    assert (await store.read(lambda tx: restricting.kept_from(tx, "bo"))) == restricting.NOTHING

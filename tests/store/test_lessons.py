"""What posts were answered with: kept, bounded, and gone with the post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from conftest import START

from crisisroom.core.mention import Incoming
from crisisroom.core.narrative import Narrative
from crisisroom.store import Store, lessons, mentions, narratives


async def heard(store: Store, many: int) -> Sequence[int]:
    """Take so many mentions in and return their numbers."""
    items = [Incoming(text=f"post {at}", source="web", external_id=f"{at}") for at in range(many)]
    return (await store.write(lambda tx: mentions.ingest(tx, items, START))).added


async def learnt(
    store: Store, number: int, *words: str, narrative: str = "", minutes: int = 0
) -> None:
    """Let ada answer M-number with these words, so many minutes later."""
    at = START + timedelta(minutes=minutes)
    await store.write(lambda tx: lessons.learn(tx, number, "billing", words, narrative, "ada", at))


async def test_the_newest_come_first_and_each_words_has_a_bound(store: Store) -> None:
    numbers = await heard(store, lessons.PER_WORDS + 3)
    for minute, number in enumerate(numbers):
        await learnt(store, number, "sorry", *(["refund"] if minute < 2 else []), minutes=minute)
    found = await store.read(lambda tx: lessons.of_playbook(tx, "billing"))
    assert [one.mention for one in found if "sorry" in one.words] == list(numbers[:2:-1])
    assert [one.mention for one in found if "refund" in one.words] == [numbers[1], numbers[0]]
    assert found[0].text == f"post {len(numbers) - 1}"
    assert await store.read(lambda tx: lessons.of_playbook(tx, "other")) == ()
    assert len(await store.read(lambda tx: lessons.of_playbook(tx, "billing", 4))) == 4


async def test_a_later_answer_takes_the_place_of_an_earlier_one(store: Store) -> None:
    (number,) = await heard(store, 1)
    await learnt(store, number, "sorry")
    await learnt(store, number, "refund", "voucher", minutes=1)
    await learnt(store, number, minutes=2)
    (found,) = await store.read(lambda tx: lessons.of_playbook(tx, "billing"))
    assert found.words == ("refund", "voucher")
    assert await store.write(lambda tx: lessons.forget(tx, number))
    assert not await store.write(lambda tx: lessons.forget(tx, number))
    assert await store.read(lambda tx: lessons.latest(tx, "billing", 9)) == ()


async def test_a_story_counts_what_was_merged_into_it(store: Store) -> None:
    first, second, third = await heard(store, 3)
    made = [
        Narrative(id=f"N-{one}", uid=f"u{one}", title=f"story {one}", first_at=START, last_at=START)
        for one in (1, 2, 12)
    ]
    await store.write(lambda tx: narratives.put(tx, made))
    await learnt(store, first, "sorry", narrative="N-1")
    await learnt(store, second, "refund", narrative="N-2", minutes=1)
    await learnt(store, third, "voucher", narrative="N-12", minutes=2)

    async def here(name: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
        return await store.read(lambda tx: lessons.of_narrative(tx, "billing", name))

    assert await here("N-1") == ((first, ("sorry",)),)
    await store.write(lambda tx: narratives.merge(tx, 1, 2))
    assert await here("N-1") == ((second, ("refund",)), (first, ("sorry",)))
    assert await here("") == ()
    assert await here("M-1") == ()


async def test_a_lesson_goes_with_its_mention(store: Store) -> None:
    first, second = await heard(store, 2)
    await learnt(store, first, "sorry", narrative="N-1")
    await learnt(store, second, "sorry", narrative="N-1")
    await store.write(lambda tx: tx.run("DELETE FROM mention WHERE id = ?", (first,)))
    (left,) = await store.read(lambda tx: lessons.of_playbook(tx, "billing"))
    assert left.mention == second
    assert await store.read(lambda tx: lessons.of_narrative(tx, "billing", "N-1")) == (
        (second, ("sorry",)),
    )

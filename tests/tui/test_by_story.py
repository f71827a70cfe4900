"""The feed by story on the screen: folding, free posts, what comes, coming back, filters."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import OptionList
from tui.night import incoming, screen
from tui.seeing import lines, see, text, until
from tui.story_night import story_room, tell
from tui.test_acts import write

from crisisroom.room import places, reading, searches, triage


async def by_story(pilot: Pilot[int]) -> None:
    """Turn the feed over, and stand on the first head."""
    await see(pilot, "mira.k")
    await pilot.press("v")
    await see(pilot, "charged twice")
    await pilot.press("k")


async def test_heads_stand_above_their_posts_in_the_order_of_the_newest(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            shown = lines(app)
    assert shown[5] == "    12 posts, 12 free   by story"
    assert shown[6].startswith(" ▌▿ 6 free of 6")
    assert shown[6].endswith("charged twice")
    assert shown[7].startswith("  • 03:34  bsky  1.2k      mira.k")
    assert shown[13].startswith("  ▹ 2 free of 2")
    assert shown[13].endswith("when is the refund")
    assert shown[14].endswith("others, of no story")
    assert "enter fold" in shown[23]
    assert "d answer" in shown[23]


async def test_enter_folds_a_head_and_opens_a_post(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: "mira.k" not in text(app))
            await pilot.press("j", "enter")
            await see(pilot, "sunniva")
            await pilot.press("j", "enter")
            await see(pilot, "mistakes happen")
            assert app.room_screen.active == 2
            await pilot.press("escape")
            await until(pilot, lambda: app.room_screen.active == 1)
            assert app.room_screen.feed.by_story


async def test_a_long_story_shows_its_first_posts_and_more_on_enter(tmp_path: Path) -> None:
    async with story_room(tmp_path, posts=60) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            feed = app.room_screen.feed
            assert len(feed.list.fold_of("N-1").posts) == 30
            await pilot.press(*["j"] * 31)
            await see(pilot, "and 36 more: enter")
            assert "enter more" in lines(app)[23]
            await pilot.press("enter")
            await until(pilot, lambda: len(feed.list.fold_of("N-1").posts) == 66)
            assert "36 more" not in text(app)


async def test_next_free_opens_the_story_that_has_one(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await pilot.press("enter", "j")
            feed = app.room_screen.feed
            await until(pilot, lambda: feed.at == "head:N-2")
            await pilot.press("n")
            await until(pilot, lambda: feed.mention is not None)
            assert feed.mention is not None
            assert feed.mention.author.handle == "sunniva"
            await pilot.press("n", "n")
            await until(pilot, lambda: feed.list.is_open("others"))
            await pilot.press("p", "p", "p")
            await until(pilot, lambda: feed.mention and feed.mention.author.handle == "old_tram")


async def test_what_comes_while_one_reads_is_counted_and_moves_nothing(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            before = lines(app)[6:15]
            await triage.ingest(room, [incoming(25, "bsky", "late1", 5, "charged twice too")])
            await see(pilot, "1 newer   g shows them")
            assert lines(app)[6:15] == before
            await pilot.press("g")
            await until(pilot, lambda: "1 newer" not in text(app))
            await see(pilot, "5 free of 5")
            assert app.room_screen.feed.cursor == 0


async def test_another_person_s_act_is_seen_in_its_place(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            first = app.room_screen.feed.list.fold_of("N-1").posts[0]
            await triage.dismiss(room, first.id)
            await see(pilot, "5 free of 6")
            assert lines(app)[7].startswith("  - 03:34")


async def test_a_new_story_appears_below_those_that_are_shown(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await tell(room, 0, {"N-3": ("nobody answers", ("hana", "Jonas W."))})
            await see(pilot, "nobody answers")
            heads = [line.at for line in app.room_screen.feed.list.lines if line.kind == "head"]
            assert heads == ["head:N-1", "head:N-2", "head:N-3", "head:others"]


async def test_one_comes_back_to_the_list_as_it_was_left(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await pilot.press("enter", "j", "enter")
            await see(pilot, "p_ortega")
        place = await places.last_place(room)
        assert place is not None
        assert place.extra == {"by_story": True, "open": ["N-2"]}
        again = screen(room)
        async with again.run_test(size=(80, 24)) as pilot:
            await see(pilot, "p_ortega")
            assert "kettle_on" not in text(again)


async def test_a_filter_leaves_the_stories_that_fit(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await pilot.press("slash")
            app.room_screen.filter_line.value = "on:masto story:N-1"
            await pilot.press("enter")
            await see(pilot, "by story, only on:masto story:N-1")
            await until(pilot, lambda: "when is the refund" not in text(app))
            await until(pilot, lambda: "@ines" in text(app))
            assert "tomk" not in text(app)
            await pilot.press("escape")
            await see(pilot, "when is the refund")


async def test_a_word_that_is_none_of_ours_is_said(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("slash")
            app.room_screen.filter_line.value = "stroy:N-1"
            await pilot.press("enter")
            await see(pilot, "stroy: is no filter word: story:?")
            await until(pilot, lambda: "nothing matches" in text(app))


async def test_filters_are_saved_and_found_again(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("slash")
            app.room_screen.filter_line.value = "on:masto"
            await pilot.press("enter")
            await see(pilot, "only on:masto")
            app.perform("filter-save", app.room_screen.context())
            await see(pilot, "What is this filter called?")
            await write(pilot, "masto")
            await see(pilot, "kept as masto")
            assert [one.typed for one in await searches.filters_of(room)] == ["on:masto"]
            await pilot.press("escape")
            await until(pilot, lambda: "only on:masto" not in text(app))
            await pilot.press("slash", "tab")
            await until(pilot, lambda: app.screen.query(OptionList))
            await pilot.press("enter")
            await see(pilot, "only on:masto")
            app.perform("filter-drop", app.room_screen.context())
            await until(pilot, lambda: app.screen.query(OptionList))
            await pilot.press("enter")
            await see(pilot, "forgot masto")
            assert await searches.filters_of(room) == ()
            await pilot.press("z")
            await see(pilot, "taken back: loss of masto")
            assert len(await searches.filters_of(room)) == 1


async def test_turning_over_keeps_the_post(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            feed = app.room_screen.feed
            await pilot.press("j", "j", "j")
            assert feed.mention is not None
            here = feed.mention.id
            for _ in range(2):
                await pilot.press("v")
                await until(pilot, lambda: feed.loaded and feed.mention is not None)
                assert feed.at == here
            assert await reading.count(room) == 12

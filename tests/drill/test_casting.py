"""Who plays which role, and what the drill's room keeps of our settings."""

from __future__ import annotations

import msgspec
from drill.small import small
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.config import Account, Brand, Member, RoomConfig, Source
from crisisroom.drill.casting import alone, cast, settings, with_person

PLAN = small()
ROLES = tuple(role.id for role in PLAN.roles)


@given(
    st.lists(
        st.builds(
            Member,
            st.text("abc", min_size=1, max_size=2),
            st.just("Name"),
            st.lists(st.sampled_from(ROLES), unique=True).map(tuple),
        ),
        max_size=5,
        unique_by=lambda one: one.id,
    )
)
def test_everybody_plays_only_what_they_may(team: list[Member]) -> None:
    made = cast(PLAN, team)
    may = {one.id: one.roles for one in made.players}
    assert tuple(made.parts) == ROLES
    assert all(role in may[person] for role, person in made.parts.items())
    assert len({one.id for one in made.players}) == len(made.players)


def test_nobody_gets_two_parts_while_somebody_has_none() -> None:
    team = [Member("a", "A", ROLES), Member("b", "B", ROLES), Member("c", "C", ROLES)]
    parts = cast(PLAN, team).parts
    assert sorted([*parts.values()].count(one.id) for one in team) == [1, 1, 2]


def test_a_stranger_at_the_screen_may_play_everything() -> None:
    made = with_person(cast(PLAN, [Member("a", "A", ROLES)]), PLAN, "pat")
    assert [one.roles for one in made.players if one.id == "pat"] == [ROLES]
    assert with_person(made, PLAN, "pat") is made


def test_the_drill_s_room_has_no_way_to_a_token_and_no_source() -> None:
    real = RoomConfig(
        name="Ours",
        brand=Brand("Kessel", ("Kessel",), ("main",)),
        accounts=(
            Account(id="main", type="mastodon", server="https://ours.example", token_env="SECRET"),
            Account(id="two", type="mastodon", server="https://two.example", token_file="/t"),
        ),
        sources=(Source(id="news", type="feed", url="https://news.example/feed"),),
    )
    made = settings(PLAN, cast(PLAN, ()), real)
    assert made.name == "drill: Ours"
    assert [(one.token_env, one.token_file) for one in made.accounts] == [("", ""), ("", "")]
    assert [(one.id, one.type) for one in made.sources] == [("social", "demo")]
    assert "SECRET" not in msgspec.json.encode(made).decode()


def test_alone_there_is_no_team() -> None:
    assert settings(PLAN, alone(PLAN, "pat"), RoomConfig()).team == ()

"""The pause list as it is merged, and as an incident's log tells it."""

from __future__ import annotations

from typing import Any

from core.incident_builder import Told
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.pausing import keepers, loud, merged, paused
from crisisroom.core.said import PauseState, PauseStatus

KEYS = ("id", "title", "kind", "owner", "backup", "hook", "detail")
ids = st.sampled_from(["ads", "push", "letter", "bot", "agency"])
said = st.sampled_from(["paused", "failed", "not_needed", "resumed"])


def item(id_: str, title: str = "It", state: PauseStatus = "running", **more: Any) -> PauseState:
    return PauseState(id=id_, title=title, kind="ads", state=state, **more)


def as_data(items: list[PauseState]) -> list[dict[str, str]]:
    return [{key: getattr(one, key) for key in KEYS} for one in items]


def test_what_was_said_stays_while_the_settings_change() -> None:
    before = {"ads": item("ads", state="paused", by="bo", words="by phone")}
    after = merged(before, [item("push"), item("ads", "All ads", owner="cy")])
    assert list(after) == ["push", "ads"]
    ads = after["ads"]
    assert (ads.title, ads.owner, ads.state, ads.by) == ("All ads", "cy", "paused", "bo")


def test_only_what_nobody_spoke_of_leaves_the_list() -> None:
    before = {"ads": item("ads"), "push": item("push", state="paused")}
    assert list(merged(before, [item("letter")])) == ["letter", "push"]


lists = st.lists(
    st.builds(item, ids, st.sampled_from(["It", "That"])), unique_by=lambda one: one.id
)


@given(st.lists(st.tuples(lists, st.lists(st.tuples(ids, said), max_size=4)), max_size=4))
def test_the_log_tells_the_list_that_was_merged(
    nights: list[tuple[list[PauseState], list[tuple[str, PauseStatus]]]],
) -> None:
    told = Told()
    for items, words in nights:
        expected = merged(told.state.pauses, items)
        told.tell("pause.listed", items=as_data(items))
        assert told.state.pauses == expected
        for id_, state in words:
            if id_ in told.state.pauses:
                told.tell("pause.set", item=id_, state=state, words="so", by_hook=False)
        here = told.state.pauses.values()
        assert {one.id for one in loud(told.state)} == {
            one.id for one in here if one.state in ("running", "failed")
        }
        assert {one.id for one in paused(told.state)} == {
            one.id for one in here if one.state == "paused"
        }


def test_who_sees_to_it_in_words() -> None:
    assert keepers(item("ads", owner="ada", backup="bo")) == "ada, else bo"
    assert keepers(item("ads", backup="bo")) == "bo"
    assert keepers(item("ads")) == ""

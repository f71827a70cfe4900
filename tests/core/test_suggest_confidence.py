from __future__ import annotations

import pytest

from crisisroom.core.playbook import KeyMessage, Playbook
from crisisroom.core.suggest import FITS, Suggester

LOST = KeyMessage("lost", "lost parcel", "We look for it.", ("my parcel never came to my door",))
THINGS = ("coat", "lamp", "kettle", "chair", "book", "shoe", "clock", "carpet", "mirror", "spoon")


def suggester(*messages: KeyMessage) -> Suggester:
    return Suggester(Playbook(schema=1, id="x", title="x", version=1, key_messages=messages))


def unlike(many: int) -> list[KeyMessage]:
    return [KeyMessage(f"o{n}", f"topic{n} matter{n}", f"Words{n} of{n}.") for n in range(many)]


def alike() -> list[KeyMessage]:
    return [
        KeyMessage(thing, f"parcel with a {thing}", "Yes.", (f"my parcel with the {thing} came",))
        for thing in THINGS
    ]


@pytest.mark.parametrize("many", [20, 200])
def test_messages_about_other_things_do_not_make_a_fitting_one_less_sure(many: int) -> None:
    post = "the parcel never came"
    few = suggester(LOST, *unlike(3)).rank(post)[0]
    large = suggester(LOST, *unlike(many)).rank(post)[0]
    assert few.id == large.id == "lost"
    assert large.score >= 0.9 * few.score >= 0.9 * FITS


def test_where_messages_are_alike_a_post_has_to_fit_better() -> None:
    post = "my parcel with the umbrella came"
    among_unlike = suggester(alike()[0], *unlike(9)).rank(post)[0]
    among_alike = suggester(*alike()).rank(post)[0]
    assert among_alike.score < FITS <= among_unlike.score


def test_among_messages_alike_the_one_that_is_meant_still_fits() -> None:
    first = suggester(*alike()).rank("my parcel with the lamp came")[0]
    assert first.id == "lamp"
    assert first.score >= FITS


def test_the_bar_rises_with_what_is_learnt() -> None:
    posts = {each.id: [f"{n} parcel came with that {each.id}" for n in "abcd"] for each in alike()}
    later = suggester(*alike())
    for id_, texts in posts.items():
        later.learn(id_, texts)
    book = Playbook(schema=1, id="x", title="x", version=1, key_messages=tuple(alike()))
    known = Suggester(book, posts)
    for post in ("my parcel with the umbrella came", "the parcel with a lamp"):
        assert later.rank(post)[0].score == pytest.approx(known.rank(post)[0].score, abs=0.1)


def test_a_playbook_of_one_message_is_sure_only_of_what_fits() -> None:
    alone = suggester(LOST)
    assert alone.rank("my parcel never came")[0].score >= FITS
    assert all(one.score < FITS for one in alone.rank("my new phone has no door"))

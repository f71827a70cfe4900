"""An offer of a part: who is reminded of it, and when it is over."""

from __future__ import annotations

from core.night import Night

from crisisroom.core.handing import offers_by, offers_to, titled


def offered(person: str = "bo", minutes: float = 1) -> Night:
    """Return a night whose lead offers the lead."""
    night = Night()
    night.tell("role.taken", 0, role="lead", person="ada", was="")
    night.tell("role.offered", minutes, role="lead", person=person, words="", tasks=[])
    return night


def test_both_are_reminded_after_ten_minutes_once() -> None:
    night = offered()
    night.look(10.9)
    assert not night.kinds("person.notified")
    night.look(11)
    night.look(11.5)
    assert night.kinds("person.notified") == [
        ("tells bo: ada offers you Crisis lead: accept or decline it", 11),
        ("tells ada: bo has not accepted Crisis lead: it is still yours", 11),
    ]
    assert night.state.roles["lead"].holder == "ada"


def test_an_answer_ends_it() -> None:
    for kind, data in (
        ("role.declined", {"role": "lead", "words": "no"}),
        ("role.handed", {"role": "lead", "person": "bo", "was": "ada", "words": "", "tasks": []}),
        ("role.taken", {"role": "lead", "person": "cy", "was": "ada"}),
        ("role.left", {"role": "lead", "person": "ada"}),
    ):
        night = offered()
        night.tell(kind, 5, actor="bo", **data)
        night.look(12)
        assert night.state.offers == {}
        assert not [text for text, _ in night.kinds("person.notified") if "offers you" in text]


def test_an_offer_to_somebody_else_takes_the_place_of_the_first() -> None:
    night = offered()
    night.tell("role.offered", 5, role="lead", person="cy", words="", tasks=[])
    assert offers_to(night.state, "bo") == ()
    assert [one.role for one in offers_to(night.state, "cy")] == ["lead"]
    assert [one.person for one in offers_by(night.state, "ada")] == ["cy"]
    night.look(15)
    told = [text for text, at in night.kinds("person.notified") if at == 15]
    assert [text for text in told if "Crisis lead" in text] == [
        "tells cy: ada offers you Crisis lead: accept or decline it",
        "tells ada: cy has not accepted Crisis lead: it is still yours",
    ]


def test_a_part_is_called_by_its_title() -> None:
    night = offered()
    assert (titled(night.state, "lead"), titled(night.state, "gone")) == ("Crisis lead", "gone")

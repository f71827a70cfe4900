"""How loud the crowd was, when it was calm, and who of it was served."""

from __future__ import annotations

from datetime import timedelta

from report.builders import START, Log
from report.rich import ends, figures, plan

from crisisroom.core.playbook import Calm, Resolve
from crisisroom.core.timeline import stamp


def counted(log: Log, minute: float, *mentions: int, first: int = 0, usual: int = 500) -> int:
    """Count hours from 02:00 on, `first` hours later."""
    hour = START.replace(minute=0) + timedelta(hours=first)
    rows = [
        {
            "start": stamp(hour + timedelta(hours=place)),
            "seconds": 3600,
            "mentions": number,
            "complaints": 0,
            "usual_hundredths": usual,
            "sources": {},
        }
        for place, number in enumerate(mentions)
    ]
    return log.add("volume.counted", minute, "counted", {"rows": rows}, actor="room").seq


def test_the_loudest_hour_and_the_way_back() -> None:
    log = Log(plan=plan())
    first = counted(log, 60, 9, 30, 31)
    counted(log, 180, 31, 12, first=2)
    last = counted(log, 420, 5, 4, 0, first=4)
    found = figures(log)
    top = found["peak_hour"]
    assert (top.met, top.of, top.state) == (31, 9 + 30 + 31 + 12 + 9, "pending")
    assert (top.since_at, top.to_at) == (
        START.replace(hour=4, minute=0),
        START.replace(hour=5, minute=0),
    )
    assert ends(found["decay"]) == ("recorded", 7200, 3, last)
    # quiet from 06:00, seen to be so until 09:00
    assert ends(found["time_to_calm"]) == ("recorded", 233 * 60, 1, 3)
    assert first == 2


def test_an_hour_that_nobody_counted_is_not_quiet() -> None:
    log = Log(plan=plan())
    counted(log, 60, 30)
    counted(log, 200, 1, first=3)
    assert figures(log)["time_to_calm"].state == "pending"
    assert figures(log)["decay"].seconds == 3 * 3600
    counted(log, 400, 1, first=4)
    # until 05:00 nobody knows; then two quiet hours were counted
    assert figures(log)["time_to_calm"].seconds == 173 * 60


def test_the_playbook_says_what_is_calm() -> None:
    quiet = Resolve(calm=Calm(quiet=3600, below=12))
    log = Log(plan=plan(resolve=quiet))
    counted(log, 400, 30, 11, 30, 12, usual=0)
    assert figures(log)["time_to_calm"].seconds == 53 * 60, "from 03:00 on"


def test_without_counts_the_linked_posts_tell_how_loud_it_was() -> None:
    log = Log()
    for number, minute in enumerate((-9, 1, 2, 3, 4, 60), 1):
        log.link(number, minute)
    found = figures(log)
    assert (found["peak_hour"].met, found["peak_hour"].of) == (4, 6)
    assert (found["peak_hour"].since, found["peak_hour"].to) == (3, 6)
    assert found["decay"].state == "pending"
    assert found["time_to_calm"].state == "pending"
    log.add("incident.resolved", 173, "resolved", {"words": ""})
    found = figures(log)
    assert found["decay"].state == "not applicable", "nobody counted what is usual"
    assert ends(found["time_to_calm"]) == ("recorded", 53 * 60, 1, 6)


def test_posts_that_need_no_answer_are_not_missed() -> None:
    log = Log(plan=plan())
    uids = [log.link(number, 0) for number in range(1, 6)]
    for uid, state in zip(uids, ("dismissed", "claimed", "offline"), strict=False):
        triaged = {"mention": uid, "state": state, "assignee": "ada"}
        log.add("mention.triaged", 10, "x", triaged)
    log.add("mention.tagged", 11, "x", {"mention": uids[3], "tags": ["troll"], "off": False})
    log.draft("R-1", 12, "x", mention=uids[1], mention_id="M-2")
    log.send("R-1", 13)
    found = figures(log)
    assert (found["mentions_triaged"].met, found["mentions_triaged"].of) == (3, 5)
    assert (found["mentions_answered"].met, found["mentions_answered"].of) == (2, 3)
    log.add("mention.tagged", 14, "x", {"mention": uids[3], "tags": ["troll"], "off": True})
    assert figures(log)["mentions_answered"].of == 4

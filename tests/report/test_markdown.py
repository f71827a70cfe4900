"""What the report tells of the record itself: pins, corrections, evidence, counts, the review."""

from __future__ import annotations

from typing import Any

from report.builders import PLAN, Log, night
from report.test_md_owed import OWED, plain

from crisisroom.core.timeline import stamp
from crisisroom.report import Profile, export


def told(log: Log, profile: Profile = "internal") -> str:
    return export(log.record, "md", profile=profile)["INC-7.md"].decode()


def part(page: str, title: str) -> str:
    return page.split(f"\n## {title}\n")[1].split("\n## ")[0]


def correct(log: Log, seq: int, words: str = "", at: str = "") -> int:
    data: dict[str, Any] = {"words": words} | ({"at": at} if at else {})
    return log.add("entry.corrected", 300, f"corrected entry {seq}", data, corrects=seq).seq


def test_highlights_stand_before_the_timeline_in_their_order() -> None:
    log = night()
    for seq in (25, 1):
        log.add("entry.pinned", 200, "pinned", {"entry": seq})
    page = told(log)
    rows = [line for line in part(page, "Highlights").split("\n") if line.startswith("| ")]
    assert [row.split(" | ")[0] for row in rows] == ["| Entry", "| ---", "| 1", "| 25"]
    assert page.index("## Highlights") < page.index("## Statements") < page.index("## Timeline")
    assert "## Highlights" not in told(night())


def test_a_corrected_entry_is_struck_with_what_is_right_beside_it() -> None:
    log = night()
    by = correct(log, 7, "it was *four*", "2026-11-22T02:00:00.000Z")
    timeline = part(told(log), "Timeline")
    [row] = [line for line in timeline.split("\n") if line.startswith("| 7 |")]
    assert "| ~~2026-11-22 03:14:00 +01:00~~ 2026-11-22 03:00:00 +01:00 |" in row
    assert "| ~~2026-11-22 02:14:00Z~~ 2026-11-22 02:00:00Z |" in row
    assert f"| ~~cause: a secret cause~~ it was \\*four\\* (corrected by entry {by}) |" in row
    shown = [line.split(" | ")[0] for line in timeline.split("\n") if line.startswith("| ")]
    assert shown.index("| 7") < shown.index("| 1")


def test_back_dated_and_marked_entries_say_so() -> None:
    log = night()
    data = {"words": "x", "visibility": "legal", "about": ["M-1", "T:pause"]}
    log.add("note.added", 10, "a note", data, recorded=200)
    row = told(log, "legal").split("| a note")[1].split("\n")[0]
    said = "entered 2026-11-22 06:27:00 +01:00; about M-1, T:pause; for Legal"
    assert row.startswith(f" ({said}) |")


def test_decisions_with_what_else_could_have_been_done() -> None:
    log = night()
    options = [{"words": "say | nothing"}, {"words": "wait"}]
    data = {"words": "say it", "why": "it is true", "options": options}
    made = log.add("decision.made", 210, "decided", data)
    section = part(told(log), "Decisions")
    assert f"ada: say it. Because: it is true (entry {made.seq})\n" in section
    assert "\n  - or: say \\| nothing\n  - or: wait" in section


def test_evidence_is_told_by_its_hash_and_never_shown() -> None:
    log = Log()
    uid = log.link(1, 1)
    kept = {"sha256": "a" * 64, "size": 4711, "media": "image/png", "sort": "picture"}
    named = {"name": "![x](http://t.example/p.png)", "url": "https://t.example/p.png"}
    log.add("evidence.kept", 9, "kept", kept | named | {"mention": uid})
    section = part(told(log), "Evidence")
    assert f"| `{'a' * 64}` | 4711 bytes | image/png | M-1 | 2026-11-22 03:16:00" in section
    assert "!\\[x\\]" in section.replace("\\!", "!")
    assert "<https" not in section
    assert "## Evidence" not in told(log, "public")


def test_a_hold_is_told_to_everybody_who_opens_the_report() -> None:
    log = Log()
    log.add("hold.set", 9, "hold", {"words": "a letter of the court"}, actor="dee")
    page = told(log)
    assert "**ON HOLD since 2026-11-22 03:16:00 +01:00" in page.split("## At a glance")[0]
    assert "dee: nothing may be purged or erased: a letter of the court" in part(page, "Hold")
    log.add("hold.lifted", 19, "lifted", {"words": ""}, actor="dee")
    assert "ON HOLD" not in told(log)
    assert "dee: lifted" in part(told(log), "Hold")


def counted(log: Log, hours: int) -> None:
    rows = [
        {
            "start": f"2026-11-{1 + hour // 24:02}T{hour % 24:02}:00:00.000Z",
            "seconds": 3600,
            "mentions": 5 + (hour == 3) * 400,
            "complaints": 2,
            "usual_hundredths": 40,
            "sources": {"mastodon": 3, "a|b": 2},
        }
        for hour in range(hours)
    ]
    log.add("volume.counted", 9, "counted", {"rows": rows})


def test_volume_has_its_peak_and_few_rows() -> None:
    log = Log()
    counted(log, 5)
    section = part(told(log), "Volume")
    assert "- 425 mentions, 10 of them likely complaints, in 5h" in section
    assert "- Peak: 405 from 2026-11-01 04:00:00 +01:00 (03:00:00Z) on, in 1h" in section
    assert "(usual 0.40)" in section
    assert "| 1h | 405 | 2 | 0.40 | a\\|b 2, mastodon 3 |" in section
    assert section.count("\n| 2026") == 5
    counted(log, 500)
    section = part(told(log), "Volume")
    assert section.count("\n| 2026") <= 48
    assert "- 2900 mentions, 1000 of them" in section
    assert "| 11h | 455 | 22 | 4.40 | a\\|b 22, mastodon 33 |" in section
    assert "## Volume" not in told(log, "public")


def test_how_it_was_detected_and_what_it_meant() -> None:
    plan = plain(PLAN)
    plan["facts"][0]["type"] = "number"
    log = Log(plan=plan)
    log.link(1, -9)
    log.link(2, 3, source="forum")
    log.fact("affected", 4, "40")
    warned: dict[str, Any] = {"candidate": "c", "id": "C-3", "level": "early", "reason": "9 people"}
    warned |= {"observed": 9, "expected_hundredths": 40, "window_minutes": 20, "authors": 9}
    warned |= {"sources": 3, "narratives": [], "suggested_playbook": "billing-error"}
    log.add("candidate.raised", 5, "raised", warned)
    page = told(log)
    section = part(page, "How it was detected")
    assert "- First post: 2026-11-22 02:58:00 +01:00 (01:58:00Z), M-1 by" in section
    assert (
        "early: 9 people (9 mentions in 20 min, usual 0.40; suggested `billing-error`)" in section
    )
    impact = part(page, "Impact")
    assert "| Number of people affected | 40 |" in impact
    assert "| Mentions by source | forum 1, mastodon 1 |" in impact
    assert "| Followers of those who posted, together | 2,403 |" in impact


def test_the_review_with_its_answers_factors_and_actions() -> None:
    log = Log(plan=plain(OWED))
    for section, words in (("what-happened", "# It\nleaked"), ("question:1", "Kim | saw it")):
        log.add("review.written", 9, "wrote", {"section": section, "words": words}, actor="bo")
    log.add("review.state", 10, "state", {"state": "in_review"})
    for name, sort in (("F-1", "contributed"), ("F-2", "lucky")):
        data = {"factor": name, "words": f"the {sort} thing", "sort": sort}
        log.add("factor.added", 11, "factor", data)
    page = told(log)
    review = part(page, "Review")
    assert "- State: in review" in review
    assert "### What happened\n\nbo, 2026-11-22 03:16:00" in review
    assert "> \\# It\\\n> leaked\n" in review
    assert "### What we change\n\n*To be filled in.*\n" in review
    assert "### Who saw it first?\n\nbo, " in review
    assert "> Kim \\| saw it" in review
    factors = part(page, "Contributing factors")
    assert "### What contributed\n\n- F-1: the contributed thing" in factors
    assert "### Where we were lucky\n\n- F-2: the lucky thing" in factors
    assert "## Review" not in told(log, "public")


def test_actions_with_their_kind_link_and_what_came_of_them() -> None:
    log = night()
    more = {"kind": "detect", "url": "https://desk.example/7", "narrative": "N-1", "title": "Count"}
    log.add("action.changed", 150, "changed", {"action": "A-1"} | more)
    log.add("action.done", 151, "done", {"action": "A-1", "words": "it counts"})
    section = part(told(log), "Corrective actions")
    assert "| A-1 | Count | bo | 2026-12-01 | done | detect | N-1 | <https://desk.example/7> |" in (
        section
    )
    assert "(04:38:00Z), it counts |" in section


def test_what_should_change_in_the_programme() -> None:
    log = night()
    story: dict[str, Any] = {"narrative": "n-1", "id": "N-1", "quote": "charged | twice"}
    story |= {"mentions": 40, "authors": 30, "sources": ["mastodon"]}
    times = {"first_at": stamp(log.entries[0].at), "last_at": stamp(log.entries[0].at)}
    log.add("narrative.linked", 20, "linked", story | times)
    section = part(told(log), "What should change in the programme")
    assert "| N-1 | charged \\| twice | 40 |" in section
    assert "nobody yet" in section
    assert "programme" not in told(log, "public")


def test_hand_overs_offered_and_accepted() -> None:
    log = night()
    offered = {"role": "lead", "person": "bo", "words": "good night", "tasks": ["numbers"]}
    log.add("role.offered", 50, "offers", offered)
    log.add("role.declined", 51, "no", {"role": "lead", "words": "busy"}, actor="bo")
    log.add("role.offered", 52, "offers", offered)
    handed = {"role": "lead", "person": "bo", "was": "ada", "words": "", "tasks": []}
    log.add("role.handed", 53, "accepted", handed, actor="bo")
    section = part(told(log), "Who held which role")
    assert "ada offered Lead to bo, with Get the numbers: good night" in section
    assert "bo did not take Lead: busy" in section
    assert "bo accepted Lead from ada" in section
    public = part(told(log, "public"), "Who held which role")
    assert "offered" not in public
    assert "responder-3 accepted Lead from responder-1" in public

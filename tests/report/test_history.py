"""What replaying forgets: versions, holders and facts, at the times they are now said to have."""

from __future__ import annotations

from datetime import timedelta

from report.builders import HOLDING, START, Log, night

from crisisroom.core.timeline import stamp
from crisisroom.report.history import fact_changes, holdings, steps, versions


def test_every_version_of_a_text_is_kept_with_its_own_words_per_channel() -> None:
    log = night()
    variants = [{"channel": "x", "words": "short", "sha256": "0" * 64}]
    data = {"id": "ST-2", "words": "second", "sha256": "1" * 64, "version": 2}
    more = {"approval": "ok", "uses": [], "variants": variants}
    log.add("statement.edited", 150, "edited", data | more, actor="bo")
    found = versions(log.record.entries)
    assert [(one.version, one.text, one.by) for one in found["ST-1"]] == [
        (1, "We blame the vendor.", "ada"),
        (2, HOLDING, "ada"),
    ]
    assert [(one.version, one.by, one.variants) for one in found["ST-2"]] == [
        (1, "ada", {}),
        (2, "bo", {"x": "short"}),
    ]
    assert [one.version for one in found["R-1"]] == [1]


def test_times_are_the_corrected_ones_where_the_incident_is_given() -> None:
    log = Log()
    log.add("role.taken", 9, "x", {"role": "lead", "person": "ada", "was": ""})
    log.fact("cause", 10, "smoke")
    log.draft("ST-1", 11, "x")
    for seq, minute in ((2, 1), (3, 2), (4, 3)):
        righted = {"words": "", "at": stamp(START + timedelta(minutes=minute))}
        log.add("entry.corrected", 20, "x", righted, corrects=seq)
    kept, incident = log.record.entries, log.record.incident

    def minutes(*moments: object) -> list[float]:
        return [(one - START) / timedelta(minutes=1) for one in moments]  # type: ignore[operator]

    [role], [fact], [text] = holdings(kept), fact_changes(kept), versions(kept)["ST-1"]
    assert minutes(role.since, fact.at, text.at) == [9, 10, 11]
    [role] = holdings(kept, incident)
    [fact] = fact_changes(kept, incident)
    [text] = versions(kept, incident)["ST-1"]
    assert minutes(role.since, fact.at, text.at) == [1, 2, 3]


def test_steps_tell_the_incident_before_and_after_each_entry() -> None:
    log = night()
    seen = [(before.seq, after.seq, entry.seq) for before, after, entry in steps(log.entries)]
    assert seen == [(seq - 1, seq, seq) for seq in range(2, len(log.entries) + 1)]

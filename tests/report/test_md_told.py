"""How the report reads: the story at its top, how our words came to be, and no link of others."""

from __future__ import annotations

import re
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report.builders import START, Log, night
from report.test_markdown import part, told
from report.whole_night import WholeNight, whole_night

from crisisroom.core.timeline import stamp
from crisisroom.report import export
from crisisroom.report.md import cell


def test_nothing_becomes_a_link_by_itself() -> None:
    log = Log()
    words = "mail pat@mail.com, see evil.com, www.evil.com/x. //evil.com, a@b|c @pat@s.example!"
    log.add("note.added", 1, words, {"words": words})
    shown = (
        "mail `pat@mail.com`, see evil\\.com, `www.evil.com/x`. \\//evil\\.com,"
        " `a@b`\\|c `@pat@s.example`\\!"
    )
    assert shown in told(log)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1 \n@.`|/:\\w-_*[]()", max_size=40))
def test_what_is_in_code_reads_as_it_was_written(text: str) -> None:
    blocks = [one for one in MarkdownIt("gfm-like").parse(cell(text)) if one.type == "inline"]
    found = [token for block in blocks for token in block.children or ()]
    assert "".join(one.content for one in found) == " ".join(text.split())
    assert {one.type for one in found} <= {"text", "code_inline", "text_special"}


def test_the_story_is_told_in_a_few_sentences() -> None:
    log = night()
    section = part(told(log), "At a glance")
    assert section.strip().split("\n")[0] == (
        "Declared on Sunday, 22 November 2026 at 03:07 as SEV1 Serious."
        " Lowered to SEV2 Bad at 04:07. First statement after 17m. 1 of 2 mentions answered."
        " Resolved at 05:27, after 2h20."
    )
    assert "Still to do: 1 corrective action." in section
    log.add("review.written", 151, "wrote", {"section": "summary", "words": "A | clerk slept."})
    log.add("incident.reopened", 200, "reopened", {"words": ""})
    section = part(told(log), "At a glance")
    assert section.startswith("\n> A \\| clerk slept.\n\nDeclared on Sunday")
    assert "Still open as of 06:27." in section
    assert "Still to do: 1 task, 1 corrective action." in section


def test_how_a_text_changed() -> None:
    log = Log()
    log.draft("ST-1", 1, "We see four cases and we are sorry.")
    new = "We see *five* cases and we are sorry."
    log.edit("ST-1", 4, new, 2)
    log.judge("ST-1", 9, new, 2, "approved")
    section = part(told(log), "Statements")
    assert "  > We see four cases and we are sorry.\n" in section
    assert "  > We see \\[-four-\\]{+\\*five\\*+} cases and we are sorry.\n" in section
    assert "  Now:\n\n  > We see \\*five\\* cases and we are sorry.\n" in section
    assert "(02:16:00Z) (in 2m)\n" in section


def test_whether_we_spoke_again_when_we_had_said() -> None:
    log = Log()
    log.draft("ST-1", 1, "We are on it.", promises=stamp(START + timedelta(minutes=40)))
    log.send("ST-1", 10)
    by = "- Promised to speak again by 2026-11-22 03:47:00 +01:00 (02:47:00Z)"
    assert f"{by}\n" in told(log)
    log.add("note.added", 60, "x", {"words": "x"})
    assert f"{by}: nothing followed\n" in told(log)
    log.draft("ST-2", 61, "To the staff.", audience="employees")
    log.send("ST-2", 61)
    log.draft("ST-3", 62, "More.")
    log.send("ST-3", 62)
    assert f"{by}: ST-3 followed 22m late\n" in told(log)


def test_a_text_written_anew_has_no_list_of_changes() -> None:
    log = Log()
    log.draft("ST-1", 1, "Nothing happened here.")
    log.edit("ST-1", 4, "A kettle burnt, one person is hurt.", 2)
    section = part(told(log), "Statements")
    assert "What changed" not in section
    assert section.count("\n  > ") == 2


def test_corrections_owed_promises_pauses_and_questions() -> None:
    page = told_of(whole_night())
    owed = part(page, "Corrections owed")
    assert re.search(r"\| ST-4 \| Count \| .* \| stands as it reads in \w+ by ", owed)
    promised = part(page, "What we promised")
    assert re.search(r"\| P-1 \| R-1 \| Zq\d+x Name \| 2026-.* \| kept by .*: Zq", promised)
    assert re.search(r"\| P-2 \| .* \| dropped by ", promised)
    assert re.search(r"\| Advertisements \| resumed \| 2026-.* \| Zq", part(page, "Paused"))
    asked = part(page, "Questions to colleagues")
    assert re.search(r"\| Q-1 \| ST-1 \| .* \| Zq\d+x Name \(.*, in \w+\) \|", asked)
    assert re.search(r"\| Q-2 \|  \| .* \| \*no answer\* \|", asked)


def test_the_headings_are_in_the_order_they_are_read() -> None:
    found = re.findall(r"^## (.*)$", told_of(whole_night()), re.MULTILINE)
    assert len(found) == len({*found})
    order = ["At a glance", "Highlights", "Statements", "Replies", "Checklist", "What we knew"]
    order += ["Decisions", "Legal duties", "Who held which role", "Figures", "Mentions", "Evidence"]
    order += ["Review", "Corrective actions", "Timeline", "Integrity"]
    assert [one for one in found if one in order] == order


def told_of(made: WholeNight) -> str:
    return export(made.record, "md")["INC-9.md"].decode()


def test_utc_is_said_once_where_the_zone_is_utc() -> None:
    log = Log(zone="UTC")
    assert "- Declared: 2026-11-22 02:07:00 +00:00 by ada" in told(log)
    assert "- Times: UTC\n" in told(log)

"""Texts in duties, enquiries, calls, releases and what the plan grew by stay words, too."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report.builders import PLAN, START, Log
from report.papers import TEXTS
from report.test_literal import ACTIVE, HOSTILE, LOOSE, flat, words

from crisisroom.core.canonical import text_hash
from crisisroom.core.playbook import Answer, Escalation, EscalationStep, KeyMessage, Question, Task
from crisisroom.core.timeline import stamp
from crisisroom.report import export, parse_import
from crisisroom.report.plain import one_line, visible


def plan(text: str) -> dict[str, Any]:
    """Return a plan that says a text wherever it can."""
    values: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(PLAN))
    duty = {"id": "law", "title": text, "starts": "cause", "within": "72h", "law": text}
    calls = Escalation("wake", text, (EscalationStep(("ceo",)),))
    return values | {
        "deadlines": [duty],
        "questions": [msgspec.to_builtins(Question("harm", text))],
        "escalations": [msgspec.json.decode(msgspec.json.encode(calls))],
        "review": {"sections": [text], "questions": [text], "owner": "lead", "metrics": ["x"]},
    }


def hostile(text: str) -> Log:
    """Return a log with a text in every place that the newer entries have."""
    log = Log(plan=plan(text), answers={"harm": "yes"})
    began = {"deadline": "law", "started_at": stamp(START), "due_at": stamp(START)}
    log.add("deadline.started", 1, text, began, actor="room")
    log.add("deadline.met", 2, text, {"deadline": "law", "words": text})
    asked = {"sort": "media", "outlet": text, "name": text, "to": text, "quote": text}
    log.add("enquiry.added", 3, text, {"enquiry": "EQ-1", **asked})
    log.add("enquiry.assigned", 4, text, {"enquiry": "EQ-1", "person": text})
    log.add("enquiry.answered", 5, text, {"enquiry": "EQ-1", "words": text}, actor=text)
    log.add("escalation.started", 6, text, {"escalation": "wake", "why": text})
    called = {"round": 1, "step": 0, "called": ["ceo"], "people": [{"name": text}]}
    log.add("escalation.step", 7, text, {"escalation": "wake", **called}, actor="room")
    log.add("escalation.acknowledged", 8, text, {"escalation": "wake", "name": text})
    task = msgspec.json.decode(msgspec.json.encode(Task("own", text, within=60)))
    log.add("task.added", 9, text, {"task": task, "phase": "", "words": text}, actor=text)
    log.add("clock.late", 10, text, {"clock": f"task:own@{stamp(START)}", "who": text})
    message = msgspec.json.decode(msgspec.json.encode(KeyMessage("m", text, text)))
    log.add("message.added", 11, text, {"message": message})
    answer = msgspec.json.decode(msgspec.json.encode(Answer("q", text, text)))
    log.add("answer.added", 12, text, {"answer": answer})
    more = {"playbook": {"id": "x", "version": 1, "sha256": "y"}, "plan": plan(text)}
    log.add("playbook.added", 13, text, {**more, "words": text, "moments": {}, "switched": True})
    log.draft("ST-1", 14, text)
    verdict = {"id": "ST-1", "step": "ok", "verdict": "released", "version": 1, "words": text}
    released = verdict | {"sha256": text_hash(text)}
    log.add("statement.released", 15, text, released, actor=text)
    return log


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", TEXTS)
def test_no_control_signs_are_written(text: str, form: str) -> None:
    for data in export(hostile(text).record, form).values():
        shown = data.decode()
        if form == "csv":
            shown = shown.replace("\r\n", "\n")
        assert LOOSE.search(shown) is None
        assert "\r" not in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_computes(text: str) -> None:
    for data in export(hostile(text).record, "csv").values():
        rows = [*csv.reader(io.StringIO(data.decode(), newline=""))]
        assert len({len(row) for row in rows}) == 1
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if re.match(r"[=+\-@\t\r\n＝＋－＠]", cell)] == []


def headings(text: str) -> list[str]:
    """Return a report's headings, having checked that its words stand in it and are not active."""
    page = export(hostile(text).record, "md")["INC-7.md"].decode()
    blocks = MarkdownIt("gfm-like").parse(page)
    assert [token.type for token in flat(blocks) if token.type in ACTIVE] == []
    assert [token for token in flat(blocks) if token.type == "link_open"] == []
    heads = [words(blocks[at + 1]) for at, one in enumerate(blocks) if one.type == "heading_open"]
    assert [one for one in heads if one in ("Emergency releases", "Legal duties", "Escalations")]
    quoted = [words(blocks[at]) for at, one in enumerate(blocks) if one.type == "inline"]
    for line in visible(text).split("\n"):
        assert any(line.strip() in one for one in quoted)
    return heads


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_the_characters(text: str) -> None:
    literal, heads = one_line(text).strip(), headings(text)
    assert heads.count(literal) == 2  # what the review asks to fill in
    assert f"EQ-1: {literal}".strip() in heads


@given(st.text(alphabet=st.sampled_from("ab1 \n\t#>-+*=_`~[]()<>!|\\.:/&;"), max_size=25))
@settings(max_examples=80, deadline=None)
def test_markdown_shows_any_marks(text: str) -> None:
    page = export(hostile(text).record, "md")["INC-7.md"].decode()
    blocks = MarkdownIt("gfm-like").parse(page)
    assert [token.type for token in flat(blocks) if token.type in ACTIVE] == []


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_json_keeps_any_text_to_the_letter(text: str) -> None:
    log = hostile(text)
    data = export(log.record, "json")["INC-7.json"]
    whole = json.loads(data)
    assert whole["enquiries"][0]["question"] == text
    assert whole["deadlines"][0]["law"] == text
    assert whole["escalations"][0]["runs"][0]["calls"][0]["names"] == [text]
    entries, incident = parse_import(data, "INC-7.json")
    assert entries == log.record.entries
    assert incident.enquiries["EQ-1"].answer == text

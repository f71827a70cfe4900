"""`suggest`: approved words ranked for a text, a mention or a story."""

from __future__ import annotations

import asyncio
import json

import pytest
from cli.conftest import room_file
from cli.driver import Cli
from room.heard import stories_told

from crisisroom.clock import ManualClock
from crisisroom.room import Actor, Room
from crisisroom.store import lessons

SMOKES = "my kettle smokes, can I keep using it?"


def test_a_text_is_ranked_without_a_room(cli: Cli) -> None:
    said = cli.json("suggest", "--playbook", "product-defect", SMOKES)
    assert said["text"] == SMOKES
    first = said["suggestions"][0]
    assert set(first) == {"id", "kind", "score", "why"}
    assert (first["id"], first["kind"]) == ("advice", "key_message")
    assert 0.4 <= first["score"] <= 1
    assert first["why"].startswith("says ")
    scores = [one["score"] for one in said["suggestions"]]
    assert scores == sorted(scores, reverse=True)
    limited = cli.json("suggest", "--playbook", "product-defect", "--limit", "1", SMOKES)
    assert limited["suggestions"] == said["suggestions"][:1]
    assert not room_file().exists()


def test_plain_lines_are_for_people(cli: Cli) -> None:
    said = cli.ok("suggest", "--playbook", "product-defect", SMOKES)
    assert said.lines[0] == SMOKES
    assert "advice (message): says " in said.lines[1]
    nothing = cli.ok("suggest", "--playbook", "product-defect", "zzzz")
    assert nothing.lines[1].strip() == "nothing in the playbook has to do with it"


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_each_line_of_stdin_gets_one_line(cli: Cli, more: tuple[str, ...]) -> None:
    given = f"{SMOKES}\n\n{json.dumps({'text': 'refund please', 'id': 'x'})}\n{{odd\r\n".encode()
    said = cli.ok("suggest", "--playbook", "product-defect", "-", *more, stdin=given)
    found = [json.loads(line) for line in said.lines]
    assert [one["text"] for one in found] == [SMOKES, "", "refund please", "{odd"]
    assert [bool(one["suggestions"]) for one in found] == [True, False, True, False]
    plain = cli.ok("suggest", "--playbook", "product-defect", "-", "--plain", stdin=given)
    assert plain.lines[0] == SMOKES


def test_bad_lines_are_named_and_the_others_ranked(cli: Cli) -> None:
    given = b"refund\n\xff\xfe\n" + b"x" * (2 << 20) + b'\n{"a":' + b"[" * 90_000 + b"\nrefund\n"
    said = cli("suggest", "--playbook", "product-defect", "-", "--json", stdin=given)
    assert said.code == 1
    texts = [json.loads(line)["text"] for line in said.lines]
    assert (texts[0], texts[-1], len(texts)) == ("refund", "refund", 3)
    errors = [json.loads(line)["error"]["message"] for line in said.err.splitlines()]
    assert [error.split(":")[1] for error in errors] == ["2", "3"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "suggest for what?"),
        (("--mention", "M-1", "text"), "one of them"),
        (("INC-1", "--playbook", "product-defect", "text"), "one of them"),
        (("--mention", "12x"), "no mention's id"),
        (("--mention", "M-99"), "there is no mention M-99"),
        (("--narrative", "N-99"), "there is no story N-99"),
        (("--limit", "0", "text"), "--limit is 1 or more"),
    ],
)
def test_errors_say_what_to_mend(crisis: Cli, words: tuple[str, ...], says: str) -> None:
    assert says in crisis.refused(2, "suggest", *words).err


def test_an_unknown_playbook_is_refused(cli: Cli) -> None:
    said = cli("suggest", "--playbook", "nonsense", "text")
    assert (said.code != 0, "nonsense" in said.err, said.out) == (True, True, "")


def test_a_mention_is_ranked_by_the_plan_of_the_open_incident(crisis: Cli) -> None:
    said = crisis.json("suggest", "--mention", "m-1")
    assert said["mention"] == "M-1"
    assert said["suggestions"][0]["id"] == "advice"
    assert crisis.json("suggest", "INC-1", "--mention", "M-1") == said
    by_text = crisis.json("suggest", "INC-1", said["text"])
    assert by_text["suggestions"] == said["suggestions"]


def test_a_story_is_ranked_with_what_it_was_answered_with(crisis: Cli, clock: ManualClock) -> None:
    async def told() -> None:
        async with await Room.open(str(room_file()), actor=Actor("ada"), clock=clock) as room:
            await stories_told(room, {"N-1": 3})
            now = clock.now()
            for number in (4, 5):
                await room.store.write(
                    lambda tx, number=number: lessons.learn(  # type: ignore[misc]
                        tx, number, "product-defect", ("remedy",), "N-1", "ada", now
                    )
                )

    asyncio.run(told())
    said = crisis.json("suggest", "--narrative", "n-1")
    assert (said["narrative"], said["text"]) == ("N-1", "3 posts")
    first = said["suggestions"][0]
    assert first["id"] == "remedy"
    assert first["why"].endswith("answered so 2 times in this story")

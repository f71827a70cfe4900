"""Services through apprise: an address with a secret, and a process of its own that keeps it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.config.settings import Messenger
from crisisroom.core.errors import Refused
from crisisroom.notifiers import services
from crisisroom.notifiers.messages import InDoubt, Message, NotDelivered
from crisisroom.notifiers.services import Service, reached

CANARY = "canary-4711-secret"
CODE = "7F3K-92QD"
MESSAGE = Message(
    id="ask.1",
    title="Please approve ST-1",
    text=f"Grüße: {{to}} {CODE}",
    at=datetime(2026, 11, 22, tzinfo=UTC),
)
KEYS = {"SMS": f"gateway://user:{CANARY}@host/{{to}}?from={{to}}"}
Helper = Callable[[str], Path]


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Helper:
    """Let a program play the helper; it finds what it was told in `told`."""

    def play(program: str) -> Path:
        script, kept = tmp_path / "helper.py", tmp_path / "kept"
        script.write_text(
            "import json, os, sys, time\n"
            "told = json.loads(sys.stdin.buffer.read())\n"
            f"kept = {str(kept)!r}\n"
            f"{program}\n"
        )
        monkeypatch.setattr(services, "_HELPER", script)
        monkeypatch.setattr(services, "find_spec", lambda name: object())
        return kept

    return play


def service(**env: str) -> Service:
    return Service(Messenger(id="sms", type="apprise", token_env="SMS"), KEYS | env)


async def test_the_address_and_the_words_come_on_stdin(helper: Helper) -> None:
    argv = "open('/proc/self/cmdline').read()" if sys.platform == "linux" else "str(sys.argv)"
    kept = helper(f"json.dump([told, {argv}, dict(os.environ)], open(kept, 'w'))\nprint('sent')")
    await service(OTHER=CANARY).carry("+49 (170) 12-34", MESSAGE)
    told, argv, env = json.loads(kept.read_text())
    number = "%2B491701234"
    assert told == {
        "address": f"gateway://user:{CANARY}@host/{number}?from={number}",
        "title": MESSAGE.title,
        "body": MESSAGE.text,
    }
    assert CANARY not in argv + json.dumps(env)
    assert CODE not in argv + json.dumps(env)


@pytest.mark.parametrize(
    ("program", "failure", "told"),
    [
        ("print('refused')", NotDelivered, "did not take"),
        ("print('address')", NotDelivered, "no such service"),
        ("print('missing')", Refused, "needs the package"),
        ("raise ValueError(told)", InDoubt, "nobody knows"),
        ("print(told)", InDoubt, "nobody knows"),
        ("os.kill(os.getpid(), 9)", InDoubt, "nobody knows"),
    ],
)
async def test_what_its_end_means(
    helper: Helper,
    capfd: pytest.CaptureFixture[str],
    program: str,
    failure: type[Exception],
    told: str,
) -> None:
    helper(program)
    with pytest.raises((NotDelivered, InDoubt, Refused)) as failed:
        await service().carry("+49 170 1234", MESSAGE)
    assert type(failed.value) is failure
    assert told in str(failed.value)
    said = str(failed.value) + "".join(capfd.readouterr())
    assert CANARY not in said
    assert CODE not in said


async def test_a_service_that_hangs_is_ended(
    helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = helper("open(kept, 'w').write(str(os.getpid()))\ntime.sleep(600)")
    monkeypatch.setattr(services, "SECONDS", 2.0)
    with pytest.raises(InDoubt):
        await service().carry("+49 170 1234", MESSAGE)
    assert not Path(f"/proc/{kept.read_text()}").exists()  # noqa: ASYNC240


async def test_an_address_without_a_place_for_the_person_is_refused(helper: Helper) -> None:
    helper("print('sent')")
    with pytest.raises(Refused, match=r"has no \{to\}") as refused:
        await service(SMS=f"gateway://{CANARY}@host/").carry("+49 170 1234", MESSAGE)
    assert CANARY not in refused.value.message + refused.value.hint


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ("+49 170 1234", "+491701234"),
        ("(030) 12/34.56", "030123456"),
        ("@lex", "@lex"),
        ("lex@law.test", "lex@law.test"),
        ("#crisis", "#crisis"),
    ],
)
def test_a_number_is_put_in_without_its_grouping(to: str, found: str) -> None:
    assert reached(to) == found


@given(st.text(max_size=40))
def test_nothing_else_gets_into_an_address(to: str) -> None:
    try:
        found = reached(to)
    except Refused:
        return
    assert found.isascii()
    assert not set(found) & set("/?&% \n\\'\"<>{}")

"""Hooks as real programs: what they get, what is kept of them, and which are never run."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from crisisroom.core.errors import Refused
from crisisroom.room import hooks
from crisisroom.room.hooks import Hooked


@pytest.fixture
def place() -> Path:
    """This host's folder for hooks, made as a person would."""
    made = hooks.folder()
    made.mkdir(mode=0o700, parents=True)
    return made


def hook(place: Path, body: str, name: str = "ads", mode: int = 0o700) -> Path:
    path = place / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(mode)
    return path


async def called(name: str = "ads", given: bytes = b"{}", limit: float = 20.0) -> Hooked:
    return await hooks.call(name, "pause", "ads-1", given, incident="INC-7", limit=limit)


def ended(pid: int) -> bool:
    """Tell whether a process is gone, or only waits to be buried."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


async def gone(pids: Path) -> None:
    """Wait until the processes in a file are gone: one that was killed may take its time."""
    killed = [int(pid) for pid in pids.read_text().split()]  # noqa: ASYNC240
    async with asyncio.timeout(20):
        while not all(map(ended, killed)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_hook_gets_the_act_the_item_and_nearly_no_environment(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setenv("CRISISROOM_TOKEN_CANARY", "s3cret")
    hook(place, f'echo "$0 $1 $2 $#" > {out}; pwd >> {out}; env >> {out}; cat >> {out}; echo ok')
    item = {"id": "ads-1", "title": "$(touch evil) ; `id`"}
    assert await called(given=json.dumps(item).encode()) == Hooked(True, "ok")
    head, where, *rest = out.read_text().splitlines()
    assert (head, where) == (f"{place / 'ads'} pause ads-1 2", "/")
    assert json.loads(rest[-1]) == item
    names = {line.partition("=")[0] for line in rest[:-1]}
    assert names <= {"PATH", "HOME", "LANG", "CRISISROOM_INCIDENT", "PWD", "SHLVL", "_", "OLDPWD"}
    assert "CRISISROOM_INCIDENT=INC-7" in rest
    assert "s3cret" not in out.read_text()


@pytest.mark.parametrize(
    ("body", "came"),
    [
        ("exit 0", Hooked(True, "")),
        ("echo one; echo two; echo; echo '  '", Hooked(True, "two")),
        ("echo token expired >&2; exit 3", Hooked(False, "ended with 3: token expired")),
        ("exit 7", Hooked(False, "ended with 7")),
        ("kill -9 $$", Hooked(False, "was ended by signal 9")),
        (r"printf 'a\033[2Jb\r\001c\377'", Hooked(True, "a[2Jb c�")),
    ],
)
async def test_how_a_hook_ends(place: Path, body: str, came: Hooked) -> None:
    hook(place, body)
    got = await called()
    assert got.done == came.done
    assert not set(got.words) & {"\x1b", "\r", "\x01", "\n"}
    if "033" not in body:
        assert got == came


async def test_only_the_end_of_much_output_is_kept(place: Path) -> None:
    hook(place, "i=0; while [ $i -lt 3000 ]; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;"
                " i=$((i+1)); done; echo the last")  # fmt: skip
    assert await called() == Hooked(True, "the last")
    hook(place, "head -c 300000 /dev/zero | tr '\\0' x")
    came = await called()
    assert came.done
    assert 0 < len(came.words) <= hooks.LINE


async def test_a_hook_that_does_not_read_is_no_harm(place: Path) -> None:
    hook(place, "exec < /dev/null; echo done")
    assert await called(given=b"x" * 500_000) == Hooked(True, "done")


async def test_a_hook_that_hangs_is_ended_with_all_it_started(place: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    hook(place, f"echo begun; sleep 1000 & echo $! $$ > {pids}; wait")
    came = await called(limit=3.0)
    assert came == Hooked(False, "did not end within 3 s: begun")
    await gone(pids)


async def test_one_that_will_not_end_is_made_to(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "GRACE", 0.2)
    pids = tmp_path / "pids"
    hook(place, f"trap '' TERM; echo $$ > {pids}; while :; do sleep 1; done")
    assert not (await called(limit=3.0)).done
    await gone(pids)


async def test_what_a_hook_leaves_running_keeps_nobody_waiting(place: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    hook(place, f"sleep 1000 & echo $! > {pids}; echo left")
    try:
        assert await called() == Hooked(True, "left")
    finally:
        os.kill(int(pids.read_text()), signal.SIGKILL)


async def test_who_gives_up_waiting_leaves_no_hook_behind(place: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    hook(place, f"echo $$ > {pids}.new; mv {pids}.new {pids}; sleep 1000")
    waiting = asyncio.create_task(called())
    async with asyncio.timeout(20):
        while not pids.exists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await gone(pids)


async def test_what_is_no_program_says_so(place: Path) -> None:
    (place / "ads").write_bytes(b"\x00\x01 no program")
    (place / "ads").chmod(0o700)
    came = await called()
    assert (came.done, came.words) == (False, "the hook ads cannot be run: Exec format error")


@pytest.mark.parametrize("name", ["../ads", "/bin/true", "", "A", ".ads", "a b", "a" * 49, "ads\n"])
async def test_a_name_never_leads_out_of_the_folder(place: Path, name: str) -> None:
    with pytest.raises(Refused, match="no name of a hook"):
        hooks.found(name)
    assert not (await called(name)).done


async def test_an_item_that_is_no_id_is_no_argument(place: Path, tmp_path: Path) -> None:
    hook(place, f"touch {tmp_path / 'ran'}")
    came = await hooks.call("ads", "pause", "--all", b"", incident="INC-1")
    assert (came.done, "is no id" in came.words) == (False, True)
    assert not (tmp_path / "ran").exists()


async def test_which_hooks_are_not_run(place: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no hook ads on this machine: there is none"):
        hooks.found("ads")
    path = hook(place, f"touch {tmp_path / 'ran'}")
    assert hooks.found("ads") == path
    for mode, what in ((0o720, "mode 0720"), (0o702, "mode 0702"), (0o600, "not executable")):
        path.chmod(mode)
        if mode == 0o600 and os.access(path, os.X_OK):
            continue
        with pytest.raises(Refused, match=what):
            hooks.found("ads")
        assert not (await called()).done
    path.chmod(0o700)
    for folder in (place, place.parent):
        folder.chmod(0o770)
        with pytest.raises(Refused, match=f"others can write to the folder of the hook {folder}"):
            hooks.found("ads")
        folder.chmod(0o700)
    assert not (tmp_path / "ran").exists()
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="no ordinary file"):
        hooks.found("ads")
    path.unlink()
    path.mkdir()
    with pytest.raises(Refused, match="no ordinary file"):
        hooks.found("ads")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_somebody_else_s_hook_is_not_run(place: Path) -> None:
    path = hook(place, "exit 0")
    os.chown(path, 12345, -1)
    with pytest.raises(Refused, match="belongs to somebody else"):
        hooks.found("ads")
    os.chown(path, 0, -1)
    os.chown(place, 12345, -1)
    with pytest.raises(Refused, match=r"the folder of the hook .* belongs to somebody else"):
        hooks.found("ads")

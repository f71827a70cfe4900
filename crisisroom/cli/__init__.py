"""The command line: every use case as a verb, in plain lines or JSON; imports no Textual."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crisisroom.cli.output import fail, prepare_streams
from crisisroom.core.errors import OutcomeUnknown, Refused, Unavailable, Usage

if TYPE_CHECKING:
    from crisisroom.cli.context import Globals

USAGE = 2
UNAVAILABLE = 3
BUG = 70
STOPPED = 130  # by ctrl+c, as shells count
_FULL = (errno.ENOSPC, errno.EDQUOT)


def run(argv: Sequence[str], door: Globals | None = None) -> int:
    """Run one command line and return its exit code; `door` is what an SSH key opens.

    0 done, 1 refused or problems found, 2 usage, 3 unavailable, 4 outcome unknown, 70 our bug.
    """
    prepare_streams()
    as_json = "--json" in argv
    try:
        code = _run(argv, door)
        sys.stdout.flush()
    except Refused as refusal:
        message, hint = (_for(door, one) for one in (refusal.message, refusal.hint))
        fail(refusal.code, message, hint, as_json=as_json)
        return _code(refusal)
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except OSError as error:
        return _disk(error, door, as_json=as_json)
    except KeyboardInterrupt:
        return STOPPED
    except Exception as error:  # the last net: reported without values, never a traceback
        return _bug(error, door, as_json=as_json)
    return code


def _for(door: Globals | None, told: str) -> str:
    """Return what is told to whoever called: by a key, without where things lie on the host."""
    if door is None:
        return told
    places = (door.room, door.config, os.path.dirname(door.room), os.path.expanduser("~"))
    for place in sorted({one for one in places if len(one) > 1}, key=len, reverse=True):
        told = told.replace(place, "…")
    return told


def _run(argv: Sequence[str], door: Globals | None) -> int:
    from crisisroom.cli.commands import Command, parse

    parsed = parse(list(argv), door)
    if not isinstance(parsed, Command):
        sys.stdout.write(parsed)
        return 0
    if not parsed.awaits:
        return parsed.run_now()
    import asyncio

    from crisisroom.cli.stopping import until_stopped

    work = parsed.run()
    if getattr(parsed.args, "follow", False):
        from crisisroom.cli.reader import while_read

        work = while_read(work)
    return asyncio.run(until_stopped(work))


def _disk(error: OSError, door: Globals | None, *, as_json: bool) -> int:
    if error.errno == errno.ENAMETOOLONG:
        fail("file", "no file can have a name that long", as_json=as_json)
        return USAGE
    if error.errno not in _FULL:
        return _bug(error, door, as_json=as_json)
    _let_go_of_stdout()
    fail("disk-full", f"cannot write: {error.strerror}", "free some space", as_json=as_json)
    return UNAVAILABLE


def _code(refusal: Refused) -> int:
    codes: dict[type[Refused], int] = {Usage: 2, Unavailable: UNAVAILABLE, OutcomeUnknown: 4}
    return next((code for kind, code in codes.items() if isinstance(refusal, kind)), 1)


def _let_go_of_stdout() -> None:
    """Drop what can not be written: the reader had enough, as `head` has, or the disk is full."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug(error: Exception, door: Globals | None, *, as_json: bool) -> int:
    from crisisroom.clock import SystemClock
    from crisisroom.logbook import Logbook

    log = Logbook.usual(SystemClock(), "errors")
    log.error("unexpected", error)
    hint = f"nothing acknowledged is lost; where it happened is in {_for(door, str(log.path))}"
    message = f"crisisroom met an error of its own ({type(error).__name__})"
    fail("bug", message, hint, as_json=as_json)
    return BUG

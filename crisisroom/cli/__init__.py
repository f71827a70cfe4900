"""The command line: every use case as a verb, in plain lines or JSON; imports no Textual."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

from crisisroom.cli.output import fail, prepare_streams
from crisisroom.core.errors import OutcomeUnknown, Refused, Unavailable, Usage

USAGE = 2
UNAVAILABLE = 3
BUG = 70
STOPPED = 130  # by ctrl+c, as shells count
_FULL = (errno.ENOSPC, errno.EDQUOT)


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code.

    0 done, 1 refused or problems found, 2 usage, 3 unavailable, 4 outcome unknown, 70 our bug.
    """
    prepare_streams()
    as_json = "--json" in argv
    try:
        code = _run(argv)
        sys.stdout.flush()
    except Refused as refusal:
        fail(refusal.code, refusal.message, refusal.hint, as_json=as_json)
        return _code(refusal)
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except OSError as error:
        return _disk(error, as_json=as_json)
    except KeyboardInterrupt:
        return STOPPED
    except Exception as error:  # the last net: reported without values, never a traceback
        return _bug(error, as_json=as_json)
    return code


def _run(argv: Sequence[str]) -> int:
    from crisisroom.cli.commands import Command, parse

    parsed = parse(list(argv))
    if not isinstance(parsed, Command):
        sys.stdout.write(parsed)
        return 0
    if not parsed.awaits:
        return parsed.run_now()
    import asyncio

    from crisisroom.cli.stopping import until_stopped

    return asyncio.run(until_stopped(parsed.run()))


def _disk(error: OSError, *, as_json: bool) -> int:
    if error.errno == errno.ENAMETOOLONG:
        fail("file", "no file can have a name that long", as_json=as_json)
        return USAGE
    if error.errno not in _FULL:
        return _bug(error, as_json=as_json)
    _let_go_of_stdout()
    fail("disk-full", f"cannot write: {error.strerror}", "free some space", as_json=as_json)
    return UNAVAILABLE


def _code(refusal: Refused) -> int:
    codes: dict[type[Refused], int] = {Usage: 2, Unavailable: UNAVAILABLE, OutcomeUnknown: 4}
    return next((code for kind, code in codes.items() if isinstance(refusal, kind)), 1)


def _let_go_of_stdout() -> None:
    """Drop what can not be written: the reader had enough, as `head` has, or the disk is full."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug(error: Exception, *, as_json: bool) -> int:
    from crisisroom.clock import SystemClock
    from crisisroom.logbook import Logbook

    log = Logbook.usual(SystemClock(), "errors")
    log.error("unexpected", error)
    hint = f"nothing acknowledged is lost; where it happened is in {log.path}"
    message = f"crisisroom met an error of its own ({type(error).__name__})"
    fail("bug", message, hint, as_json=as_json)
    return BUG

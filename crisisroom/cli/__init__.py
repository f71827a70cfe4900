"""The command line: every use case as a verb, in plain lines or JSON; imports no Textual."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence

from crisisroom.cli.output import fail, prepare_streams
from crisisroom.core.errors import OutcomeUnknown, Refused, Unavailable, Usage

BUG = 70


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code.

    0 done, 1 refused or problems found, 2 usage, 3 unavailable, 4 outcome unknown, 70 our bug.
    """
    prepare_streams()
    as_json = "--json" in argv
    try:
        return _run(argv)
    except Refused as refusal:
        fail(refusal.code, refusal.message, refusal.hint, as_json=as_json)
        return _code(refusal)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the last net: reported without values, never a traceback
        return _bug(error, as_json=as_json)


def _run(argv: Sequence[str]) -> int:
    from crisisroom.cli.commands import parse

    command = parse(list(argv))
    return asyncio.run(command.run()) if command.awaits else command.run_now()


def _code(refusal: Refused) -> int:
    codes: dict[type[Refused], int] = {Usage: 2, Unavailable: 3, OutcomeUnknown: 4}
    return next((code for kind, code in codes.items() if isinstance(refusal, kind)), 1)


def _bug(error: Exception, *, as_json: bool) -> int:
    from crisisroom.clock import SystemClock
    from crisisroom.logbook import Logbook

    log = Logbook.usual(SystemClock(), "errors")
    log.error("unexpected", error)
    hint = f"nothing acknowledged is lost; where it happened is in {log.path}"
    fail("bug", f"crisisroom met an error of its own ({type(error).__name__})", hint, as_json=as_json)
    return BUG

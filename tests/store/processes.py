"""Real processes for tests: exec'd, never forked."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

_SCRIPT = Path(__file__).with_name("writer.py")


async def start(*args: str) -> Process:
    """Start the other process with these arguments."""
    return await asyncio.create_subprocess_exec(
        sys.executable, str(_SCRIPT), *args, stdout=PIPE, stderr=PIPE
    )


async def finish(process: Process) -> str:
    """Wait for its end and return what it printed; a failure shows what it complained of."""
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode().strip()

"""The process that shows one desktop notice: `python -m crisisroom.notifiers.desktop WORDS`."""

from __future__ import annotations

import signal
import sys

from crisisroom.notifiers import SECONDS, TITLE


def main() -> None:
    """Show the notice, or give up after a few seconds."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS)  # ends the process: nobody waits for it
    from plyer import notification

    words = " ".join(sys.argv[1:])[:120]
    notification.notify(title=TITLE, message=f"· {words}", app_name=TITLE, timeout=10)


if __name__ == "__main__":
    main()

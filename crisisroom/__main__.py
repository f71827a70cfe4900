"""`crisisroom` and `python -m crisisroom`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from crisisroom import __version__

        sys.stdout.write(f"crisisroom {__version__}\n")
        return
    if sys.argv[1:2] == ["__complete"]:  # the tab key
        from crisisroom.cli.offering import main as offer

        sys.exit(offer(sys.argv[2:]))
    from crisisroom.firstpaint import opening

    try:
        opening.paint(sys.argv[1:], os.environ)
        from crisisroom.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # ctrl+c while the program was still being read
        code = 130
    finally:
        opening.ended()
    sys.exit(code)


if __name__ == "__main__":
    main()

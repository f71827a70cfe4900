"""`crisisroom` and `python -m crisisroom`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from crisisroom import __version__

        sys.stdout.write(f"crisisroom {__version__}\n")
        return
    try:
        from crisisroom.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # ctrl+c while the program was still being read
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()

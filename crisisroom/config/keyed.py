"""Where a secret is: what accounts, messengers and the like have in common."""

from __future__ import annotations

import msgspec

from crisisroom.config.kinds import FilePath, Variable
from crisisroom.core.kinds import Day, Ref


class Keyed(msgspec.Struct, frozen=True, kw_only=True):
    """Where a secret is; the secret itself stands nowhere in a file of ours.

    A command is an executable in `commands` beside the host's own settings, a credential one that
    systemd hands over. `expires` is the last day on which it is good, where anybody knows.
    """

    token_env: Variable = ""
    token_file: FilePath = ""
    token_command: Ref = ""
    token_credential: Ref = ""
    expires: Day = ""

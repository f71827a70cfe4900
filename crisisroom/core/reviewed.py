"""What a text is reviewed by, and what is found in it."""

from __future__ import annotations

from typing import Literal

import msgspec

from crisisroom.core.approved import ReplyCheck
from crisisroom.core.playbook import Guardrails, Part

Severity = Literal["block", "ask", "info"]


class Problem(msgspec.Struct, frozen=True):
    """Something about a text, where it stands (character offsets), and what to do about it."""

    code: str
    severity: Severity
    message: str
    start: int = 0
    end: int = 0


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """The words for one channel, measured as it counts; they may be the text itself."""

    channel: str
    text: str
    length: int
    limit: int | None = None
    public: bool = True


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known about a text to review it.

    `length` is the text's as the channel counts and `limit` what the channel takes, None without
    one; `approvers` names who approves free words; `last` are this person's latest replies and
    `elsewhere` what went to other people; `to_author` counts the public replies this author has,
    of `allowed`; `public` says whether these words are public too. `must_say` are the parts the
    statement has to have, `where` the page it points to, `missing` the labels of facts it has to
    wait for, and `over` the promised time that is past.

    `versions` are the words for the channels it goes out on besides this one. `line`, `goes_to` and
    `author` are what `core.lines` says of story and author; `ours` holds the words in which our own
    numbers and addresses stand. `moved` labels facts that changed since it was written, `stopped`
    is who stopped all outgoing words and when, and `outdated` names what it translates and what
    reads otherwise by now.
    """

    length: int
    limit: int | None = None
    guardrails: Guardrails = Guardrails()
    check: ReplyCheck | None = None
    approvers: str = "somebody else"
    last: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    to_author: int = 0
    allowed: int = 2
    public: bool = True
    tags: tuple[str, ...] = ()  # of the mention
    must_say: tuple[Part, ...] = ()
    where: str = ""
    missing: tuple[str, ...] = ()
    over: str = ""
    language: str = ""
    post_language: str = ""
    versions: tuple[Version, ...] = ()
    line: Problem | None = None
    goes_to: Problem | None = None
    author: tuple[Problem, ...] = ()
    ours: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    stopped: tuple[str, str] | None = None
    outdated: str = ""

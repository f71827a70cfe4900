"""Messengers that keep what they are given, and approvers who have no terminal."""

from __future__ import annotations

import re

import msgspec
from room.people import PLAN as KETTLE
from room.people import SETTINGS, as_, post

from crisisroom.config import Member
from crisisroom.core.condition import Condition
from crisisroom.core.incident import Words
from crisisroom.core.playbook import Approval, ApprovalStep, Contact, Fact, Reach, Role
from crisisroom.notifiers.messages import InDoubt, Message, NotDelivered
from crisisroom.room import Room, facts, lifecycle, roles, statements, triage, words
from crisisroom.room.settings import apply_config

HURT = Condition("is", (), "fact.injury", ("yes",))
APPROVAL = Approval(
    "words",
    steps=(
        ApprovalStep(by=("legal", "lead"), within=600, fallback=("exec",)),
        ApprovalStep(by=("exec",), within=300, when=HURT),
    ),
)
CONTACTS = (
    Contact(
        "lex",
        "Lex Law",
        (Reach("phone", "+49 30 1"), Reach("email", "lex@law.test"), Reach("sms", "+49 170 1")),
        roles=("legal",),
    ),
    Contact("bo", "Bo", (Reach("email", "bo@kessel.test"), Reach("phone", "+49 30 2"))),
    Contact("ada", "Ada", (Reach("email", "ada@kessel.test"),), roles=("legal",)),
    Contact("chief", "The Chief", (Reach("sms", "+49 170 2"),), roles=("exec",)),
    Contact("lab", "The lab", (Reach("phone", "+49 30 3"),), org="partner"),
)
PLAN = msgspec.structs.replace(
    KETTLE,
    facts=(*KETTLE.facts, Fact("injury", "Injury")),
    roles=(*KETTLE.roles, Role("exec", "Executive")),
    contacts=CONTACTS,
    approvals=(APPROVAL,),
)
EVERY = ("lead", "social", "legal", "exec")
TEAM = tuple(Member(name, name.title(), EVERY) for name in ("ada", "bo", "cy"))
OURS = msgspec.structs.replace(SETTINGS, team=TEAM)
CODE = re.compile(r"^ {4}([0-9A-Z]{4}-[0-9A-Z]{4})$", re.M)


class Box:
    """Serves some kinds of reach; fails once where it was told to."""

    id = "box"

    def __init__(self, *ways: str) -> None:
        self.ways = ways or ("email", "sms")
        self.got: list[tuple[str, Message]] = []
        self.fails: NotDelivered | InDoubt | None = None

    def serving(self, by: str) -> Box | None:
        return self if by in self.ways else None

    async def carry(self, to: str, message: Message) -> None:
        self.got.append((to, message))
        failure, self.fails = self.fails, None
        if failure:
            raise failure

    @property
    def text(self) -> str:
        """The last message."""
        return self.got[-1][1].text

    @property
    def code(self) -> str:
        """The code in the last message."""
        return code_in(self.text)


def code_in(text: str) -> str:
    (code,) = CODE.findall(text)
    assert isinstance(code, str)
    return code


async def begun(room: Room, *, drill: bool = False) -> Words:
    """Ada, of social media, hands ST-1 in; Bo is the lead, and nobody is Legal."""
    await apply_config(room, OURS, "crisisroom.yaml")
    await triage.ingest(room, [post("it burns", "p1")])
    await lifecycle.declare(
        room, "Kettles", playbook=PLAN, severity="sev2", mentions=["M-1"], drill=drill
    )
    await roles.take(room, "", "social")
    await roles.take(as_(room, "bo"), "", "lead")
    await facts.set_fact(room, "", "product", "the X1 kettle")
    await facts.set_fact(room, "", "injury", "no")
    await statements.draft(room, "", "standing", channel="masto")
    handed: Words = (await words.submit(room, "", "ST-1")).thing
    return handed

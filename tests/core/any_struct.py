"""Any value that a struct of ours can have: what its kinds allow, and no more."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, Literal, get_args, get_origin

import msgspec
from hypothesis import strategies as st

from crisisroom.core.condition import Condition, Op
from crisisroom.core.kinds import Number, Rule, Span
from crisisroom.core.schema import bare, hints, mark_of
from crisisroom.text import check_own

_TRICKY = (
    "NO", "yes", "~", "null", "12:30", "+49 30 1234", "0123", "0x1F", "1e5", "@us", "#tag", "a #b",
    "100 %", "key: value", "- dash", "? ask", "* star", "& and", "! bang", "| pipe", "> more",
    "{{fact.what}}", "[a, b]", "'single'", '"double"', "back\\slash", "C:\\temp", "tab\there",
    "two\nlines", "\nfirst empty", "  indented\nless", "end \nblank ", "end\n", "\n", " ", "\t",
    "\tlead\n\ttabs", "👩‍🚒 emoji", "e\u0301", "…", "---", "--- a\n---\nb", "# comment", "a:\n  b",
    "trailing:", ":", ",", "%TAG", "<<", "=", "\xa0nbsp", "2026-10-01", "5bd", "\u3000wide", "word",
)  # fmt: skip
_IDS = ("lead", "sev1", "1st", "no", "on", "a-b_c", "007", "1e5", "2026-10-01", "null")
_FLAWED = (  # texts of which each rule takes some
    *_IDS, "", "2026-12-24", "Europe/Berlin", "Etc/GMT+3", "UTC", "17:30", "2026-10-21 17:30",
    "72h", "5bd", "PT15M", "declared", "fact.what", "task.a", "en", "pt-BR", "AB-000000",
)  # fmt: skip
_SUBJECTS = ("severity", "fact.data", "task.a", "role.lead", "statement.holding")
_OPS: tuple[Op, ...] = ("all", "any", "not", "is", "set", "at_least", "at_most")


def writable(text: str) -> bool:
    """Tell what a file of ours may hold, and some style of YAML can write."""
    closed = not text.endswith("\n") and ("\n" not in text or bool(text.strip()))
    return closed and not check_own(text)


def free_texts() -> st.SearchStrategy[str]:
    """Texts with everything in them that YAML trips over."""
    letters = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")
    pieces = st.one_of(st.sampled_from(_TRICKY), st.text(letters, max_size=8))
    return st.lists(pieces, max_size=4).map("".join).filter(writable)


class Some:
    """Draws values with a seed of its own: whole playbooks in a millisecond."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def struct(self, shape: type[msgspec.Struct]) -> Any:
        """Return any value of a struct; lists are short, and required texts are not empty."""
        needed = {field.name: field.required for field in msgspec.structs.fields(shape)}
        fields = hints(shape).items()
        return shape(
            **{
                name: self._field(hint, required=needed[name])
                for name, hint in fields
                if needed[name] or self._random.random() < 0.6
            }
        )

    def condition(self, depth: int = 0) -> Condition:
        """Return any condition that a playbook can write."""
        op = self._random.choice(_OPS if depth < 3 else _OPS[3:])
        if op in ("all", "any", "not"):
            count = 1 if op == "not" else self._random.randint(1, 3)
            return Condition(op, tuple(self.condition(depth + 1) for _ in range(count)))
        subject = self._random.choice(_SUBJECTS)
        if op == "set":
            return Condition(op, subject=subject)
        if op == "is":
            values = tuple(self._free(0, 200) for _ in range(self._random.randint(1, 3)))
            return Condition(op, subject=subject, values=values)
        return Condition(op, subject=subject, values=(self._random.choice(("1,200", "-3", "0")),))

    def _field(self, hint: Any, *, required: bool) -> Any:
        if type(None) in get_args(hint) and self._random.random() < 0.3:
            return None
        base, mark = bare(hint), mark_of(hint)
        if get_origin(base) is Literal:
            return self._random.choice(get_args(base))
        if get_origin(base) is tuple:
            inner, count = get_args(base)[0], self._random.randint(int(required), 2)
            return tuple(self._field(inner, required=False) for _ in range(count))
        if get_origin(base) is dict:
            inner, count = get_args(base)[1], self._random.randint(int(required), 2)
            return {self._key(): self._field(inner, required=False) for _ in range(count)}
        return self._single(base, mark, required=required)

    def _single(self, base: Any, mark: Any, *, required: bool) -> Any:
        if base is bool:
            return self._random.random() < 0.5
        if base is str:
            return self._text(mark or Rule(), required=required)
        if base is int:
            bounds = mark if isinstance(mark, Span | Number) else Number(least=0)
            return self._random.choice(
                (bounds.least, bounds.most, self._random.randint(bounds.least, bounds.most))
            )
        return self.condition() if base is Condition else self.struct(base)

    def _key(self) -> str:
        key = self._free(0, 100)
        return "a" if key == "<<" or "\n" in key else key

    def _text(self, rule: Rule, *, required: bool) -> str:
        if rule == Rule():
            return self._free(int(required), rule.most).replace("\n", " ")
        if rule.flaw is None:
            return self._free(int(required), rule.most)
        day = date(2026, 1, 1) + timedelta(self._random.randint(0, 5000))
        fitting = [text for text in (*_FLAWED, str(day)) if not rule.flaw(text)]
        return self._random.choice([text for text in fitting if text or not required])

    def _free(self, least: int, most: int) -> str:
        text = "".join(self._random.choices(_TRICKY, k=self._random.randint(least, 3)))[:most]
        blank = least and not text.strip()
        return "word" if blank or not writable(text) else text

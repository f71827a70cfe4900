"""A strict reader of Prometheus' text format, after its own description; it believes nothing."""

from __future__ import annotations

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_VALUE = r"[-+]?(?:[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?|Inf)|NaN"
_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
_SAMPLE = re.compile(rf"({NAME})(?:\{{({_LABEL}(?:,{_LABEL})*)\}})? ({_VALUE})")
_HELP = re.compile(rf"# HELP ({NAME}) ((?:[^\\\n]|\\[\\n])+)")
_TYPE = re.compile(rf"# TYPE ({NAME}) (gauge|counter)")

Series = tuple[str, tuple[tuple[str, str], ...]]


def parse(text: str) -> dict[Series, float]:
    """Return every sample by its name and labels; AssertionError names what is off."""
    assert text.endswith("\n")
    found: dict[Series, float] = {}
    told: set[str] = set()
    kind: tuple[str, str] = ("", "")
    lines = text.split("\n")[:-1]
    for number, line in enumerate(lines):
        if match := _HELP.fullmatch(line):
            assert match[1] not in told, f"{match[1]} is told of twice"
            told.add(match[1])
            after = _TYPE.fullmatch(lines[number + 1])
            assert after, f"no TYPE after {line}"
            assert after[1] == match[1], line
            kind = (after[1], after[2])
        elif not _TYPE.fullmatch(line):
            sample = _SAMPLE.fullmatch(line)
            assert sample, f"no sample: {line!r}"
            assert sample[1] == kind[0], f"{sample[1]} outside its family"
            assert kind[1] != "counter" or sample[1].endswith("_total"), sample[1]
            labels = tuple(re.findall(r'([a-zA-Z_0-9]+)="((?:[^"\\]|\\.)*)"', sample[2] or ""))
            assert len({name for name, _ in labels}) == len(labels)
            key = (sample[1], tuple(sorted(labels)))
            assert key not in found, f"twice: {key}"
            found[key] = float(sample[3])
    return found

"""The last line of a screen: this person's keys, the one of help always, what fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crisisroom.tui.keys.key import Key
from crisisroom.tui.keys.terminals import shown_key
from crisisroom.tui.keys.wishes import Keys
from crisisroom.tui.rows import cell_len

Hint = tuple[str, str]
"""A key and what it does; an empty key is one that rests: `a approve: Legal decides`."""

MOST = 7
_GAP = 3


def resting(hint: Hint) -> Hint:
    """Return the key of a hint that rests, and why it does; both empty for any other."""
    key, told = hint
    named, _, why = told.partition(": ")
    return (named.partition(" ")[0], why) if not key and why else ("", "")


def wished(hints: Iterable[Hint], acts: Sequence[Key], keys: Keys) -> list[Hint]:
    """Return hints with the keys that a person has instead of the usual ones."""
    if not keys.held:
        return list(hints)
    changed = {
        shown_key(usual): shown_key(found[0]) if (found := keys.of(one)) else ""
        for one in reversed(acts)
        for usual in one.keys
        if one.id in keys.held
    }
    told = []
    for key, label in hints:
        rests, why = resting((key, label))
        if key:
            own = changed.get(key, key)
            told += [(own, label)] if own else []
        elif why and rests in changed:
            told.append(("", f"{changed[rests]} {label.partition(' ')[2]}".strip()))
        else:
            told.append((key, label))
    return told


def fitting(hints: Iterable[Hint], help_key: str, width: int) -> list[Hint]:
    """Return as many hints as a line of so many cells takes, at most seven, help the last.

    The first ones stay longest, and what escape does where it is more than to go back; a reason
    that is too long for the line goes, and the key that rests stays.
    """
    last = [(help_key, "keys")] if help_key else []
    own = [one for one in hints if one[1] != "keys" or not one[0]]
    room = width - 1 - sum(map(_size, last))
    escapes = (one for one in own if one[0] == "esc" and one[1] not in ("room", "back"))
    out = next((one for one in escapes if _size(one) + _GAP <= room), None)
    left = room - (_size(out) + _GAP if out else 0)
    most = MOST - len(last) - (1 if out else 0)
    kept: list[Hint] = []
    for one in own:
        if one is out:
            kept.append(one)
            continue
        fits = next((each for each in (one, _short(one)) if _size(each) + _GAP <= left), None)
        if fits is None or most == 0:
            left = most = 0  # what follows is less needed: none of it jumps the queue
            continue
        kept.append(fits)
        left, most = left - _size(fits) - _GAP, most - 1
    return [*kept, *last]


def _short(hint: Hint) -> Hint:
    return ("", hint[1].partition(":")[0]) if resting(hint)[0] else hint


def _size(hint: Hint) -> int:
    key, label = hint
    return cell_len(key) + cell_len(label) + (1 if key else 0)

"""Whether a condition can ever hold: a search over the values that its subjects can have."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import pairwise

from crisisroom.core.condition import Condition, Look, evaluate, number

_STEPS = 1_000  # for one condition: a tangle beyond that counts as one that can hold
_ALL_STEPS = 4_000  # for all conditions of a playbook
_OTHER = "\0another"  # a text that no playbook can name

Value = str | None  # None: nobody knows it yet
Domain = Callable[[str], Collection[Value] | None]
"""The values a subject can have; None for any text at all."""

_Pending = tuple[tuple[Condition, bool], "_Pending"] | None  # what else has to come out so
_Left = dict[str, frozenset[Value]]  # what each subject can still be


class Solver:
    """Tells whether conditions can hold, as long as the steps for all of them last."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain
        self._left = _ALL_STEPS

    @property
    def tired(self) -> bool:
        """Tell whether the steps are used up, so that everything counts as possible."""
        return self._left <= 0

    def can_hold(self, condition: Condition) -> bool:
        """Tell whether some values of its subjects make a condition hold for certain.

        Every branch of an `any` is tried, narrowing what its subjects can be until one has nothing
        left. It looks at one subject at a time, so a branch that leaves each a value can hold.
        """
        if self.tired:
            return True
        search = _Search(condition, self._domain, min(_STEPS, self._left))
        branches: list[tuple[_Pending, _Left]] = [(((condition, True), None), {})]
        found = False
        while branches and not found:
            pending, left = branches.pop()
            found = search.follow(pending, left, branches)
        self._left -= search.steps
        return found


class _Search:
    """One search, with the values that count in it."""

    def __init__(self, condition: Condition, domain: Domain, most: int) -> None:
        self._domain = domain
        self._condition = condition
        self._most = most
        self._mentioned: dict[str, set[str]] | None = None
        self._values: _Left = {}
        self.steps = 0

    def follow(
        self, pending: _Pending, left: _Left, branches: list[tuple[_Pending, _Left]]
    ) -> bool:
        """Follow one branch to its end; the other sides of its forks join the branches."""
        while pending is not None:
            if self.steps > self._most:
                return True
            (node, wanted), pending = pending
            self.steps += 1 + len(node.of)
            if node.op == "not":
                pending = ((node.of[0], not wanted), pending)
            elif node.op not in ("all", "any"):
                narrowed = self._narrowed(node, wanted, left)
                if not narrowed:
                    return False
                left = left | {node.subject: narrowed}
            elif (node.op == "all") is wanted:
                for part in sorted(node.of, key=_forks, reverse=True):  # forks come last
                    pending = ((part, wanted), pending)
            elif not node.of:
                return False
            else:
                branches += [(((part, wanted), pending), left) for part in node.of[1:]]
                pending = ((node.of[0], wanted), pending)
        return True

    def _narrowed(self, node: Condition, wanted: bool, left: _Left) -> frozenset[Value]:
        known = left.get(node.subject) or self._all(node.subject)
        self.steps += len(known) * (1 + len(node.values)) + len(left)
        if self.steps > self._most:  # it would take too long, so nothing is said
            return known
        return frozenset(one for one in known if evaluate(node, _always(one)).holds is wanted)

    def _all(self, subject: str) -> frozenset[Value]:
        if subject not in self._values:
            declared = self._domain(subject)
            if declared is None:
                declared = _some(self._compared().get(subject, set()))
            self._values[subject] = frozenset(declared)
            self.steps += len(declared)
        return self._values[subject]

    def _compared(self) -> dict[str, set[str]]:
        """Return the values that the condition compares each subject with."""
        if self._mentioned is None:
            self._mentioned = {}
            stack = [self._condition]
            while stack:
                node = stack.pop()
                stack += node.of
                self.steps += 1
                if node.subject:
                    self._mentioned.setdefault(node.subject, set()).update(node.values)
        return self._mentioned


def _forks(condition: Condition) -> bool:
    return bool(condition.of)


def _always(value: Value) -> Look:
    return lambda _: value


def _some(mentioned: Collection[str]) -> set[Value]:
    """Return values that stand for all there are: those mentioned, and one on each side of them."""
    numbers = sorted({found for one in mentioned if (found := number(one)) is not None})
    between = {(low + high) / 2 for low, high in pairwise(numbers)}
    outside = {numbers[0] - 1, numbers[-1] + 1} if numbers else set()
    return {None, _OTHER, *mentioned, *(f"{one:.6f}" for one in between | outside)}

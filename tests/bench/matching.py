"""How fast the watched words are found: `python tests/bench/matching.py`.

Short posts of about 100 characters, plain, with typographic signs, and Japanese-like; some say a
term. One core; CPU time, the best of five rounds.
"""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable, Sequence

import msgspec

from crisisroom.core.watchlist import Watchlist

POSTS = 20_000
SAYING = 50  # one post in so many says a term


class Term(msgspec.Struct, frozen=True):
    """A term as the configuration has it."""

    id: str
    say: str
    ours: bool = True
    languages: tuple[str, ...] = ()


def word(random_: random.Random, least: int, most: int) -> str:
    return "".join(random_.choices(string.ascii_lowercase, k=random_.randint(least, most)))


def posts(random_: random.Random, names: Sequence[str]) -> list[str]:
    """Return posts whose words are none of the names, but for some."""
    vocabulary = [word(random_, 2, 9) for _ in range(20_000)]
    found = [" ".join(random_.choices(vocabulary, k=18))[:100] for _ in range(POSTS)]
    for at in range(0, POSTS, SAYING):
        found[at] += f" {random_.choice(names)}"
    return found


def terms(names: Sequence[str]) -> list[Term]:
    """Return terms of the usual kinds: a word, a phrase, alternatives, an exclusion."""
    forms = ("{0}", '"{0} hotel"', "{0} OR #{0} OR @{0}", "{0} -jobs")
    return [Term(f"t{at}", forms[at % 4].format(name)) for at, name in enumerate(names)]


def cost(watched: Watchlist, texts: Sequence[str]) -> float:
    """Return the CPU seconds a text."""
    rounds = []
    for _ in range(5):
        start = time.process_time()
        for text in texts:
            watched.look(text)
        rounds.append(time.process_time() - start)
    return min(rounds) / len(texts)


def main() -> None:
    random_ = random.Random(4)
    names = list(dict.fromkeys(word(random_, 10, 14) for _ in range(2_000)))
    plain = posts(random_, names)
    styles: dict[str, Callable[[str], str]] = {
        "plain": str,
        "with ’ “ é 😡": lambda text: f"{text[:-8]}’s é “x” 😡",
        "Han": lambda text: "".join(chr(0x4E00 + ord(sign) * 37 % 4096) for sign in text),
    }
    for count in (20, 200, 2_000):
        watched = Watchlist(terms(names[:count]))
        for name, styled in styles.items():
            seconds = cost(watched, [styled(text) for text in plain])
            print(f"{count:5} terms  {name:14} {seconds * 1e6:6.2f} us  {1 / seconds:9,.0f}/s")


if __name__ == "__main__":
    main()

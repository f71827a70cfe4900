"""What may come next, as each shell wants to be told."""

from __future__ import annotations

from typing import NamedTuple

SHELLS = ("bash", "zsh", "fish")


class Offer(NamedTuple):
    """What may come next: words with what they are for, and whether files may."""

    words: tuple[tuple[str, str], ...] = ()
    files: bool = False


def unquoted(word: str) -> str:
    """Return what a word means as bash reads it, quotes that are still open included."""
    out: list[str] = []
    quote = ""
    signs = iter(word)
    for sign in signs:
        if quote == "'":
            quote, sign = ("", "") if sign == "'" else (quote, sign)
        elif sign == "\\":
            after = next(signs, "")
            sign = after if not quote or after in '"\\$`' else f"\\{after}"
        elif sign in ("'", '"') and quote in ("", sign):
            quote, sign = ("", "") if quote else (sign, "")
        out.append(sign)
    return "".join(out)


def quoted(word: str, typed: str) -> str:
    """Return a word as bash wants it to go on with what was typed; empty where it cannot."""
    opened = typed[:1]
    if opened == "'":
        return "" if "'" in word else word
    if opened == '"':
        return "".join(f"\\{sign}" if sign in '"\\$`' else sign for sign in word)
    plain = "@%+=:,./-_"
    return "".join(sign if sign.isalnum() or sign in plain else f"\\{sign}" for sign in word)


def printed(shell: str, offer: Offer, typed: str, current: str) -> list[str]:
    """Return the lines for a shell: whether files may come, then the words as it reads them.

    bash is given those that begin as typed, ready to stand there; the others match and quote them
    themselves, and show what they are for.
    """
    lines = ["files" if offer.files else "words"]
    for word, told in offer.words:
        if shell == "bash":
            lines += [quoted(word, typed)] if word.startswith(current) else []
        elif shell == "zsh":
            bare = word.replace("\\", "\\\\").replace(":", "\\:")
            lines.append(f"{bare}:{told}" if told else bare)
        else:
            lines.append(f"{word}\t{told}" if told else word)
    return [line for line in lines if line]

"""Posts by somebody who wants our terminal, our exports or our keys: generated from one seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Maker = Callable[[random.Random], str]

_WORDS = ("charged", "twice", "again", "refund", "hotel", "booking", "angry", "please", "now")
_EVIL = "https://evil.test/a?b=c"
_ACTIONS = (
    "app.quit", "app.leave", "app.screenshot('pwn.svg','.')", "app.bell", "app.panic",
    "screen.act('leave')", "screen.act('dismiss')", "screen.act('claim')", "screen.dismiss",
    "app.push_screen('x')", "act('leave')", "app.suspend_process", "app.copy_to_clipboard('x')",
)  # fmt: skip
_TAGS = (
    "[@click={a}]press[/]", "[@click={a}]press", "[b @click={a}]x[/b]", "[@click='{a}']x[/@click]",
    "[link={u}]x[/link]", "[link='{u}]x", "[/]", "[/", "[/oops]", "[b", "[b]", "[red on blue]x[/]",
    "[[", "]]", "\\[", "\\\\[b]", "[$error]x[/]", "[/b][/i]", "[#zzzzzz]x[/]", "[@]x[/]", "[=]",
    "[b]" * 40, "[" * 60, "]" * 60, ":warning:", "{0}", "{x!r}", "%s%n", "$x ${y}", "{{fact.what}}",
)  # fmt: skip
_DOCUMENTS = (
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "![x](https://evil.test/p.png)", "[x](javascript:alert(1))",
    "| a | b |", "```", "<!--", "-->", "# heading", "---", "</td></table>", "&lt;b&gt;", "~~~",
    '","', "';--", "\\", "<https://evil.test>", "[^1]: x", "$(id)", "`id`", "%0d%0a", "=\"\"",
)  # fmt: skip
_WIDE = (
    "👩‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇩🇪🇫🇷", "1️⃣", "日本語", "ﷺ", "한국", "가", "क्षि", "नि", "ｆｕｌｌ",
    "…─│▌•▸✓»◦✗", "\t", "꧁꧂", "𒐫", "𝓯𝓪𝓷𝓬𝔂", "☃️", "⸻", "௵", "ᄀᄀᄀ각ᆨᆨ", "ก็็็็็็็", "שלום", "مرحبا",
)  # fmt: skip
_ROOM = (
    "▌• 03:07  x  INC-7", "SEV1  INC-1 all clear", "│ ada: resolved", "y send   esc back",
    "something of ours broke", "✓ done: everything", "‹affected›",
)  # fmt: skip
_STRANGE = (
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u115f", "\u180e",
    "\ufe0f", "\U000e0041\U000e0042", "\ufff9x\ufffay\ufffb", "\ufffe", "\uffff", "\ufdd0",
    "\ue000", "\U0010eeee", "\U000f0000", "\u2028", "\u2029", "\u034f", "\u2800",
    "\ud800", "\udfff",
)  # fmt: skip
_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _csi(dice: random.Random) -> str:
    begin = dice.choice(("\x1b[", "\x9b", "\x1b\x1b[", "\x1b[\x1b["))
    marks = "".join(dice.choices('0123456789;:?><= !"#$', k=dice.randrange(12)))
    return begin + marks + dice.choice("ABCDHJKLMPSTXcfghilmnpqrstuxz@`")


def _known(dice: random.Random) -> str:
    return dice.choice((
        "\x1b[2J", "\x1b[3J", "\x1b[?1049l", "\x1b[?1000h", "\x1b[?1003h", "\x1b[?2004l", "\x1b[6n",
        "\x1b[c", "\x1b[>c", "\x1b[5n", "\x1b[21t", "\x1b[?6n", "\x1b[5i", "\x1b[4i", "\x1bc",
        "\x1b#8", "\x1b(0", "\x1bZ", "\x1b]0;pwned\x07", "\x1b]2;pwned\x1b\\",
        "\x1b]52;c;c2VjcmV0\x07", "\x1b]52;c;?\x07", "\x1b]8;;" + _EVIL + "\x07press\x1b]8;;\x07",
        "\x1b]4;1;?\x07", "\x1b]9;hello\x07", "\x1b]777;notify;a;b\x07", "\x1b]1337;File=:AAAA\x07",
        "\x1b]50;x\x07", "\x1b]99;;x\x1b\\", "\x1bP$qm\x1b\\", "\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\",
        "\x1bPq#0;2;0;0;0#0!99~\x1b\\", "\x1b_Gf=24,s=1,v=1;AAAA\x1b\\", "\x1bX;x\x1b\\",
        "\x1b^pm\x1b\\", "\x1b[200~rm -rf\x1b[201~", "\x1b[?2026h", "\x1b[>1u", "\x1b[<u",
        "\x1b]", "\x1bP", "\x1b_", "\x1b[", "\x1b", "\x9d0;x\x9c", "\x90q\x9c", "\x9f;\x9c", "\x85",
        "\x1b[38;2;1;2;3m", "\x1b[8m", "\x1b[5m", "\x1b[999999999H", "\x0e\x0f", "\x1b%@", "\x1b7",
    ))  # fmt: skip


def _control(dice: random.Random) -> str:
    return "".join(chr(dice.choice((*range(0x20), *range(0x7F, 0xA0)))) for _ in range(4))


def _markup(dice: random.Random) -> str:
    return dice.choice(_TAGS).replace("{a}", dice.choice(_ACTIONS)).replace("{u}", _EVIL)


def _bidi(dice: random.Random) -> str:
    return "".join(dice.choices(_BIDI, k=dice.randrange(1, 8))) + "gnp.exe"


def _zalgo(dice: random.Random) -> str:
    marks = (chr(dice.randrange(0x300, 0x370)) for _ in range(dice.choice((3, 30, 1000))))
    return "Z" + "".join(marks)


def _flood(dice: random.Random) -> str:
    one = dice.choice(("x", " ", "\n", "[", "\r\n", "ﷺ", "👍", "\x1b", "\u0301", "日", "a b "))
    return one * dice.choice((200, 2_000, 20_000))


def _one_of(pieces: Sequence[str]) -> Maker:
    return lambda dice: dice.choice(pieces)


_FAMILIES: tuple[tuple[int, Maker], ...] = (
    (6, _csi),
    (8, _known),
    (4, _control),
    (8, _markup),
    (4, _bidi),
    (3, _zalgo),
    (1, _flood),
    (4, _one_of(_DOCUMENTS)),
    (4, _one_of(_WIDE)),
    (3, _one_of(_ROOM)),
    (4, _one_of(_STRANGE)),
)
_WEIGHTS = [weight for weight, _ in _FAMILIES]
_MAKERS = [maker for _, maker in _FAMILIES]


def piece(dice: random.Random) -> str:
    """Return one attack."""
    return dice.choices(_MAKERS, _WEIGHTS)[0](dice)


def words(dice: random.Random, attacks: int) -> str:
    """Return ordinary words with attacks among them, apart and glued to them."""
    found = [dice.choice(_WORDS) for _ in range(dice.randrange(1, 5))]
    for _ in range(attacks):
        found.insert(dice.randrange(len(found) + 1), piece(dice))
    return dice.choice((" ", "")).join(found)


def mark(number: int) -> str:
    """Return the sound characters by which a post is known again on a screen."""
    return f"n{number:05}"


def mentions(dice: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Yield so many posts, newest last; each bears its mark in its handle or in its text."""
    for number in range(count):
        yield _mention(dice, number)


def _mention(dice: random.Random, number: int) -> dict[str, Any]:
    text, handle = words(dice, dice.randrange(1, 4)), words(dice, 1)[:80]
    if number % 500 == 250:
        text = dice.choice(("A", "[", "\x1b[31m", "日")) * 100_000  # below a line's limit
    if number % 2:
        text = mark(number) + text
        handle = handle or "x"
    else:
        handle = mark(number) + handle
    seconds = number % 60, number // 60 % 60, number // 3600
    return {
        "text": text,
        "source": dice.choice(("masto", "reviews", "press")),
        "external_id": f"{number}{piece(dice)[:40]}",
        "author": {"handle": handle, "name": words(dice, 1)[:80], "reach": dice.randrange(10**6)},
        "url": dice.choice(
            (_EVIL, "", f"https://x.test/{piece(dice)[:60]}", "javascript:alert(1)")
        ),
        "lang": dice.choice(("en", "", "\x1b[31m", "de")),
        "media": [{"kind": "image", "url": _EVIL, "alt": words(dice, 1)[:200]}] * (number % 3 == 0),
        "posted_at": "2026-11-01T{2:02}:{1:02}:{0:02}Z".format(*seconds),
    }

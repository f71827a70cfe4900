"""How X weighs a text: letters of most alphabets once, other signs and emoji twice, links as 23.

After the configuration that X publishes as version 3 of its text rules: ranges of code points
that weigh one, everything else two, an emoji of however many code points two, text in Unicode's
form NFC. X makes a link only of a name with an ending that exists; where we do not know the
ending, whichever counts more is taken, so that a text is never longer for X than for us.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import regex

LINK = 23

_ACCENTS = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268"
_LATIN = f"a-z0-9{_ACCENTS}\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
_ANY = r"[^\s\x00-,./:-@\[-\^\x60{-\x7f\u2000-\u206f\u3000-\u303f\uff00-\uff0f\ufffe\uffff]++"
_BARE = rf"[{_LATIN}-]++"
_HOST = regex.compile(
    rf"(?<![{_LATIN}@\uff20$#\uff03])(?:https?://(?P<name>{_ANY}(?:\.{_ANY})++)"
    rf"|(?<![-_./])(?P<bare>{_BARE}(?:\.{_BARE})++))",
    regex.IGNORECASE,
)
_ENDING = re.compile(r"xn--[a-z0-9-]+|[a-z]+", re.IGNORECASE)
_FOLLOWS = re.compile(r"[0-9a-z@+-]", re.IGNORECASE)  # after an ending these make it another word
_SIGN = rf"{_LATIN}\u0400-\u04ff"
_PATH = rf"[{_SIGN}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_PATH_END = rf"[{_SIGN}+\-=_#/]"
_REST = re.compile(
    rf"(?::[0-9]+)?"
    rf"(?:/(?:(?:{_PATH}|\({_PATH}+\))*(?:{_PATH_END}|\({_PATH}+\)))?)?"
    r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?",
    re.IGNORECASE,
)
_HEAVY = re.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")

_PICTURE = (
    r"(?:[\xa9\xae]\ufe0f"
    r"|(?![\xa9\xae])\p{Extended_Pictographic}(?!\ufe0e)"
    r"(?:\ufe0f|(?<=\p{Emoji_Modifier_Base})\p{Emoji_Modifier})?)"
)
_EMOJI = regex.compile(
    r"\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3"
    r"|\U0001f3f4[\U000e0030-\U000e007a]+\U000e007f"
    rf"|{_PICTURE}(?:\u200d{_PICTURE})*"
)

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw
by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et
eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id
ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu
lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np
nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj
sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us
uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_OTHERS = """
academy agency aero app arpa art asia bank bar berlin bike bio biz blog bot build business cafe care
cash cat center chat church city clinic cloud club co codes coffee com community company coop cool
day deals dental design dev digital direct dog domains download earth edu education email energy
events exchange expert express family fashion film finance fit fitness fm food football foundation
fun fund fyi gallery game games garden gives global gmbh gov group guide guru haus health help
hospital host hosting house how icu info ink institute int international jobs kitchen land law legal
life live loans london love ltd market marketing media mil mobi moda money mov museum name net
network news ngo ninja nyc one online org page paris partners parts photo photography photos
pictures pizza place plus post press pro productions properties pub radio recipes rent repair report
rest restaurant review reviews rocks run sale school science scot security services shop shopping
show site social software solutions space store stream studio style support swiss systems tax taxi
team tech technology tel tienda tips today tools top tours town toys trade training travel tube
university video vip vision vote watch website wien wiki win wine work works world wtf xyz yoga zone
"""
_ENDINGS = frozenset(_COUNTRIES.split()) | frozenset(_OTHERS.split())


def weigh(text: str) -> int:
    """Return how long X counts a text: at most what it says, never less."""
    text = unicodedata.normalize("NFC", text)
    total = end = 0
    for start, stop, known in _links(text):
        own = _plain(text[start:stop])
        total += _plain(text[end:start]) + (LINK if known else max(LINK, own))
        end = stop
    return total + _plain(text[end:])


def _plain(text: str) -> int:
    """Weigh what holds no link."""
    rest, emoji = _EMOJI.subn("", text)
    return len(rest) + len(_HEAVY.findall(rest)) + 2 * emoji


def _links(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where links stand, and whether X is known to take them for such."""
    end = 0
    for found in _HOST.finditer(text):
        if found.start() < end:
            continue
        group = "name" if found["name"] else "bare"
        stop = _known_end(text, found.start(group), found[group])
        if not stop and not _may_exist(text, found[group], found.end()):
            continue
        # a name that goes on after its ending is a link without a path
        end = stop if stop and text[stop : stop + 1] == "." else _rest(text, stop or found.end())
        yield found.start(), end, bool(stop)


def _known_end(text: str, start: int, host: str) -> int:
    """Return where the longest name with an ending we know ends; 0 where there is none."""
    labels = host.split(".")
    at = start + len(host)
    for label in reversed(labels[1:]):
        at -= len(label)
        found = _ENDING.match(label)
        if found and (found[0].lower() in _ENDINGS or found[0][:4].lower() == "xn--"):
            stop = at + found.end()
            if not _FOLLOWS.match(text, stop):
                return stop
        at -= 1
    return 0


def _may_exist(text: str, host: str, end: int) -> bool:
    """Tell whether a name has an ending that X may know and we do not."""
    last = host.rpartition(".")[2]
    return len(last) > 1 and last.isalpha() and not _FOLLOWS.match(text, end)


def _rest(text: str, end: int) -> int:
    """Return where a link ends whose name ends here: after its port, path and query."""
    found = _REST.match(text, end)
    return found.end() if found else end

"""Whether a text asks something, also where nobody typed a question mark: English and German."""

from __future__ import annotations

import re
from itertools import dropwhile

from crisisroom.core.triage.said import LONGEST, read, words_of

_MARKS = re.compile("[\u061f\u037e\u055e\u1367]")  # ؟ and others that compatibility forms leave
_ENDS = re.compile(r"[.!?…:;\n]+")
_NOISE = re.compile(r"https?://\S+|www\.\S+|@\w[\w.@-]*")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")

# words before a question that do not belong to it
_BEFORE = words_of("""
    hi hello hey dear please so and but ok okay well now sorry excuse me just um hm also team all
    guys folks thanks seriously honestly hallo moin servus liebe lieber liebes bitte und aber
    also nun sag sagt mal ja na äh entschuldigung frage question leute guten tag morgen abend
""")

_ASKING_EN = words_of("what when where why who whose whom which how whats whens wheres hows")
_AUXILIARIES = words_of("""
    do does did is are was were will would can could should shall has have am isn't aren't
    wasn't weren't won't wouldn't can't couldn't shouldn't hasn't haven't doesn't don't didn't
    happened happens about if else come going
""")
_SAID_AT_ONCE = words_of("what's when's where's who's how's why's whats whens wheres hows")
_NEAR: dict[str, int] = {"when": 1, "where": 1, "why": 1, "who": 1, "which": 6}
_RELATIVE = words_of("which who whose whom where when who's die der das")  # after a comma
_REACH = 3  # words after any other asking word in which its verb comes: "how many hours will"

_OPENING = words_of("""
    can could will would do does did is are was were should shall may has have am isn't aren't
    wasn't won't wouldn't can't couldn't shouldn't doesn't don't didn't haven't hasn't
""")
_PERSONS = words_of("""
    i you we they he she it u ya this that there anyone anybody someone somebody these those
    everyone my your our their
""")
_COMMANDS = words_of("do have don't")  # "do this", "have your money ready"
_AFTER_COMMANDS = words_of("i you we they he she it u ya")

_ASKING_DE = words_of("""
    wann wo warum wieso weshalb wer wem wen wessen welche welcher welches welchen welchem
    woher wohin womit wofür wozu wieviel wieviele worauf woran
""")
_SUBJECTS_DE = words_of("ich du er sie es wir ihr man mich uns mir dir euch")
_EXCLAIMED_DE = words_of("für immer üblich gesagt gewohnt erwartet schön toll peinlich traurig")
_HOW_DE = words_of("""
    lange viel viele oft kann können könnt könnte komme kommt bekomme bekommt kriege kriegt
    erreiche erreicht geht gehts ist sind soll sollen muss müssen wird werden steht sieht weit
    teuer hoch groß gross mache macht machen funktioniert finde findet lautet heißt heisst wäre
    war hat habt haben
""")
_WHAT_DE = words_of("""
    ist war soll sollen kann muss müssen passiert kostet mache machen macht heißt heisst
    bedeutet genau gilt tun wird darf wollt ist's
""")
_VERBS_DE = words_of("""
    kann könnt können könnte könnten ist sind war waren wird werden werdet würde würdet hat habt
    haben habe hätte bin darf dürfen muss müssen soll sollen gibt geht kommt bekomme bekommt kriege
    weiß weiss stimmt wollt wollen brauche brauch betrifft
""")
_NOUNS_DE = words_of("""
    ich du er sie es wir ihr man das die der den dies diese dieser dieses mein meine meinen meiner
    euer eure ihre jemand irgendjemand irgendwer schon auch
""")
_NOT_ASKED_DE = words_of("nicht nur leider")  # "kann ich nur empfehlen"

_PHRASES = re.compile(
    r"\b(?:(?:does |do )?any(?:one|body) (?:else )?(?:know|have|tell)|i(?:'m| am)? wonder(?:ing)?"
    r"|(?:was|am|just) wondering|(?:want|need|like|love) to know|(?:can|could) (?:you|someone|"
    r"anyone|somebody) (?:please )?(?:tell|explain|help|say|confirm|check)|please (?:tell|advise|"
    r"explain|confirm|let)|let (?:me|us) know|tell (?:me|us) (?:what|when|where|why|who|how|if|"
    r"which|whether)|any (?:idea|ideas|news|update|updates|word|chance)|how (?:do|can|could|should)"
    r" (?:i|we|you)|where (?:do|can) (?:i|we)|what (?:should|do|can) (?:i|we)|am i affected"
    r"|we[iı](?:ß|ss) (?:jemand|wer|irgendwer)|(?:wüsste|wüßte) (?:gern|ich)"
    r"|(?:würde|möchte|will) (?:gerne? )?wissen|frag(?:e)? (?:ich )?mich|kann (?:mir|uns) (?:jemand"
    r"|wer|einer)|könn(?:t|en|ten) (?:ihr|sie) (?:mir|uns|das|bitte)|sag(?:t|en sie) (?:mir|uns)"
    r"|bitte um (?:auskunft|info|infos|information|antwort|rückmeldung|klärung)|wie lange noch"
    r"|gibt es (?:schon|eine?n?|neues|neuigkeiten))\b"
)


def asks(text: str) -> bool:
    """Tell whether a text asks something: by its marks, how a sentence opens, or a usual phrase."""
    text = text[:LONGEST]
    if read(text).asks or _MARKS.search(text):
        return True
    plain = _NOISE.sub(" ", text).casefold().replace("\u2019", "'")
    if _PHRASES.search(plain):
        return True
    return any(_opens(part) for part in _ENDS.split(plain))


def _opens(sentence: str) -> bool:
    """Tell whether a sentence, or what follows a comma in it, begins as a question does."""
    whole, *after = [_WORD.findall(part) for part in (sentence, *sentence.split(",")[1:])]
    asking = (words for words in after if words and words[0] not in _RELATIVE)
    return any(_asked([*dropwhile(_BEFORE.__contains__, words)]) for words in (whole, *asking))


def _asked(words: list[str]) -> bool:
    if not words:
        return False
    first, rest = words[0], words[1:]
    if first in _SAID_AT_ONCE:
        return True
    return bool(rest) and (_asked_english(first, rest) or _asked_german(first, rest))


def _asked_english(first: str, rest: list[str]) -> bool:
    if first in _ASKING_EN:
        near = rest[: _NEAR.get(first, _REACH)]
        return not _AUXILIARIES.isdisjoint(near) and rest[0] not in ("a", "an")
    if first in _COMMANDS:
        return rest[0] in _AFTER_COMMANDS
    return first in _OPENING and rest[0] in _PERSONS


def _asked_german(first: str, rest: list[str]) -> bool:
    if first in ("wie", "was"):
        return rest[0] in (_HOW_DE if first == "wie" else _WHAT_DE)
    if first in _ASKING_DE:
        return rest[0] not in _SUBJECTS_DE and rest[0] not in _EXCLAIMED_DE
    if first not in _VERBS_DE or rest[0] not in _NOUNS_DE:
        return False
    return _NOT_ASKED_DE.isdisjoint(rest[1:2])

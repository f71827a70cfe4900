"""Two hundred texts in ten scripts, for what counts them: twenty of each."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, tuple[str, ...]] = {
    "latin": (
        "Störung", "cafe\u0301", "naïve", "ﬁne", "A\u030a", "Ti\u1ebfng Vi\u1ec7t",
        "o\u0302\u0301\u0323", "straße", "I\u0307stanbul", "x\u0336y\u0336",
    ),
    "cyrillic": (
        "Извините", "сбой", "и\u0306", "ё", "Ґава", "се\u0301рвис", "ЙЙ", "Ђорђе", "ꙮ",
        "под\u00adряд",
    ),
    "greek": (
        "Συγγνώμη", "ά", "α\u0301", "ᾧ", "ω\u0314\u0342\u0345", "Ϊ", "ς", "βλάβη", "Ώρα", "µ",
    ),
    "devanagari": (
        "नमस्ते", "क्षमा", "क्ष", "हिन्दी", "श्री", "क\u094d\u200dष", "क\u094d\u200cष",
        "स्त्री", "र्‍य", "दृ",
    ),
    "thai": ("ขออภัย", "น้ำ", "ที่", "กำ", "เกี่ยว", "ผู้ใช้", "ก็", "ไม่", "เป็น", "ฤๅ"),
    "arabic": (
        "عذراً", "مُحَمَّد", "لا", "السلام", "ﷺ", "ـــ", "بِسْمِ", "\u0600123", "نیم\u200cفاصله", "ک",
    ),
    "han and kana": (
        "申し訳", "が", "か\u3099", "ﾊﾟ", "𠮷野", "葛\U000e0100", "々", "ッ", "。「」", "抱歉",
    ),
    "hangul": (
        "죄송", "\u1112\u1161\u11ab", "\u1100\u1161", "각", "\u1100\u1100\u1161\u11a8\u11a8",
        "가\u11a8", "ㅋㅋㅋ", "\u115f\u1161", "한\u302e", "\ua960\u1161\ud7cb",
    ),
    "emoji": (
        "👩\u200d👩\u200d👧\u200d👦", "🇩🇪🇫🇷", "🇩🇪🇫", "👍🏽", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "🧑🏻\u200d🤝\u200d🧑🏿", "👁\ufe0f\u200d🗨\ufe0f", "☺\ufe0e",
    ),
    "south asian and african": (
        "தமிழ்", "நி", "క్షమించండి", "മലയാളം", "ক্ষমা", "ਪੰਜਾਬੀ", "සිංහල", "ខ្មែរ", "မြန်မာ", "አማርኛ",
    ),
}  # fmt: skip
_AROUND = (
    "{0} https://acme.test/{0}?a=1 (@pat.test) #{0}\r\n{0} {0}",
    "@angry@fans.test {0}{0} {1}\u200b{0}\n\n{1}: https://a.example/x_(y).",
)


def words() -> list[str]:
    """Return the words that the texts are made of."""
    return [word for many in _WORDS.values() for word in many]


def texts() -> list[tuple[str, str]]:
    """Return each text with its script."""
    found = []
    for script, words in _WORDS.items():
        for number, word in enumerate(words):
            other = words[(number + 1) % len(words)]
            found += [(script, one.format(word, other)) for one in _AROUND]
    return found

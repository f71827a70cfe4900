"""Links and names that pretend to be others."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crisisroom.text import clean_line
from crisisroom.text.links import (
    BARE_ADDRESS,
    FOREIGN_LETTERS,
    HIDDEN_CHARACTERS,
    MIXED_LETTERS,
    NO_SITE,
    NOT_WEB,
    UNSOUND,
    USER_PART,
    describe_link,
    find_links,
    safe_url,
)
from crisisroom.text.spoof import lookalike, mixed_scripts

BRANDS = ["Acme Hotels", "paypal", "Nordbank", "loopline", "@crisis@room.example"]
ORDINARY = (
    "Ordinary words of a post: Grüße aus Zürich, naïve café, Łódź, İstanbul, Ελλάδα, "
    "Привет всем, Київ, Հայաստան, שלום, مرحبا, سلام, हिन्दी, ไทย, 日本語テスト, カタカナ, "
    "한국어, 你好世界, Tiếng Việt, Íslenska, ß, iPhone15, 3D, COVID-19, p2p, "
    "JOHN_99, maria.rossi, user1234, anna_petrova, иван, Μαρία, 田中さん, Tシャツ, Wi-Fi, "
    "C++, œuvre, æsir, l0l, nordic bank, pay pal me, hotel, acme, loop, line, booking, Nord"
)
WORDS = ORDINARY.replace(",", "").split()

_LETTERS = {"a": "аα𝐚ａ", "e": "еε", "o": "оο0օ", "p": "рρ", "l": "ӏ1I|", "n": "ո", "y": "уγ"}

any_text = st.text(st.sampled_from("htps:/\\.@[]()%?#-xаéß\u200b\u202e\x00 1") | st.characters())
urlish = any_text.map(lambda text: f"https://{text}") | any_text


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTP://ExAmple.ORG.:8080/a/b?c=d#e", "http://example.org:8080/a/b?c=d#e"),
        (
            " https://example.org/ü ä?q=日#ß\n",
            "https://example.org/%C3%BC%20%C3%A4?q=%E6%97%A5#%C3%9F",
        ),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://bücher-markt.example", "https://xn--bcher-markt-thb.example"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://例え。jp/", "https://xn--r8jz45g.jp/"),
        ("https://ｅｖｉｌ.example", "https://evil.example"),
        ("https://bank.example@evil.example/in", "https://evil.example/in"),
        ("https://[2001:DB8::1]:443/", "https://[2001:db8::1]:443/"),
        ("https://example.org/%2F%zz'\"<>", "https://example.org/%2F%zz%27%22%3C%3E"),
        ("https://example.org:/", "https://example.org/"),
    ],
)
def test_safe_url_is_plain_ascii(url: str, safe: str) -> None:
    assert safe_url(url) == safe
    assert safe_url(safe) == safe


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org",
        "https:example.org",
        "https:///example.org",
        "https://",
        "https://exa mple.org",
        "https://example.org/\x1b]52;c;x",
        "https://example.org/a\nb",
        "https://example.org/\x9b",
        "https://exa\u200bmple.org",
        "https://example.org/\u202egpj.exe",
        "https://example.org\\@evil.example",
        "https://example.org:99999/",
        "https://example.org:http/",
        "https://%65xample.org",
        "https://exam<ple.org",
        "https://-a-.example",
        "https://a..example",
        "https://💩.example",
        "https://℀.example",
        f"https://{'a' * 64}.example",
        f"https://{'a.' * 127}example",
        f"https://example.org/{'a' * 5000}",
        "https://\ud800.example",
    ],
)
def test_safe_url_refuses(url: str) -> None:
    assert safe_url(url) is None


@pytest.mark.parametrize(
    ("url", "host", "warnings"),
    [
        ("https://example.org/a", "example.org", ()),
        ("\n https://example.org/a ", "example.org", ()),
        ("https://bank.example:x@evil.example/", "evil.example", (USER_PART,)),
        ("https://a@b@evil.example/", "evil.example", (USER_PART,)),
        ("https://evil.example\\@bank.example", "evil.example", (UNSOUND,)),
        ("https://раураl.example", "xn--l-7sba6dbr.example", (FOREIGN_LETTERS, MIXED_LETTERS)),
        ("https://xn--pypal-4ve.com", "xn--pypal-4ve.com", (FOREIGN_LETTERS, MIXED_LETTERS)),
        ("https://аррӏе.example", "xn--80ak6aa92e.example", (FOREIGN_LETTERS,)),
        ("https://ｂａｎｋ.example", "bank.example", (FOREIGN_LETTERS,)),
        ("http://192.0.2.7/", "192.0.2.7", (BARE_ADDRESS,)),
        ("http://3221225991/", "3221225991", (BARE_ADDRESS,)),
        ("http://0xC0.0x2/", "0xc0.0x2", (BARE_ADDRESS,)),
        ("http://[::1]/", "[::1]", (BARE_ADDRESS,)),
        ("javascript:alert(1)", "", (NOT_WEB,)),
        ("mailto:a@b.example", "", (NOT_WEB,)),
        ("no link", "", (NOT_WEB,)),
        ("https://%62ank.example", "", (NO_SITE,)),
        ("https://ba\u200bnk.example", "", (NO_SITE, HIDDEN_CHARACTERS, FOREIGN_LETTERS)),
    ],
)
def test_a_link_names_its_real_host(url: str, host: str, warnings: tuple[str, ...]) -> None:
    link = describe_link(url)
    assert link.host == host
    assert link.warnings == warnings
    assert link.shown.startswith(host)


@settings(max_examples=1000)
@given(urlish)
@example("https://xn--999999999/")
@example("https://xn--/")
def test_a_described_link_is_safe_to_show_and_to_open(url: str) -> None:
    link = describe_link(url)
    for part in (link.url, link.shown, link.host):
        assert clean_line(part, limit=5000) == part
    assert link.host.isascii()
    safe = safe_url(url)
    if safe is not None:
        assert re.fullmatch(r"https?://[a-z0-9_.:\[\]\-]+([/?#][!-~]*)?", safe)
        assert safe_url(safe) == safe == link.url
        assert describe_link(safe).host == link.host


def test_find_links_takes_links_out_of_their_sentences() -> None:
    text = (
        "See (https://en.example/wiki/A_(b)), www.shop.example. 看http://t.example/a。好 "
        "<HTTPS://Up.example> ftp://old.example, [x](http://md.example/) nohttp:/ 'http://q.example'"
    )
    assert [link.shown for link in find_links(text)] == [
        "en.example/wiki/A_(b)",
        "www.shop.example",
        "t.example/a",
        "up.example",
        "ftp://old.example",
        "md.example/",
        "q.example",
    ]


def test_find_links_is_bounded() -> None:
    assert len(find_links("http://a.example " * 500)) == 100
    assert find_links("http://" + "a" * 200_000)[0].host == ""
    assert find_links("no link here: a.example/b") == []


@given(any_text)
def test_find_links_never_raises(text: str) -> None:
    for link in find_links(text):
        assert clean_line(link.shown) == link.shown


@pytest.mark.parametrize(
    "word", ["раураl", "Gооgle", "αpple", "ΡayPal", "ԱBC", "ｐауｐа", "see раураl now"]
)
def test_mixed_alphabets_are_seen(word: str) -> None:
    assert mixed_scripts(word)


@pytest.mark.parametrize(
    "word", ["", "Привет world", "paypal-вход", "東京Tower", "Tシャツ", "ｗｅｂ", "42м"]
)
def test_honest_mixtures_are_left_alone(word: str) -> None:
    assert not mixed_scripts(word)


@pytest.mark.parametrize(
    "handle",
    [
        "раураl",
        "paypa1",
        "PaypaI",
        "pаypal",
        "ｐａｙｐａｌ",
        "𝓹𝓪𝔂𝓹𝓪𝓵",
        "páypal",
        "pay_pal",
        "paypal_",
        "pay\u200bpal",
        "\u202elapyap",
        "xn--pypal-4ve",
        "@pаypal@social.example",
    ],
)
def test_names_drawn_alike_are_imitations(handle: str) -> None:
    assert lookalike(handle, BRANDS) == "paypal"


@pytest.mark.parametrize(
    ("handle", "brand"),
    [
        ("acme_h0tels", "Acme Hotels"),
        ("acrnehotels", "Acme Hotels"),
        ("norḋbank", "Nordbank"),
        ("loopIine", "loopline"),
        ("crisis@r00m.example", "@crisis@room.example"),
        ("acme_hotels", None),
        ("ACME-HOTELS", None),
        ("@AcmeHotels@social.example", None),
        ("PayPal", None),
        ("paypal2", None),
        ("crisis@other.example", None),
        ("", None),
        ("\u200b", None),
    ],
)
def test_a_brands_own_name_is_no_imitation(handle: str, brand: str | None) -> None:
    assert lookalike(handle, BRANDS) == brand


def test_accents_a_handle_cannot_have_are_no_imitation() -> None:
    assert lookalike("nestle", ["Nestlé"]) is None
    assert lookalike("nest1e", ["Nestlé"]) == "Nestlé"
    assert lookalike("straße", ["Straße"]) is None


def test_two_letters_may_be_drawn_like_one() -> None:
    assert lookalike("vvave", ["wave"]) == "wave"
    assert lookalike("bumer", ["Burner"]) == "Burner"
    assert lookalike("_", ["", "-"]) is None


@given(st.sampled_from(["paypal", "Nordbank", "loopline"]), st.data())
def test_every_swapped_letter_is_flagged(brand: str, data: st.DataObject) -> None:
    places = [index for index, char in enumerate(brand) if char in _LETTERS]
    place = data.draw(st.sampled_from(places))
    letter = data.draw(st.sampled_from(_LETTERS[brand[place]]))
    assert lookalike(brand[:place] + letter + brand[place + 1 :], BRANDS) == brand


def test_ordinary_words_of_many_languages_are_not_flagged() -> None:
    words = WORDS + [unicodedata.normalize("NFD", word) for word in WORDS]
    assert [word for word in words if mixed_scripts(word) or lookalike(word, BRANDS)] == []

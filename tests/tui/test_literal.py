"""No word of unknown making reaches a widget as `str`: Textual would read it as markup."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tui.literal import Finding, find, read_tree

ROOT = Path(__file__).parents[2] / "crisisroom" / "tui"
SOURCES = read_tree(ROOT, "crisisroom.tui")


@cache
def findings() -> list[Finding]:
    """Return those of all modules; not while tests are only collected, which each worker does."""
    return find(SOURCES)


HEAD = """
from typing import Literal
from rich.text import Text
from textual.content import Content
from textual.widgets import Button, Checkbox, Collapsible, DataTable, Header, Label, Markdown
from textual.widgets import Option, OptionList, RadioButton, Select, SelectionList, Static, TabPane
from textual.widgets import TextArea, Tree
from crisisroom.text import SafeText, clean
from crisisroom.text.links import Link

TITLE = "Feed"
LABELS = {"open": "Open", "done": "Done"}
def shown(text: SafeText) -> Content: return Content(text)
def name() -> str: return "x"
def both(text: str) -> tuple[Content, str]: return Content(text), text
class Row:
    label_words: Content
    kind: str
    names: list[Content]
    seen: set[str]
    def words(self) -> Content: return self.label_words
    @property
    def plain(self) -> str: return self.kind
class Banner(Static):
    pass
class Own(Static):
    def __init__(self, text: SafeText) -> None:
        super().__init__(Content(text))
class Lower(Own):
    pass
"""


def flagged(body: str) -> list[Finding]:
    """Return the findings in a function's body, written after a common head."""
    lines = "\n    ".join(body.strip().split("\n"))
    arguments = "self, row: Row, text: str, widget, safe: SafeText"
    source = f"{HEAD}\ndef use({arguments}) -> None:\n    {lines}\n"
    assert find({"crisisroom.tui.head": HEAD}) == []
    return find({"crisisroom.tui.snippet": source})


@pytest.mark.parametrize("module", SOURCES)
def test_this_module_shows_words_only_as_literal_content(module: str) -> None:
    assert [str(one) for one in findings() if one.path == module] == []


@pytest.mark.parametrize(
    "body",
    [
        "Static(text)",
        "Static(f'[b]{text}')",
        "Static('%s' % text)",
        "Static('a' + text)",
        "Static('{}'.format(text))",
        "Static(str(Content(text)))",
        "Static(content=safe)",
        "Static(clean(text))",
        "Static(name())",
        "Static(row.kind)",
        "Static(row.plain)",
        "Static(row.missing)",
        "Static(' '.join([text]))",
        "Static(Content('a') if text else text)",
        "Static(text or 'nothing')",
        "Static(text[0])",
        "Static(Content(text), tooltip=text)",
        "Static(Content.from_markup(text))",
        "Static(markup=True, content=text)",
        "Label(text)",
        "Banner(text)",
        "Button(text)",
        "Button(label=f'Send {text}')",
        "Checkbox(text)",
        "RadioButton(label=text)",
        "Option(text, id='a')",
        "OptionList('one', text)",
        "OptionList(*[text])",
        "OptionList(*(Option(t) for t in row.names), *widget)",
        "SelectionList((text, 1))",
        "Select([(text, 1)])",
        "Select((t, t) for t in widget)",
        "Select([('a', 1)], prompt=text)",
        "TabPane(text)",
        "Collapsible(title=text)",
        "Header(icon=text)",
        "Tree(text)",
        "TextArea(placeholder=text)",
        "Markdown(text)",
        "widget.update(text)",
        "widget.update(f'{text}')",
        "self.notify(text)",
        "self.notify(message=f'{text}')",
        "self.notify(text, markup=True)",
        "widget.add_row('a', text)",
        "widget.add_row(*row.kind)",
        "widget.add_rows([[text]])",
        "widget.add_column(text)",
        "widget.add_columns('a', text)",
        "widget.add_option(text)",
        "widget.add_options([text])",
        "widget.set_options([(text, 1)])",
        "widget.update_cell('row', 'column', text)",
        "widget.replace_option_prompt('id', text)",
        "widget.with_tooltip(text)",
        "matcher.highlight(text)",
        "widget.border_title = text",
        "widget.border_title = f'{text}'",
        "widget.border_subtitle += text",
        "widget.tooltip = name()",
        "widget.label: str = text",
        "words = text\nStatic(words)",
        "words = Content(text)\nwords = text\nStatic(words)",
        "words = 'a'\nwords += text\nStatic(words)",
        "for words in row.kind: Static(words)",
        "for words, _ in [(text, 1)]: Static(words)",
        "with widget as words: Static(words)",
        "if (words := text): Static(words)",
        "words, more = both(text)\nStatic(more)",
        "[Static(words) for words in widget]",
        "class Title(Static):\n    BORDER_TITLE = name()",
        "class Title(Static):\n    def render(self): return text",
        "class Title(Static):\n    def render(self) -> str: return f'{text}'",
        "class Title(Banner):\n    def __init__(self, text): super().__init__(text)",
    ],
)
def test_words_of_unknown_making_are_found(body: str) -> None:
    (finding, *more) = flagged(body)
    assert finding.line > HEAD.count("\n")
    assert "no literal, Content or Text" in str(finding)
    assert len(more) <= 1


@pytest.mark.parametrize(
    "body",
    [
        "Static('[b]our own words[/b]')",
        "Static()",
        "Static(Content(text))",
        "Static(Text(text))",
        "Static(text, markup=False)",
        "Static(Content.assemble('a', (text, 'bold')))",
        "Static(Content.from_markup('$a', a=text))",
        "Static(Content.styled(text, 'bold').truncate(9).append(text))",
        "Static(Content(', ').join([Content(text)]))",
        "Static(Content(text)[:5] + ' more')",
        "Static(shown(safe))",
        "Static(shown(safe) if text else 'none')",
        "Static(row.label_words)",
        "Static(row.words())",
        "Static(row.names[0])",
        "Static(TITLE)",
        "Static(LABELS[text])",
        "Static(LABELS.get(text, '?'))",
        "Static('─' * 5)",
        "Static('one'\n  ' two')",
        "Static(id=text, classes=f'{text}')",
        "Banner(shown(safe))",
        "Own(safe)",
        "Lower(safe)",
        "Link(text, text, text)",
        "OptionList(*(Option(words) for words in row.names))",
        "OptionList(*row.names, Option('a', id=text))",
        "options = [Option(Content(text))]\nOptionList(*options)",
        "SelectionList(('a', text))",
        "Select([('a', text), (shown(safe), 2)])",
        "Select([(Content(t), t) for t in widget])",
        "widget.update(Content(text))",
        "widget.update('')",
        "row.seen.update(text)",
        "{}.update(widget)",
        "found: dict[str, int] = {}\nfound.update(widget)",
        "self.notify('sent')",
        "self.notify(text, markup=False, title=text)",
        "widget.add_row('a', Text(text), key=text)",
        "widget.add_row(*row.names)",
        "widget.add_row(*[Content(t) for t in widget])",
        "widget.border_title = Content(text)",
        "widget.border_title = None",
        "widget.title = text",
        "label = text\nwidget.add(label)",
        "words = Content('a')\nwords = words + text\nStatic(words)",
        "words: Content | None = row.words()\nStatic(words or 'none')",
        "for words in row.names: Static(words)",
        "for words, key in [(Content(text), 1)]: Static(words)",
        "if (words := shown(safe)): Static(words)",
        "kind: Literal['a', 'b'] = 'a'\nStatic(kind)",
        "class Title(Static):\n    def render(self) -> Content: return widget",
        "class Title(Static):\n    BORDER_TITLE = 'Feed'",
    ],
)
def test_literals_and_content_pass(body: str) -> None:
    assert flagged(body) == []


def test_helpers_of_other_modules_are_known_by_their_annotation() -> None:
    helpers = "from textual.content import Content\ndef a() -> Content: ...\ndef b() -> str: ...\n"
    use = (
        "from textual.widgets import Static\nfrom crisisroom.tui import helpers\n"
        "from crisisroom.tui.helpers import a, b as c\n"
        "Static(a())\nStatic(c())\nStatic(helpers.a())\nStatic(helpers.b())\nStatic(helpers.d())\n"
    )
    found = find({"crisisroom.tui.use": use, "crisisroom.tui.helpers": helpers})
    assert [one.line for one in found] == [5, 7, 8]


def test_a_name_that_means_two_things_is_not_believed() -> None:
    source = (
        "from textual.content import Content\nfrom textual.widgets import Static\n"
        "class A:\n    head: Content\nclass B:\n    head: str\n"
        "def show(a: A) -> None:\n    Static(a.head)\n"
    )
    assert [one.line for one in find({"crisisroom.tui.two": source})] == [8]


def test_there_is_something_to_look_at() -> None:
    assert {"crisisroom.tui", "crisisroom.tui.shown"} <= set(SOURCES)

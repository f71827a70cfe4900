"""Textual apps made up at random: their widgets, texts, themes, and what is done to them."""

from __future__ import annotations

import random
from typing import Any

from rich.cells import cell_len
from rich.text import Text
from term.recorder import Twins, resize
from textual.app import App, ComposeResult
from textual.containers import Horizontal, ScrollableContainer, Vertical
from textual.content import Content
from textual.pilot import Pilot
from textual.theme import BUILTIN_THEMES
from textual.widget import Widget
from textual.widgets import (
    Button,
    Checkbox,
    Collapsible,
    DataTable,
    Digits,
    Footer,
    Header,
    Input,
    Label,
    ListItem,
    ListView,
    OptionList,
    ProgressBar,
    RadioButton,
    RadioSet,
    RichLog,
    Rule,
    Select,
    SelectionList,
    Sparkline,
    Static,
    Switch,
    Tabs,
    TextArea,
    Tree,
)
from wcwidth import wcwidth

_SAID = """
    charged twice tonight and nobody answers; refund 日本語 한국어 漢字 café naïve
    e\u0301te\u0301 straße Ελλάδα привет ✓ ● ▲ │ ─ … — “quoted” 🙂 🔥 🚋 ｆｕｌｌ ไทย שלום
    0123456789 averyveryverylongwordthatdoesnotfit - / @pat #trams
"""
WORDS = [word for word in _SAID.split() if sum(map(wcwidth, word)) == cell_len(word)]
KEYS = (
    *("down", "up", "left", "right", "pagedown", "pageup", "home", "end", "tab", "shift+tab"),
    *("enter", "space", "escape", "a", "z", "backspace", "delete", "ctrl+a", "shift+right"),
)
_STYLES = (
    "", "bold", "italic red", "on blue", "underline", "reverse", "strike dim", "bold on #203040",
    "blink", "black on white", "color(9) on color(238)",
)  # fmt: skip
_HEIGHTS = ("auto", "1fr", "3", "6", "10")


class Fuzzed(App[None]):
    """An app of some widgets, the same for the same seed."""

    CSS = "Horizontal { height: 1fr; } ProgressBar { width: 1fr; }"

    def __init__(self, luck: random.Random, *, colours: str = "") -> None:
        super().__init__(ansi_color=luck.random() < 0.3)
        self.luck = luck
        self._colours = colours

    def on_mount(self) -> None:
        self.theme = self.luck.choice(sorted(BUILTIN_THEMES))

    def words(self, most: int = 12) -> str:
        """Return some words."""
        return " ".join(self.luck.choices(WORDS, k=self.luck.randint(0, most)))

    def lines(self, most: int = 30) -> list[str]:
        """Return some lines."""
        return [self.words() for _ in range(self.luck.randint(0, most))]

    def styled(self) -> Text:
        """Return words in styles."""
        text = Text()
        for word in self.words().split():
            text.append(f"{word} ", self.luck.choice(_STYLES))
        return text

    def compose(self) -> ComposeResult:
        """Make widgets."""
        if self.luck.random() < 0.5:
            yield Header()
        for _ in range(self.luck.randint(1, 3)):
            kind = self.luck.choice((Horizontal, Vertical, ScrollableContainer))
            yield kind(*(self.widget() for _ in range(self.luck.randint(1, 4))))
        if self.luck.random() < 0.5:
            yield Footer()

    def widget(self) -> Widget:
        """Make one widget."""
        widget: Widget = getattr(self, f"_{self.luck.choice(_KINDS)}")()
        widget.styles.height = self.luck.choice(_HEIGHTS)
        if self.luck.random() < 0.3:
            widget.styles.border = (self.luck.choice(("round", "heavy", "tall", "ascii")), "red")
        if self.luck.random() < 0.1:
            widget.styles.text_style = self.luck.choice(("reverse", "bold", "underline"))
        return widget

    def _static(self) -> Widget:
        return Static(self.styled())

    def _content(self) -> Widget:
        return Label(Content.styled(self.words(), self.luck.choice(("bold", "$error", "reverse"))))

    def _options(self) -> Widget:
        return OptionList(*(line or "-" for line in ("first", *self.lines())))

    def _list(self) -> Widget:
        return ListView(*(ListItem(Label(line, markup=False)) for line in self.lines(10)))

    def _table(self) -> Widget:
        table: DataTable[Any] = DataTable(zebra_stripes=self.luck.random() < 0.5)
        table.cursor_type = self.luck.choice(("row", "cell", "column"))
        table.add_columns("one", "日本", "three")
        for number, line in enumerate(self.lines(60)):
            table.add_row(str(number), self.styled(), line)
        return table

    def _area(self) -> Widget:
        return TextArea("\n".join(self.lines(20)), show_line_numbers=self.luck.random() < 0.5)

    def _input(self) -> Widget:
        return Input(self.words(4), placeholder="type")

    def _rich_log(self) -> Widget:
        return RichLog(highlight=True)

    def _tree(self) -> Widget:
        tree: Tree[None] = Tree("root")
        for line in self.lines(8):
            branch = tree.root.add(line or "-", expand=self.luck.random() < 0.5)
            branch.add_leaf(self.words(3))
        tree.root.expand()
        return tree

    def _progress(self) -> Widget:
        bar = ProgressBar(total=100, show_eta=False)
        bar.progress = self.luck.randint(0, 100)
        return bar

    def _tabs(self) -> Widget:
        return Tabs("one", "two", "日本語", "four")

    def _collapsible(self) -> Widget:
        return Collapsible(Static(self.styled()), title="more", collapsed=self.luck.random() < 0.5)

    def _digits(self) -> Widget:
        return Digits("12:34")

    def _select(self) -> Widget:
        return Select([(word, word) for word in self.luck.sample(WORDS, 4)])

    def _selection(self) -> Widget:
        lines = ("first", *self.lines(9))
        return SelectionList(*((line or "-", number) for number, line in enumerate(lines)))

    def _radio(self) -> Widget:
        return RadioSet(*(RadioButton(word) for word in self.luck.sample(WORDS, 3)))

    def _small(self) -> Widget:
        kinds = (Switch, Rule, lambda: Checkbox("check"), lambda: Button("press", variant="error"))
        return self.luck.choice(kinds)()

    def _spark(self) -> Widget:
        return Sparkline([self.luck.random() for _ in range(40)])


_KINDS = (
    "static", "content", "options", "list", "table", "area", "input", "rich_log", "tree",
    "progress", "tabs", "collapsible", "digits", "select", "selection", "radio", "small", "spark",
)  # fmt: skip


async def shake(app: Fuzzed, pilot: Pilot[None], twins: Twins, steps: int) -> None:
    """Do this and that to an app."""
    luck = app.luck
    for _ in range(steps):
        if app.return_code:  # it failed by itself: what it painted was compared
            return
        done = luck.random()
        if done < 0.08:
            await resize(pilot, twins, luck.randint(1, 120), luck.randint(1, 40))
        elif done < 0.13:
            app.theme = luck.choice(sorted(BUILTIN_THEMES))
        elif done < 0.2:
            for log in app.query(RichLog):
                log.write(app.styled())
        elif done < 0.26:
            for static in app.query(Static):
                static.update(app.styled())
        elif done < 0.3:
            app.notify(app.words(6) or "-", markup=False)
        elif done < 0.33:
            app.clear_notifications()
        elif done < 0.36:
            for bar in app.query(ProgressBar):
                bar.progress = luck.randint(0, 100)
        else:
            await pilot.press(*luck.choices(KEYS, k=luck.randint(1, 4)))
        if luck.random() < 0.7:
            await pilot.pause()
    await pilot.pause()

"""The places of Textual where words come in, and read a `str` as markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.shapes import MANY, ONE, PAIR, PAIRS, ROWS


@dataclass(frozen=True)
class Slot:
    """The arguments of a call that become words on the screen; `first` and after, if `rest`."""

    keywords: tuple[str, ...] = ()
    places: tuple[int, ...] = (0,)
    rest: bool = False
    wants: str = ONE


_EACH = Slot(places=(), rest=True)
WIDGETS: Mapping[str, Slot] = {
    **dict.fromkeys(("Static", "Label", "Tooltip"), Slot(("content",))),
    **dict.fromkeys(("Button", "Checkbox", "RadioButton", "Tab", "Placeholder"), Slot(("label",))),
    **dict.fromkeys(("Option", "Selection"), Slot(("prompt",))),
    **dict.fromkeys(("OptionList", "RadioSet", "Tabs", "TabbedContent"), _EACH),
    **dict.fromkeys(("Markdown", "MarkdownViewer"), Slot(("markdown",))),
    "SelectionList": Slot(places=(), rest=True, wants=PAIR),
    "Select": Slot(("options",), wants=PAIRS),
    "TabPane": Slot(("title",)),
    "Collapsible": Slot(("title", "collapsed_symbol", "expanded_symbol"), places=()),
    "TextArea": Slot(("placeholder",), places=()),
    "Header": Slot(("icon",), places=()),
    "Tree": Slot(("label",)),
    "Link": Slot(("text",)),
    "Hit": Slot(("match_display", "help"), places=(1,)),
    "DiscoveryHit": Slot(("display", "help")),
    "SystemCommand": Slot(("title", "help"), places=(0, 1)),
}
METHODS: Mapping[str, Slot] = {
    **dict.fromkeys(("update", "with_tooltip", "highlight", "set_label"), Slot(("content",))),
    **dict.fromkeys(("from_markup", "from_text", "from_ansi"), Slot(("markup", "text"))),
    **dict.fromkeys(("add_column", "add_leaf"), Slot(("label",))),
    **dict.fromkeys(("replace_option_prompt", "replace_option_prompt_at_index"), Slot(places=(1,))),
    "notify": Slot(("message",)),
    "add_row": Slot(("label",), places=(), rest=True),
    "add_columns": _EACH,
    "add_rows": Slot(("rows",), wants=ROWS),
    "add_option": Slot(("option",)),
    "add_options": Slot(("new_options",), wants=MANY),
    "set_options": Slot(("options",), wants=PAIRS),
    "update_cell": Slot(("value",), places=(2,)),
    "update_cell_at": Slot(("value",), places=(1,)),
    "add_tab": Slot(("tab",)),
}
KEYWORDS = {"tooltip", "border_title", "border_subtitle", "prompt"}
ATTRIBUTES = {"border_title", "border_subtitle", "tooltip", "placeholder", "label", "content"}
ATTRIBUTES |= {"BORDER_TITLE", "BORDER_SUBTITLE"}

# What makes a Content without reading markup, and what makes another Content of one.
MAKERS = {"assemble", "styled", "blank", "empty", "from_rich_text"}
KEEPERS = {"append", "append_text", "center", "copy", "expand_tabs", "extend_right", "join", "pad"}
KEEPERS |= {"pad_left", "pad_right", "right_crop", "rstrip", "simplify", "stylize", "truncate"}
KEEPERS |= {"highlight_regex", "stylize_before"}

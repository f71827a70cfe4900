"""The timeline as HTML: an overview to zoom, hours to fold, entries to link to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from crisisroom.report.html import chart
from crisisroom.report.html.blocks import Hour, Timeline, Told
from crisisroom.report.html.inline import Writer, offset, text, utc_beside
from crisisroom.report.html.lanes import LANES
from crisisroom.report.html.scale import day
from crisisroom.report.plain import local_iso

_OPEN = 400  # entries up to which every hour stands open


class Listing:
    """Writes a timeline; without the script all of it is there, with it one can look closer."""

    def __init__(self, zone: ZoneInfo, write: Writer, number: int) -> None:
        self._zone = zone
        self._write = write
        self._number = number

    def chunks(self, block: Timeline) -> Iterator[str]:
        """Yield the overview, the controls and the hours with their entries."""
        many = "" if block.size <= _OPEN else ' class="many"'
        yield f'<div id="tl"{many} data-zone="{text(self._zone.key)}" data-size="{block.size}">'
        yield from self._overview(block)
        yield self._controls(block)
        yield from self._hours(block)
        yield '<p id="tl-none" class="quiet" hidden>Nothing fits this filter.</p></div>'
        if block.left_out:
            yield f'<p class="quiet">{block.left_out:,} entries are not for the public.</p>'

    def _overview(self, block: Timeline) -> Iterator[str]:
        if block.since is None or block.until is None:
            return
        caption = "How much happened when, by kind"
        sums = {lane: sum(some) for lane, some in block.spread.items()}
        inside = sum(sums.values())
        told = ", ".join(f"{LANES[lane]} {count:,}" for lane, count in sums.items())
        yield '<figure class="chart over" id="tl-over">'
        later = block.size - inside
        beside = f", and {later:,} before or after it" if later else ""
        yield f"<figcaption>{inside:,} entries by kind over the time{beside}</figcaption>"
        since, until = (int(at.timestamp()) for at in (block.since, block.until))
        for number, (width, kind) in enumerate(((chart.WIDE, "wide"), (chart.NARROW, "narrow"))):
            drawn = chart.lanes(block, self._zone, width)
            more = f' class="{kind}" data-since="{since}" data-until="{until}"'
            yield drawn.svg(caption, told, self._number * 1000 + number, more=more)
        yield "</figure>"

    def _controls(self, block: Timeline) -> str:
        lanes = "".join(
            f'<label class="{lane}"><input type="checkbox" data-lane="{lane}" checked>'
            f" {text(label)}</label>"
            for lane, label in LANES.items()
        )
        people = "".join(
            f'<option value="{number}">{text(name)}</option>'
            for number, name in enumerate(block.people)
        )
        buttons = "".join(
            f'<button type="button" data-do="{act}" title="{hint}">{words}</button>'
            for act, words, hint in _BUTTONS
        )
        return (
            '<div id="tl-bar" class="tools" role="group" aria-label="Filter the timeline" hidden>'
            f'<p class="zoom">{buttons}<output id="tl-span"></output></p>'
            '<p class="find"><label>Find <input type="search" id="tl-text" autocomplete="off">'
            "</label>"
            f'<label>By <select id="tl-who"><option value="">everybody</option>{people}</select>'
            "</label>"
            '<label><input type="checkbox" id="tl-key"> key moments only</label></p>'
            f'<p class="kinds">{lanes}</p>'
            '<p id="tl-said" role="status"></p></div>'
        )

    def _hours(self, block: Timeline) -> Iterator[str]:
        places = {name: number for number, name in enumerate(block.people)}
        told = iter(block.told)
        opened = " open" if block.size <= _OPEN else ""
        before: datetime | None = None
        for hour in block.hours:
            here = hour.start.astimezone(self._zone)
            if before is None or before.date() != here.date():
                yield f'<h3 class="day">{day(here)} {here.year}</h3>\n'
            before = here
            yield f'<details class="hour"{opened}><summary>{self._span(hour)}</summary><ol>\n'
            for _ in range(hour.size):
                yield self._entry(next(told), places)
            yield "</ol></details>\n"

    def _span(self, hour: Hour) -> str:
        start, end = (at.astimezone(self._zone) for at in (hour.start, hour.end))
        whole = (hour.end - hour.start).total_seconds() > 3600
        times = "the whole day" if whole else f"{start:%H:%M}–{end:%H:%M}"
        counts = ", ".join(
            f"{LANES[lane].lower()} {count:,}" for lane, count in hour.counts.items()
        )
        return (
            f"<b>{times}</b> <small>{offset(start)}</small>"
            f' <span class="quiet">{hour.size:,}: {counts}</span>'
        )

    def _entry(self, one: Told, places: dict[str, int]) -> str:
        here, iso = one.at.astimezone(self._zone), local_iso(one.at, self._zone)
        role = f" <i>{text(one.role)}</i>" if one.role else ""
        kind = f"{one.lane} key" if one.key else one.lane
        notes = "; ".join(self._write.line(line) for line in one.remarks)
        more = f" <small>{notes}</small>" if notes else ""
        return (
            f'<li id="e{one.seq}" class="{kind}" data-t="{int(one.at.timestamp())}"'
            f' data-w="{places.get(one.who, "")}"><time datetime="{iso}"><b>{iso[11:19]}</b>'
            f" <small>{utc_beside(here) or offset(here)}</small></time>"
            f' <span class="who">{text(one.who)}{role}</span>'
            f' <p><bdi>{text(one.text)}</bdi>{more}</p><a class="seq" href="#e{one.seq}"'
            f' aria-label="entry {one.seq}">{one.seq}</a></li>\n'
        )


_BUTTONS = (
    ("in", "Closer", "zoom in, key +"),
    ("out", "Wider", "zoom out, key -"),
    ("back", "Earlier", "key left"),
    ("on", "Later", "key right"),
    ("all", "All", "the whole time, key 0"),
)

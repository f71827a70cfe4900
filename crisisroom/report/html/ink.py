"""How charts are coloured in a PDF, where no style sheet of a page reaches them."""

from __future__ import annotations

STYLE = (
    "text{font-family:'Libertinus Serif';font-size:13px;fill:#1b1f24}"
    ".tick{fill:#555;font-size:12px}"
    ".grid{stroke:#e6e6e6}.grid.day{stroke:#c4c4c4}.base{stroke:#666;stroke-width:.75}"
    ".bar{fill:#7ba3bf}.bad{fill:#b9543f}"
    ".usual{fill:none;stroke:#1b1f24;stroke-width:1.5;stroke-dasharray:4 3}"
    ".act{stroke:#333;stroke-width:.75;stroke-dasharray:1 2}.no{font-weight:600;font-size:12px}"
    ".pin{fill:#fff;stroke:#1b1f24}.pin.mine{fill:#1c5d8c}.pin.ok{fill:#2b6a34}"
    ".pin.warn{fill:#855400}.pin.late{fill:#b3261e}.pin.quiet{fill:#5a626b}"
    ".no.mine,.no.ok,.no.warn,.no.late,.no.quiet{fill:#fff}.edge{fill:#5a626b}"
    ".band{fill:#e6e7e9}.band.mine{fill:#dde7ee}.band.ok{fill:#dfe9e0}"
    ".band.warn{fill:#efe6d9}.band.late{fill:#f4dddb}.edge.mine{fill:#1c5d8c}"
    ".edge.ok{fill:#2b6a34}.edge.warn{fill:#855400}.edge.late{fill:#b3261e}"
    ".heard .heap{fill:#1c5d8c}.known .heap{fill:#6b4a8a}.said .heap{fill:#2b6a34}"
    ".done .heap{fill:#855400}.kept .heap{fill:#5a626b}"
)

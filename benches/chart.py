"""Line charts as SVG, for light and dark pages."""

import math
from dataclasses import dataclass

WIDTH, LEFT, RIGHT, GAP, TOP = 860, 64, 34, 56, 16
# Of the legend.
ROW, CHARACTER, MARK = 20, 7, 20
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #333 }
.axis { stroke: #333; stroke-width: 1 }
.grid { stroke: #8886; stroke-width: 0.5 }
.line { fill: none; stroke-width: 1.2; stroke-linejoin: round }
.bold { stroke-width: 2.4 }
.dashed { stroke-dasharray: 5 3 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .axis { stroke: #ddd } }
"""


class Linear:
    """From nought to `most`, or the next tick above it."""

    def __init__(self, most, ticks=4, label="{:g}"):
        sizes = (digit * 10**power for power in range(-3, 10) for digit in (1, 2, 5))
        step = next(size for size in sizes if most / size <= ticks)
        count = math.ceil(most / step - 1e-9)
        self.last = step * count
        self.ticks = {step * tick: label.format(step * tick) for tick in range(count + 1)}

    def place(self, value):
        return value / self.last


class Logarithmic:
    """From the first tick to the last; `ticks` are values with what is written at them."""

    def __init__(self, ticks):
        self.ticks = ticks
        self.first, *_, self.last = ticks

    def place(self, value):
        return math.log(value / self.first) / math.log(self.last / self.first)


@dataclass(frozen=True)
class Line:
    """How the lines of one name look."""

    colour: str
    classes: str = ""

    def draw(self, path):
        classes = f"line {self.classes}".strip()
        return f'<path class="{classes}" stroke="{self.colour}" d="{path}"/>'


@dataclass(frozen=True)
class Panel:
    title: str
    across: Linear | Logarithmic
    up: Linear | Logarithmic
    # The name of a line -> its points.
    points: dict
    height: int = 130


def draw(panel, top, lines):
    bottom = top + panel.height

    def x(value):
        return LEFT + (WIDTH - LEFT - RIGHT) * panel.across.place(value)

    def y(value):
        return bottom - panel.height * panel.up.place(value)

    yield f'<text x="{LEFT}" y="{top - 8}">{panel.title}</text>'
    for index, (value, label) in enumerate(panel.up.ticks.items()):
        kind = "grid" if index else "axis"
        yield f'<path class="{kind}" d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{label}</text>'
    for value, label in panel.across.ticks.items():
        yield f'<text x="{x(value):.1f}" y="{bottom + 16}" text-anchor="middle">{label}</text>'
    for name, points in panel.points.items():
        places = (f"{x(across):.1f} {y(up):.1f}" for across, up in points)
        yield lines[name].draw("M" + "L".join(places))


def legend(lines):
    """What is drawn, and how high it is."""
    drawn, x, y = [], LEFT, TOP
    for name, line in lines.items():
        width = MARK + 4 + CHARACTER * len(name) + MARK
        if x + width > WIDTH:
            x, y = LEFT, y + ROW
        drawn.append(line.draw(f"M{x} {y - 4}h{MARK - 4}"))
        drawn.append(f'<text x="{x + MARK}" y="{y}">{name}</text>')
        x += width
    return drawn, y


def page(title, lines, panels):
    """The whole image: `panels` below one another, and above them what the `lines` are called."""
    shown = {name for panel in panels for name in panel.points}
    drawn, height = legend({name: line for name, line in lines.items() if name in shown})
    for panel in panels:
        top = height + GAP - ROW
        drawn += draw(panel, top, lines)
        height = top + panel.height + ROW
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height + 8}" role="img">',
        f"<title>{title}</title>",
        f"<style>{STYLE}</style>",
        *drawn,
        "</svg>",
    ])

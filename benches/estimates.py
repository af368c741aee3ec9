"""What criterion estimated, and how it is printed."""

import json
import os
import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parent
KIB = 1024


def target():
    """Where figures are kept: criterion's folder is in there."""
    if home := os.environ.get("CRITERION_HOME"):
        return Path(home).parent
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT.parent / "target"))


def folder(arguments):
    """Criterion's folder: named, or where cargo puts it."""
    return Path(arguments[0]) if arguments else target() / "criterion"


def medians(folder, group, run="new"):
    """name -> parameter -> nanoseconds, of one run."""
    found = {}
    for path in folder.glob(f"{group}/*/*/{run}/estimates.json"):
        name, parameter = path.parts[-4:-2]
        median = json.loads(path.read_text())["median"]["point_estimate"]
        found.setdefault(name, {})[parameter] = median
    return found


def runs(folder, group):
    """The times of each run that was saved; of the last, where none was."""
    names = {path.name for path in folder.glob(f"{group}/*/*/run*")}
    return [medians(folder, group, run) for run in sorted(names) or ["new"]]


def label(size):
    for unit, name in ((KIB * KIB, "MiB"), (KIB, "KiB")):
        if size >= unit and size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size} B"


def spread(values, digits=1):
    """The median, and from where to where where there are several."""
    middle = f"{statistics.median(values):.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def row(cells):
    print("| " + " | ".join(cells) + " |")


def head(title, headings):
    print(f"\n{title}\n")
    row(headings)
    print("|---|" + "---:|" * (len(headings) - 1))

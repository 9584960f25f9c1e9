# SPDX-License-Identifier: LGPL-2.1-or-later
"""The figures as a table, for the eye and for the README."""

import datetime
import re

OURS = "libxep174"


def is_ours(figure):
    return figure["who"].startswith(OURS)


def compared(figure):
    """What the target is about."""
    return figure.get("ratio", figure["value"])


def is_over(figure):
    return "target" in figure and compared(figure) > figure["target"]


def number(value):
    """Three figures or so."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.{1 if abs(value) >= 10 else 2}f}"


def quantity(value, unit):
    return f"{number(value)} {unit}".rstrip()


def beside(figure, figures):
    return [other for other in figures if other["name"] == figure["name"] and not is_ours(other)]


def telling(figures):
    """Our rows that have a target; where growth is as it should be, only if others are measured."""
    return [figure for figure in figures if is_ours(figure) and "target" in figure
            and (figure["group"] != "growth" or beside(figure, figures))]


def others_of(figure, figures):
    """Those beside it, the best first."""
    return ", ".join(f"{other['who']} {number(compared(other))}"
                     for other in sorted(beside(figure, figures), key=compared))


def name_of(figure):
    who = figure["who"].removeprefix(OURS).strip(", ")
    return f"{figure['name']} ({who})" if who else figure["name"]


def cells(figure, figures):
    floor = ""
    if "floor" in figure:
        floor = f"{quantity(figure['floor'], figure['unit'])}: {figure.get('floor_name', 'floor')}"
    return [name_of(figure), quantity(figure["value"], figure["unit"]), floor,
            f"{figure['ratio']:.3f}" if "ratio" in figure else "",
            f"{figure['target']:g}" if "target" in figure else "", others_of(figure, figures)]


HEAD = ["work", OURS, "floor", "ratio", "at most", "beside it"]


def as_text(figures):
    lines = []
    group = None
    for figure in filter(is_ours, figures):
        if figure["group"] != group:
            group = figure["group"]
            lines.append((None, [group.upper(), *HEAD[1:]]))
        lines.append((figure, cells(figure, figures)))
    widths = [max(len(line[column]) for _, line in lines) for column in range(len(HEAD) - 1)]
    text = ""
    for figure, line in lines:
        if figure is None:
            text += "\n"
        text += "  ".join(cell.ljust(width) if column in (0, 2, 5) else cell.rjust(width)
                          for column, (cell, width) in enumerate(zip(line, [*widths, 0])))
        text = text.rstrip() + ("  over target" if figure and is_over(figure) else "") + "\n"
    return text


def as_markdown(figures):
    lines = [HEAD, ["---"] * len(HEAD)]
    for figure in telling(figures):
        line = cells(figure, figures)
        if is_over(figure):
            line[4] += " **over target**"
        lines.append(line)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def renew_readme(figures, path):
    begin, end = "<!-- ./dev bench --update -->\n", "<!-- until here -->\n"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    renewed = f"{begin}Measured on {datetime.date.today()}.\n\n{as_markdown(figures)}{end}"
    text, count = re.subn(re.escape(begin) + ".*?" + re.escape(end), lambda _: renewed, text,
                          flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{path} has no place for the table")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)

# SPDX-License-Identifier: LGPL-2.1-or-later
"""The ratios as a plot, drawn by gnuplot: one line a row that has a target, the floor at 1."""

import subprocess

import table

LINE_HEIGHT = 26
WIDTH = 1000
# Of the others, in the order in which they come: colour-blind people tell the shapes.
COLOURS = ["#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#8c6d31", "#777777", "#b15928", "#444444"]
SHAPES = [4, 6, 8, 10, 12, 14, 2, 3]


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def rows_of(figures):
    return [figure for figure in table.telling(figures) if "ratio" in figure]


def block(name, points):
    return f"${name} << END\n" + "".join(f"{x} {y}\n" for x, y in points) + "END\n"


def points_of(rows, figures):
    """Ours, the targets, and {who: points} of the others."""
    ours, targets, others = [], [], {}
    for y, row in zip(range(len(rows), 0, -1), rows):
        ours.append((row["ratio"], y))
        targets.append((row["target"], y))
        for other in table.beside(row, figures):
            others.setdefault(other["who"], []).append((other["ratio"], y))
    return ours, targets, others


def script(figures):
    rows = rows_of(figures)
    height = len(rows)
    ours, targets, others = points_of(rows, figures)
    labels = ", ".join(f"{quoted(table.name_of(row))} {height - index}"
                       for index, row in enumerate(rows))
    xs = [x for points in (ours, targets, *others.values()) for x, _ in points]
    blocks = block("ours", ours) + block("targets", targets)
    plots = []
    for index, (who, points) in enumerate(others.items()):
        blocks += block(f"other{index}", points)
        plots.append(f"$other{index} using 1:2 title {quoted(who)} with points "
                     f"pointtype {SHAPES[index % len(SHAPES)]} pointsize 0.9 "
                     f"linecolor {quoted(COLOURS[index % len(COLOURS)])}")
    plots += ['$targets using 1:2 title "at most" with points pointtype 9 pointsize 0.8 '
              'linecolor "#d01c1c"',
              '$ours using 1:2 title "libxep174" with points pointtype 7 pointsize 1.1 '
              'linecolor "#1f4fa8"']
    return f"""
set terminal svg noenhanced size {WIDTH},{LINE_HEIGHT * (height + 8)} font "sans-serif,12" \\
  background "#ffffff"
{blocks}
set logscale x
set xrange [{0.7 * min(xs)}:{1.5 * max(xs)}]
set yrange [0.3:{height + 0.7}]
set ytics ({labels}) scale 0
set xtics nomirror
set border 1
set grid xtics ytics linecolor "#e4e4e4"
set xlabel "cost over the floor’s, in one run; less is better"
set key at screen 0.5, screen 0.02 center bottom maxrows 4 width 2
set bmargin 10
set arrow from 1, graph 0 to 1, graph 1 nohead linecolor "#888888"
plot {', '.join(plots)}
"""


LICENCE = "<!-- SPDX-License-Identifier: LGPL-2.1-or-later; made by ./dev bench -->"


def draw(figures, path):
    if not rows_of(figures):
        return
    run = subprocess.run(["gnuplot"], input=script(figures), text=True, check=True,
                         stdout=subprocess.PIPE)
    first, *lines = [line.rstrip() for line in run.stdout.splitlines()]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join([first, LICENCE, *lines]) + "\n")

# SPDX-License-Identifier: LGPL-2.1-or-later
"""The ratios as a plot, drawn by gnuplot: one line a row that has a target, the floor at 1."""

import subprocess

import table

LINE_HEIGHT = 26
WIDTH = 960


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def rows_of(figures):
    return [figure for figure in figures
            if table.is_ours(figure) and "target" in figure and "ratio" in figure]


def block(name, lines):
    return f"${name} << END\n" + "".join(f"{line}\n" for line in lines) + "END\n"


def script(figures, path):
    rows = rows_of(figures)
    height = len(rows)
    labels, ours, targets, others = [], [], [], []
    for index, row in enumerate(rows):
        y = height - index
        labels.append(f"{quoted(table.name_of(row))} {y}")
        ours.append(f"{row['ratio']} {y}")
        targets.append(f"{row['target']} {y}")
        others += [f"{other['ratio']} {y} {quoted(other['who'])}" for other in figures
                   if other["name"] == row["name"] and not table.is_ours(other) and "ratio" in other]
    right = 1.5 * max([row["ratio"] for row in rows]
                      + [float(line.split()[0]) for line in others])
    return f"""
set terminal svg size {WIDTH},{LINE_HEIGHT * (height + 4)} font "sans-serif,12" background "#ffffff"
set output {quoted(path)}
{block('ours', ours)}{block('targets', targets)}{block('others', others or ['NaN NaN ""'])}
set logscale x
set xrange [0.2:{right}]
set yrange [0.3:{height + 0.7}]
set ytics ({', '.join(labels)}) scale 0
set xtics nomirror
set border 1
set grid xtics linecolor "#dddddd"
set xlabel "cost over the floor’s: ratios, measured side by side"
set key at screen 0.98, screen 0.99 horizontal top right
set arrow from 1, graph 0 to 1, graph 1 nohead linecolor "#888888"
plot $others using 1:2 title "others" with points pointtype 6 linecolor "#999999", \\
  $others using 1:2:3 notitle with labels font ",9" textcolor "#777777" offset 0, 0.55, \\
  $targets using 1:2 title "at most" with points pointtype 2 linecolor "#cc3333" linewidth 2, \\
  $ours using 1:2 title "libxep174" with points pointtype 7 pointsize 1 linecolor "#2255aa"
"""


def draw(figures, path):
    if rows_of(figures):
        subprocess.run(["gnuplot"], input=script(figures, path), text=True, check=True)

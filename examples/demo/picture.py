#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes doc/demo.svg of what the demo prints:

    FORCE_COLOR=1 ./dev demo | examples/demo/picture.py > doc/demo.svg
"""

import html
import re
import sys

LEFT, TOP, LINE, COLUMN, FONT = 24, 44, 19, 8.43, 14
COLOURS = {
    "1": "#ffffff", "2": "#8b949e", "31": "#ff7b72", "32": "#7ee787", "33": "#e3b341",
    "36": "#79c0ff", "0": "#c9d1d9",
}
SPAN = re.compile(r"\x1b\[(\d+)m(.*?)\x1b\[0m|([^\x1b]+)")


def spans(line):
    """(column, code, text) of every coloured piece of a line."""
    column = 0
    for match in SPAN.finditer(line):
        code, text = (match[1], match[2]) if match[1] else ("0", match[3])
        shown = text.lstrip(" ")
        if shown:
            yield column + len(text) - len(shown), code, shown
        column += len(text)


def main():
    lines = [line.rstrip("\n") for line in sys.stdin]
    # What ./dev itself says is not part of the play.
    start = next(number for number, line in enumerate(lines) if "Two programs start" in line)
    end = next(number for number, line in enumerate(lines) if "messages said" in line)
    lines = lines[start:end + 1]
    height = TOP + LINE * len(lines) + 16
    print('<?xml version="1.0" encoding="UTF-8"?>')
    print("<!-- SPDX-License-Identifier: LGPL-2.1-or-later; made by examples/demo/picture.py -->")
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" width="720" '
          f'height="{height}" role="img">')
    print("<title>./dev demo</title>")
    print(f'<rect width="720" height="{height}" rx="8" fill="#0d1117"/>')
    for number, colour in enumerate(("#ff5f56", "#ffbd2e", "#27c93f")):
        print(f'<circle cx="{LEFT + 18 * number}" cy="20" r="6" fill="{colour}"/>')
    print(f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{FONT}" '
          'xml:space="preserve">')
    for row, line in enumerate(lines):
        for column, code, text in spans(line):
            weight = ' font-weight="bold"' if code == "1" else ""
            print(f'<text x="{LEFT + COLUMN * column:.1f}" y="{TOP + LINE * (row + 1)}" '
                  f'textLength="{COLUMN * len(text):.1f}" fill="{COLOURS[code]}"{weight}>'
                  f'{html.escape(text, quote=False)}</text>')
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()

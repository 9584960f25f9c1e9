# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs what measures (README.md) and makes a table and a plot of it.

    bench.py SOURCE-FOLDER RESULT-FOLDER -- NAME COMMAND… [-- NAME COMMAND…]…

BENCH_OPTIONS in the environment has options: --only NAME for one of the programs, --update to renew
the table in the README and doc/speed.svg."""

import argparse
import json
import os
import shlex
import subprocess
import sys
import threading

import plot
import table


def commands_of(arguments):
    """{name: command}, from what stands between the dashes."""
    commands = {}
    for argument in arguments:
        if argument == "--":
            command = None
        elif command is None:
            command = commands[argument] = []
        else:
            command.append(argument)
    return commands


class Progress:
    """One line that changes on a terminal; elsewhere a line for each thing."""

    def __init__(self):
        self.is_terminal = sys.stderr.isatty()

    def tell(self, text):
        if self.is_terminal:
            width = os.get_terminal_size(sys.stderr.fileno()).columns
            sys.stderr.write(f"\r\033[K  {text[:width - 3]}")
        else:
            sys.stderr.write(f"  {text}\n")
        sys.stderr.flush()

    def clear(self):
        if self.is_terminal:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def run(name, command, progress):
    """The figures that a program prints, and what it complained of if it could not measure."""
    progress.tell(name)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        last_words = []

        def listen():
            for line in process.stderr:
                last_words.append(line)
                progress.tell(f"{name}: {line.rstrip()}")

        listener = threading.Thread(target=listen)
        listener.start()
        figures = [json.loads(line) for line in process.stdout if line.startswith("{")]
        listener.join()
    for figure in figures:
        if "floor" in figure and "ratio" not in figure:
            figure["ratio"] = figure["value"] / figure["floor"]
    if process.returncode == 0 and figures:
        return figures, None
    return figures, f"{name} could not measure:\n{''.join(last_words[-20:])}"


def main():
    dashes = sys.argv.index("--")
    source, results = sys.argv[1:dashes]
    commands = commands_of(sys.argv[dashes:])
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("--only", action="append", metavar="NAME", choices=commands,
                        help=f"only one of {', '.join(commands)}; may be given again")
    parser.add_argument("--update", action="store_true",
                        help="renew the table in README.md and doc/speed.svg")
    options = parser.parse_args(shlex.split(os.environ.get("BENCH_OPTIONS", "")))
    if options.update and options.only:
        parser.error("--update needs the whole table")

    progress = Progress()
    figures, complaints = [], []
    for name in options.only or commands:
        found, complaint = run(name, commands[name], progress)
        figures += found
        if complaint is not None:
            complaints.append(complaint)
    progress.clear()
    # Those of a group together, the groups as they came.
    groups = list(dict.fromkeys(figure["group"] for figure in figures))
    figures.sort(key=lambda figure: groups.index(figure["group"]))

    os.makedirs(results, exist_ok=True)
    with open(f"{results}/results.json", "w", encoding="utf-8") as file:
        json.dump(figures, file, indent=1)
    text = table.as_text(figures)
    with open(f"{results}/table.txt", "w", encoding="utf-8") as file:
        file.write(text)
    plot.draw(figures, f"{results}/speed.svg")
    if options.update and not complaints:
        table.renew_readme(figures, f"{source}/README.md")
        plot.draw(figures, f"{source}/doc/speed.svg")

    print(text, end="")
    if complaints:
        sys.exit("\n".join(complaints))


main()

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool xep174 speaks the language of the person, and English to programs."""

import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
import unittest.mock

import tap
from programs import ENCRYPTED, JULIET, ROMEO, Chat, Program, run

LOCALES = tempfile.TemporaryDirectory(prefix="xep174-locales-")


def language(code):
    """German by the locale, as most people have it; another one by LANGUAGE. The machine may have no locale."""
    if not os.listdir(LOCALES.name):
        if shutil.which("localedef") is None or not os.path.exists("/usr/share/i18n/locales/de_DE"):
            raise tap.Skip("this machine cannot make a locale")
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", f"{LOCALES.name}/de_DE.UTF-8"], check=True)
    # glibc itself leaks what it takes from LOCPATH.
    sanitizer = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))
    return unittest.mock.patch.dict(os.environ, LOCPATH=LOCALES.name, LC_ALL="de_DE.UTF-8",
                                    LANGUAGE="" if code == "de" else code, ASAN_OPTIONS=sanitizer)


def beginning(*arguments):
    """Romeo as a person; what he is told first is in his language."""
    romeo = Program("chat", "--discovery", "none", "--user", ROMEO, *arguments)
    romeo.port = int(re.search(r"Port (\d+)\)", romeo.shows("Sie sind romeo@montague im lokalen Netzwerk"))[1])
    return romeo


def test_chat():
    with Chat(JULIET) as juliet, language("de"), beginning() as romeo:
        romeo.shows("* Tippen Sie, um zu sprechen; Tab ergänzt; /help sagt den Rest.")
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=romeo.port)
        romeo.write(f"/add {JULIET} 127.0.0.1 {juliet.port}")
        romeo.shows(f"* {JULIET} ist hier: verfügbar")
        juliet.command("status", status="dnd")
        romeo.write("guten Abend")
        first = juliet.expect("message", body="guten Abend")["id"]
        juliet.command("message", to=ROMEO, body="wer da?", reply_to=first)
        trust = "nicht verschlüsselt" if ENCRYPTED == "not encrypted" else "verschlüsselt, nicht verglichen"
        romeo.shows(f"* Das Gespräch mit {JULIET}: {trust}")
        romeo.shows("„guten Abend“): wer da?")
        romeo.write("/close mercutio")
        romeo.complains("Es gibt kein Gespräch zu beenden")
        romeo.write("/dance")
        romeo.complains("/dance gibt es nicht")
        romeo.write("/help")
        romeo.shows("mit NAME sprechen")
        romeo.write("/quit")
        romeo.ends_with(0)
        juliet.quit()


def test_once():
    """What is called, does something and ends."""
    with language("de"):
        sent = run("send", "--discovery", "none", "--timeout", "0", "mercutio", "hallo")
        assert sent.returncode == 1 and "nicht gesendet an mercutio: " in sent.stderr, sent
        assert "niemand namens „mercutio“ ist hier" in sent.stderr, sent
        assert sent.stderr.endswith(": „hallo“\n"), sent
        browsed = run("browse", "--domain", "a.example", "--discovery", "none")
        assert browsed.returncode == 2 and "--domain geht nur mit avahi" in browsed.stderr, browsed
        wrong = run("chat", "--port", "0")
        assert "Wählen Sie für --port eine Zahl von 1 bis 65535; „0“ ist das nicht" in wrong.stderr, wrong
        assert "Sie haben keinen" not in run("keys").stdout
        assert "Es ist kein Schlüssel von anderen bekannt." in run("keys").stdout
        assert "Es gibt keinen Befehl „dance“" in run("dance").stderr


def test_help():
    with language("de"):
        assert "zeigen, wer da ist" in run("--help").stdout
        told = run("chat", "--help").stdout
    for part in ("Mit den Personen im lokalen Netzwerk sprechen.", "--data-dir=ORDNER", "Beispiele:",
                 '{"command":"message"'):
        assert part in told, told


def test_json():
    """A program reads the same everywhere, also what the library and the system say."""
    with language("de"), Chat(ROMEO) as romeo:
        romeo.command("add", name=JULIET, address="127.0.0.1", port=1)
        romeo.command("message", to=JULIET, body="", id="1")
        assert romeo.expect("failed", id="1")["reason"].startswith("The message has no text")
        taken = run("chat", "--json", "--discovery", "none", "--port", str(romeo.port))
        assert "Address already in use" in taken.stdout, taken
        romeo.command("distrust", contact=JULIET, key="1")
        assert "is no key" in romeo.expect("error")["message"]
        romeo.command("quit")
        romeo.ends_with(1)


def columns(text):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def in_columns(rows):
    """Something begins in the same column in each of @rows; which one, the row without parameters tells."""
    bare = next(row for row in rows if re.match(r"[ *]*/?(keys|files) {3}", row))
    column = columns(re.match(r"[ *]*/?\w+ +", bare)[0])
    for row in rows:
        ends = [end for end in range(len(row)) if columns(row[:end]) == column]
        assert ends and row[ends[0] - 1] == " " != row[ends[0]], row


def test_columns():
    """A Chinese letter is as wide as two others: the columns stand below each other."""
    for code in "de", "es", "fr", "zh_CN":
        with language(code):
            rows = re.findall(r"^  (?:chat|browse|send|send-file|keys) .*$", run("--help").stdout, re.MULTILINE)
            assert len(rows) == 5, rows
            in_columns(rows)
    for code, hello in ("fr", "Vous êtes romeo@montague"), ("zh_CN", "您在本地网络上是 romeo@montague"):
        with language(code), Program("chat", "--discovery", "none", "--user", ROMEO) as romeo:
            romeo.shows(hello)
            romeo.write("/help")
            romeo.write("/msg")
            romeo.complains("/msg NOM TEXTE" if code == "fr" else "/msg 名称 文字")
            romeo.write("/quit")
            romeo.ends_with(0)
        rows = [row for row in romeo.lines if row.startswith("*   /")]
        assert len(rows) > 8, romeo.lines
        in_columns(rows)


if __name__ == "__main__":
    tap.main_of("language", globals())

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages are true: their code stands in programs that are built and run, their links lead
somewhere, and every page can be found from the first one."""
import os
import pathlib
import re
import textwrap

import pages
import tap

# These are no programs, or not ours: shapes of commands, words of the protocol, build files.
NOT_CODE = {"text", "sh", "xml", "meson"}
LINK = re.compile(r"(?<!\!)\[[^\]\[]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


def stands_in(lines, text):
    """Whether @lines follow each other in @text, however far they are indented there."""
    wanted = textwrap.dedent("\n".join(lines))
    all_lines = text.splitlines()
    return any(textwrap.dedent("\n".join(all_lines[i:i + len(lines)])) == wanted
               for i in range(len(all_lines) - len(lines) + 1))


def code_problems(block):
    where = f"{block.page}:{block.line}"
    if block.claim is None:
        if block.language not in NOT_CODE:
            yield f"{where}: code of no program (the line above is to name its file)"
        return
    path = pages.ROOT / block.claim.removeprefix("prints: ")
    if not path.is_file():
        yield f"{where}: {block.claim} does not exist"
    elif not block.claim.startswith("prints: "):
        if not block.lines or not stands_in(block.lines, path.read_text(encoding="utf-8")):
            yield f"{where}: this does not stand in {block.claim}"


def test_code():
    found = []
    count = 0
    for page in pages.pages():
        for block in pages.blocks(page):
            count += 1
            found += code_problems(block)
    # The README's others are checked by what installs and runs them.
    readme = [block for block in pages.blocks(pages.ROOT / "README.md") if block.claim]
    found += [problem for block in readme for problem in code_problems(block)]
    assert readme
    print(f"# {count} blocks")
    assert count > 0 and not found, "\n".join(found)


def test_code_can_fail():
    assert stands_in(["a", "  b"], "x\n  a\n    b\n")
    assert not stands_in(["a", "b"], "x\n  a\n    b\n")
    block = pages.Block("doc/x.md", 1, "c", None, ["int i;"])
    assert list(code_problems(block))
    assert list(code_problems(block._replace(claim="examples/nowhere.c")))
    assert list(code_problems(block._replace(claim="examples/meson.build")))
    assert not list(code_problems(block._replace(language="text")))


def slug(heading):
    """The anchor of a heading, as gi-docgen and the forges make it of our plain ones."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


def without_code(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "`", text)


def anchors(path):
    return {slug(heading) for heading in
            re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)}


def links(path):
    for found in LINK.findall(without_code(path)):
        target = found[0] or found[1]
        if not re.match(r"[a-z]+:", target):
            yield target


def link_problems(path, target):
    file, _, anchor = target.partition("#")
    there = (path.parent / file).resolve() if file else path
    if not there.exists():
        yield f"{path.relative_to(pages.ROOT)}: {target} leads nowhere"
    elif anchor and anchor not in anchors(there):
        yield f"{path.relative_to(pages.ROOT)}: {file or path.name} has no part “{anchor}”"


def test_links():
    found = []
    paths = [*pages.pages(), *pages.ROOT.glob("*.md"), pages.ROOT / "tests/session/README.md"]
    for path in paths:
        for target in links(path):
            found += link_problems(path, target)
    assert not found, "\n".join(found)


def test_links_can_fail():
    page = pages.ROOT / "doc/architecture.md"
    assert list(link_problems(page, "nowhere.md"))
    assert list(link_problems(page, "conformance.md#nowhere"))
    assert list(link_problems(page, "#nowhere"))
    assert not list(link_problems(page, "../README.md#licence"))


def test_every_page_is_found():
    """From doc/overview.md, by following links between pages."""
    found = set()
    ahead = [pages.ROOT / "doc/overview.md"]
    while ahead:
        page = ahead.pop()
        if page in found:
            continue
        found.add(page)
        ahead += [there for target in links(page)
                  for there in [(page.parent / target.partition("#")[0]).resolve()]
                  if there.suffix == ".md" and there.parent == pages.ROOT / "doc"]
    lost = sorted(str(page.relative_to(pages.ROOT)) for page in set(pages.pages()) - found)
    assert not lost, f"no link leads to {lost}"


def test_every_page_is_in_the_manual():
    listed = (pages.ROOT / "doc/meson.build").read_text(encoding="utf-8")
    lost = [page.name for page in pages.pages() if f"'{page.name}'" not in listed]
    assert not lost, f"doc/meson.build does not list {lost}"
    untitled = [page.name for page in pages.pages()
                if not page.read_text(encoding="utf-8").startswith("Title: ")]
    assert not untitled, f"these do not begin with a “Title:” {untitled}"


def all_sources():
    folders = ("include", "lib", "tests", "examples")
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for folder in folders
                     for path in sorted((pages.ROOT / folder).rglob("*")) if path.is_file())


def name_problems(where, text, sources):
    """Names of ours and files of the tree that a page tells of and that are not there."""
    for name in sorted(set(re.findall(r"\b(?:xep174|XEP174)_\w+", text))):
        # What ends with an underscore is the beginning of several.
        if not re.search(rf"\b{name}" + ("" if name.endswith("_") else r"\b"), sources):
            yield f"{where}: there is no {name}"
    for path in sorted(set(re.findall(r"`((?:tests|lib|doc|examples|include)/[\w./-]+)", text))):
        if not (pages.ROOT / path).exists():
            yield f"{where}: there is no {path}"
    for name in sorted(set(re.findall(r"`(xep174-[\w-]+\.[ch])`", text))):
        if not list((pages.ROOT / "lib").rglob(name)) + list((pages.ROOT / "include").rglob(name)):
            yield f"{where}: there is no {name}"


def tests_of_the_tree():
    return {path: path.read_text(encoding="utf-8")
            for path in sorted((pages.ROOT / "tests").rglob("*.*")) if path.suffix in (".c", ".py")}


def proof_problems(where, text, tests):
    """`file: name, name` tells of tests in a file; each stands in there."""
    for file, names in re.findall(r"`([\w./-]+\.(?:c|py)): ([^`]+)`", text):
        there = "".join(test for path, test in tests.items() if path.match(file))
        for name in names.split(", "):
            if name not in there:
                yield f"{where}: there is no {name} in {file}"


def test_proofs():
    """On all pages but doc/conformance.md, which check-conformance.py looks at."""
    tests = tests_of_the_tree()
    found = []
    for page in pages.pages():
        if page.name != "conformance.md":
            found += proof_problems(page.relative_to(pages.ROOT), page.read_text(encoding="utf-8"),
                                    tests)
    assert not found, "\n".join(found)


def test_proofs_can_fail():
    tests = {pathlib.PurePath("/tests/lab/test_x.py"): "def test_y(self):"}
    assert list(proof_problems("x.md", "`test_z.py: test_y`", tests))
    assert list(proof_problems("x.md", "`tests/lab/test_x.py: test_y, test_z`", tests))
    assert not list(proof_problems("x.md", "`lab/test_x.py: test_y`, `test_x.py: test_y`", tests))


def test_names():
    sources = all_sources()
    found = []
    for page in [*pages.pages(), *pages.ROOT.glob("*.md")]:
        found += name_problems(page.relative_to(pages.ROOT), page.read_text(encoding="utf-8"),
                               sources)
    assert not found, "\n".join(found)


def test_names_can_fail():
    assert list(name_problems("x.md", "call `xep174_no_such()`", "xep174_no_such_thing"))
    assert list(name_problems("x.md", "see `tests/no/such.c`", ""))
    assert list(name_problems("x.md", "see `xep174-no-such.c`", ""))
    assert not list(name_problems("x.md", "`XEP174_SESSION_ERROR_…`", "XEP174_SESSION_ERROR_FAILED"))


def test_readme_leads_on():
    readme = pages.ROOT / "README.md"
    assert {"doc/overview.md", "doc/embedding.md"} <= set(links(readme)), set(links(readme))


if __name__ == "__main__":
    os.chdir(pages.ROOT)
    tap.main_of("pages", globals())

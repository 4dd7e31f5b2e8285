#!/usr/bin/env python3
"""Each relative link of the documents below a folder leads to a file below it, and to a heading
that is there.

usage: test_links.py FOLDER
"""
import pathlib
import re
import sys

LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")


def is_ours(directory):
    """Not one that was built, nor one that tools keep for themselves."""
    return not any(part.startswith(("build", ".")) for part in directory.parts)


def documents(folder):
    return sorted(path for path in folder.rglob("*.md")
                  if is_ours(path.relative_to(folder).parent))


def prose(document):
    return re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)


def anchors(document):
    """As web forges make them of headings."""
    headings = re.findall(r"^#+ +(.*?) *$", prose(document), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def fault(folder, document, target, anchor):
    path = (document.parent / target).resolve() if target else document
    if not path.exists() or not path.is_relative_to(folder):
        return "leads nowhere"
    if anchor and anchor not in anchors(path):
        return "names a heading that is not there"
    return None


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    links, faults = 0, 0
    for document in documents(folder):
        for target, anchor in LINK.findall(prose(document)):
            if re.match(r"[a-z]+:", target):
                continue
            links += 1
            why = fault(folder, document, target, anchor)
            if why:
                faults += 1
                print(f"{document.relative_to(folder)}: {target}{anchor and '#' + anchor} {why}")
    assert links > 0, "there are links"
    print(f"{links} links, {faults} of them broken")
    return faults != 0


if __name__ == "__main__":
    sys.exit(main())

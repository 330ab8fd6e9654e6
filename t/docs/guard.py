"""What the guards share: reading a source or a page, and comparing two lists both ways.

A guard prints every difference and exits 1. An input that can't be found, or in which nothing is found, is an error,
never a skip: else a moved file would make the guard pass for ever."""
import os
import re
import sys

SOURCE = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
BUILD = os.environ.get("MCPR_BUILDDIR", os.getcwd())


class Guard:
    def __init__(self, page):
        self.page, self.problems = page, []

    def complain(self, text):
        self.problems.append(text)

    def compare(self, what, in_code, in_page, where):
        """Both ways. `where` is the file that holds the code's list."""
        for name in sorted(set(in_code) - set(in_page)):
            self.complain(f"{what} {name} of {where} is missing in {self.page}")
        for name in sorted(set(in_page) - set(in_code)):
            self.complain(f"{self.page} names {what} {name}, which {where} does not have")
        for name in sorted({n for n in in_page if list(in_page).count(n) > 1}):
            self.complain(f"{self.page} names {what} {name} more than once")

    def same(self, what, code, page):
        if code != page:
            self.complain(f"{self.page}: {what} is {page!r}, but the code says {code!r}")

    def finish(self):
        for problem in self.problems:
            print(problem, file=sys.stderr)
        sys.exit(1 if self.problems else 0)


def fail(text):
    print(text, file=sys.stderr)
    sys.exit(1)


def read(path):
    """A file of the source tree."""
    try:
        with open(os.path.join(SOURCE, path), encoding="utf-8") as f:
            return f.read()
    except OSError as e:
        fail(f"{path} can't be read: {e.strerror}")


def some(found, what, where):
    """`found`, unless it is empty: then the guard no longer understands its input."""
    return found or fail(f"no {what} found in {where}: has its layout changed?")


def cells(line):
    """The cells of a row of a Markdown table."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def tables(text, first):
    """The rows of all tables whose first heading is `first`, as dictionaries by heading."""
    rows, heads, previous = [], None, ""
    for line in text.splitlines():
        if not line.startswith("|"):
            heads = None
        elif re.match(r"^\|[-|: ]+\|$", line):
            heads = cells(previous) if cells(previous)[0] == first else None
        elif heads:
            rows.append(dict(zip(heads, cells(line))))
        previous = line
    return rows

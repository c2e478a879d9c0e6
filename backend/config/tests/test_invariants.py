"""Invariant 118: `docs/invariants.md` names for each rule the tests that show it, and what it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROW = re.compile(r"^\| (\d+) \|(.+?)\|(.+?)\|(.*?)\|$")
NAMED = re.compile(r"`([\w/.-]+)::([^`]+)`")
# The rules that bind since the first clinic's day works end to end.
BINDING = {
    *range(1, 9), 10, 12, 13, *range(16, 19), *range(20, 25), *range(27, 32), 33, 36, 37,
    *range(39, 43), *range(45, 51), *range(53, 56), *range(57, 67), 69, *range(90, 94), 97, 98,
    *range(100, 103), *range(107, 112), *range(113, 116),
}  # fmt: skip
Named = tuple[str, str]


def rows() -> dict[int, tuple[str, str]]:
    found = {}
    for line in (ROOT / "docs" / "invariants.md").read_text().splitlines():
        if row := ROW.match(line):
            number, _, shown, control = row.groups()
            assert int(number) not in found, f"{number} stands twice"
            found[int(number)] = (shown.strip(), control.strip())
    return found


def exists(named: Named) -> bool:
    path, name = named
    if not path.startswith("frontend/"):
        return name in functions(ROOT / "backend" / path)
    file = ROOT / path
    return file.exists() and f"test('{name}'" in file.read_text()


@cache
def functions(file: Path) -> set[str]:
    if not file.exists():
        return set()
    tree = ast.parse(file.read_text())
    return {
        one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_rule_stands_on_the_page_once() -> None:
    assert list(rows()) == list(range(1, 119))


def test_every_test_that_is_named_exists() -> None:
    named = [one for texts in rows().values() for text in texts for one in NAMED.findall(text)]

    assert len(named) > 200
    assert [one for one in named if not exists(one)] == []


def test_no_rule_that_binds_is_without_a_test_and_a_control() -> None:
    for number, (shown, control) in rows().items():
        if number in BINDING:
            assert NAMED.findall(shown) and control, number
            assert "later" not in shown, number
        else:
            assert NAMED.findall(shown) or shown.startswith("later: "), number


def test_control_a_test_that_is_gone_is_missed() -> None:
    assert exists(("config/tests/test_invariants.py", "test_every_test_that_is_named_exists"))
    assert not exists(("config/tests/test_invariants.py", "test_that_is_gone"))
    assert not exists(("config/tests/test_gone.py", "test_every_test_that_is_named_exists"))
    assert not exists(("frontend/e2e/gone.spec.ts", "a day"))

"""Permission rules: the splitter against shlex, and the tables of docs/ai-coding/claude-code-permission.md."""

from __future__ import annotations

import shlex

import pytest

from labs.ai_coding.permissions import ALLOW, ASK, DENY, Rules, inside, matches, naive, naive_inside, parts

RULES = Rules(
    deny=["git push --force *", "rm -rf *"],
    ask=["git push *"],
    allow=["git *", "npm test *", "ls *"],
)
PREFIXES = ["git ", "npm test", "ls "]


def by_shlex(command: str) -> list[list[str]]:
    """Words of each simple command, by the standard library's lexer."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=";|&")
    lexer.whitespace_split = True
    out: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set(";|&"):
            out.append([])
        else:
            out[-1].append(word)
    return [words for words in out if words]


@pytest.mark.parametrize(
    "command",
    [
        "git status",
        "git status && git push",
        "a;b | c || d & e",
        "echo 'a && b' \"c | d\" && ls",
        r"echo a\;b ; ls",
        'echo "it\'s; fine" | wc',
        r'echo "a \" ; b" ; c',
    ],
)
def test_parts_are_those_of_shlex(command: str) -> None:
    assert [shlex.split(p) for p in parts(command)] == by_shlex(command)


def test_newline_separates() -> None:
    assert parts("ls\nrm -rf x") == ["ls", "rm -rf x"]


@pytest.mark.parametrize(
    ("command", "by_prefix", "verdict"),
    [
        ("git status", ALLOW, ALLOW),
        ("git push", ALLOW, ASK),
        ("git push --force origin main", ALLOW, DENY),
        ("git status && git push", ALLOW, ASK),
        ("npm test; rm -rf build", ALLOW, DENY),
        ("npm testing", ALLOW, ASK),
        ("ls $(rm x)", ALLOW, ASK),
        ("git log > notes.txt", ALLOW, ASK),
        ('git commit -m "a && rm -rf b"', ALLOW, ALLOW),
        ("cd x && npm test", ASK, ASK),
        ("git -C . push", ALLOW, ALLOW),  # the hole that the page shows: a text rule does not know git's options
        ("bash -c 'rm -rf x'", ASK, ASK),
        ("sudo rm -rf /", ASK, ASK),
    ],
)
def test_table_of_the_page(command: str, by_prefix: str, verdict: str) -> None:
    assert naive(PREFIXES, command) == by_prefix
    assert RULES.verdict(command) == verdict


def test_order_does_not_care_for_precision() -> None:
    rules = Rules(deny=["aws *"], allow=["aws s3 ls"])
    assert rules.verdict("aws s3 ls") == DENY
    assert Rules(ask=["npm *"], allow=["npm test"]).verdict("npm test") == ASK
    assert Rules().verdict("anything") == ASK
    assert RULES.verdict("") == ASK


def test_last_star_is_a_word_boundary() -> None:
    assert matches("ls *", "ls")
    assert matches("ls *", "ls -a")
    assert not matches("ls *", "lsof")
    assert matches("ls*", "lsof")
    assert matches("git * main", "git checkout main")
    assert not matches("git * main", "git checkout main2")


@pytest.mark.parametrize(
    ("path", "prefix", "resolved"),
    [
        ("/repo/a.py", True, True),
        ("/repo/../etc/passwd", True, False),
        ("/repo-secret/key", True, False),
        ("a/../b.py", False, True),
        ("/repo", True, True),
    ],
)
def test_paths_of_the_page(path: str, prefix: bool, resolved: bool) -> None:
    assert naive_inside("/repo", path) is prefix
    assert inside("/repo", path, "/repo") is resolved

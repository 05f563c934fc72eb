r"""Rules that hold when the model is fooled: values remember where they came from, and tools ask before they act.

The attack: Greshake et al. (arXiv:2302.12173). A plan is fixed from the user's words; what tools return may fill its
slots but never adds a step. Compare `labs/agents/injection.py`, which gates a free-running loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


# --8<-- [start:value]
@dataclass(frozen=True)
class Value:
    """A text, the sources it depends on, and who may read it (None: anybody)."""

    text: str
    sources: frozenset[str] = frozenset()
    readers: frozenset[str] | None = None


def derive(text: str, *parts: Value) -> Value:
    """A value computed from others: sources unite, readers intersect. What the function is makes no difference."""
    readers: frozenset[str] | None = None
    for part in parts:
        if part.readers is not None:
            readers = part.readers if readers is None else readers & part.readers
    return Value(text, frozenset().union(*(part.sources for part in parts)), readers)


# --8<-- [end:value]


# --8<-- [start:policy]
TRUSTED = frozenset({"用户", "通讯录"})


def check_mail(to: Value, body: Value) -> str:
    """Reason to refuse a mail, or an empty string: who chose the receiver, and may the receiver read this?"""
    if not to.sources <= TRUSTED:
        return "收件人来自不可信来源：" + "、".join(sorted(to.sources - TRUSTED))
    if body.readers is not None and to.text not in body.readers:
        return f"{to.text} 无权读正文"
    return ""


@dataclass(frozen=True)
class Step:
    """A step of the plan: read by `tool` into `out`, extract with the quarantined model, or send a mail."""

    kind: str
    out: str = ""
    args: tuple[str, ...] = ()


def execute(
    plan: Sequence[Step],
    env: Mapping[str, Value],
    read: Callable[[str], Value],
    quarantined: Callable[[str], str],
) -> tuple[list[tuple[str, str]], list[str]]:
    """Run a fixed plan: mails sent as (receiver, body), and refusals. `quarantined` has no tools, only a return."""
    values = dict(env)
    sent: list[tuple[str, str]] = []
    refused: list[str] = []
    for step in plan:
        if step.kind == "read":
            values[step.out] = read(step.args[0])
        elif step.kind == "extract":
            source = values[step.args[0]]
            values[step.out] = derive(quarantined(source.text), source)  # label kept, whatever it says
        else:
            to, body = (values[name] for name in step.args)
            reason = check_mail(to, body)
            if reason:
                refused.append(reason)
            else:
                sent.append((to.text, body.text))
    return sent, refused


# --8<-- [end:policy]


# --8<-- [start:marking]
def fence(text: str, tag: str) -> str:
    """Wrap untrusted text between tags; whoever knows the tag can close it early."""
    return f"<{tag}>{text}</{tag}>"


def outside(prompt: str, tag: str) -> str:
    """What a strict reader takes for instructions: everything that is not between the tags."""
    rest, inside = "", False
    while prompt:
        mark = f"</{tag}>" if inside else f"<{tag}>"
        before, found, prompt = prompt.partition(mark)
        rest += "" if inside else before
        inside = not inside if found else inside
    return rest


# --8<-- [end:marking]

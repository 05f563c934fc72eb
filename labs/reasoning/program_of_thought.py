r"""Reasoning written as a program: a tiny interpreter for assignments and exact arithmetic, and why it helps.

The split of labour of tool-integrated reasoning (Qwen2.5-Math, arXiv:2409.12122): the model plans, Python computes.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from fractions import Fraction

OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


# --8<-- [start:run]
def run(program: str) -> dict[str, Fraction]:
    """The variables after a program of lines `name = expression`; anything but + - * / on names and numbers fails."""
    names: dict[str, Fraction] = {}

    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return Fraction(str(node.value))  # 0.1 is one tenth
        if isinstance(node, ast.Name):
            return names[node.id]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value(node.left), value(node.right))
        raise ValueError(f"not allowed: {ast.unparse(node)}")

    for line in ast.parse(program).body:
        if not (isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)):
            raise ValueError("only assignments are allowed")
        names[line.targets[0].id] = value(line.value)
    return names


# --8<-- [end:run]


# --8<-- [start:chance]
def right_by_hand(plan: float, arithmetic: float, steps: int) -> float:
    """Chance of a right answer when each of `steps` steps needs a right plan and a right calculation."""
    return (plan * arithmetic) ** steps


def right_by_program(plan: float, syntax: float, steps: int) -> float:
    """The same plan, calculated by the interpreter; what can fail instead is the program itself."""
    return syntax * plan**steps


# --8<-- [end:chance]

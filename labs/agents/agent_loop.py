r"""The agent loop: a model reads the whole context, picks a tool, the program runs it, the result is appended, again.

Source of the interleaved thought, action and observation: Yao et al., *ReAct* (arXiv:2210.03629), section 2. The model
is a script, so that every run is the same and the loop itself can be watched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Action = dict[str, Any]  # {"thought", "tool", "args"} or {"thought", "answer"}
Tool = Callable[..., str]


@dataclass(frozen=True)
class Turn:
    """One message; what tools return may come from strangers."""

    role: str
    text: str


@dataclass
class Trace:
    """What happened: the final context, tokens read and written at each step, and the answer if there is one."""

    context: list[Turn]
    read: list[int] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    answer: str | None = None


Model = Callable[[list[Turn]], Action]


def tokens(text: str) -> int:
    """A stand-in for a tokenizer: a Chinese character, a word, a number or a mark is one token."""
    return len(re.findall(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]", text))


# --8<-- [start:loop]
def call(tools: dict[str, Tool], action: Action) -> str:
    """Run the tool; whatever goes wrong is an observation too, so that the model can correct itself."""
    tool = tools.get(action["tool"])
    if tool is None:
        return f"错误：没有工具 {action['tool']}，可用的是 {sorted(tools)}"
    try:
        return tool(**action["args"])
    except (TypeError, ValueError) as error:
        return f"错误：{error}"


def run(model: Model, tools: dict[str, Tool], system: str, task: str, limit: int = 8) -> Trace:
    """Until the model answers or `limit` steps are used up; the context only ever grows at its end."""
    trace = Trace([Turn("system", system), Turn("user", task)])
    for _ in range(limit):
        trace.read.append(sum(tokens(turn.text) for turn in trace.context))  # everything is read again
        action = model(trace.context)
        said = json.dumps(action, ensure_ascii=False, sort_keys=True)  # sorted keys: the same bytes every time
        trace.context.append(Turn("assistant", said))
        trace.written.append(tokens(said))
        if "answer" in action:
            trace.answer = str(action["answer"])
            return trace
        trace.context.append(Turn("tool", call(tools, action)))
    return trace  # no answer: the caller must notice


# --8<-- [end:loop]

SYSTEM = "你是日程助手。可用工具：calendar_read(date)、contacts_find(name)、mail_send(to, body)。日期写成 YYYY-MM-DD。"
TASK = "把 6 月 3 日的会议时间发邮件告诉李雷。"


def office(sent: list[tuple[str, str]], note: str = "") -> dict[str, Tool]:
    """Three tools over a tiny world; mails go into `sent`; `note` is text that a stranger wrote into the invitation."""

    def calendar_read(date: str) -> str:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
            raise ValueError("日期格式应为 YYYY-MM-DD")
        return f"{date} 15:00 评审会。{note}"

    def contacts_find(name: str) -> str:
        return {"李雷": "li.lei@example.com"}.get(name, "查无此人")

    def mail_send(to: str, body: str) -> str:
        sent.append((to, body))
        return "已发送"

    return {"calendar_read": calendar_read, "contacts_find": contacts_find, "mail_send": mail_send}


def script(context: list[Turn]) -> Action:
    """Decides from what it has seen and done so far; the first date is malformed on purpose."""
    seen = [turn.text for turn in context if turn.role == "tool"]
    done = [turn.text for turn in context if turn.role == "assistant"]
    event = next((text for text in seen if text.startswith("2025-06-03")), None)
    address = next((text for text in seen if text.endswith("@example.com")), None)
    if event is None:
        thought, date = ("格式错了，改正", "2025-06-03") if seen else ("先看日程", "6月3日")
        return {"thought": thought, "tool": "calendar_read", "args": {"date": date}}
    if address is None:
        return {"thought": "查地址", "tool": "contacts_find", "args": {"name": "李雷"}}
    if not any(f'"to": "{address}"' in text for text in done):
        return {"thought": "发信", "tool": "mail_send", "args": {"to": address, "body": event[:16]}}
    refused = seen[-1].startswith("拒绝")
    return {"thought": "完成", "answer": "邮件未获准发送。" if refused else "已把会议时间发给李雷。"}

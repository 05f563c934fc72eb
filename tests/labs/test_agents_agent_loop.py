"""The agent loop: numbers of agent-definition.md, errors as observations, the step limit."""

from __future__ import annotations

import re

from labs.agents.agent_loop import SYSTEM, TASK, Action, Turn, office, run, script, tokens


def test_trace_of_the_page() -> None:
    sent: list[tuple[str, str]] = []
    trace = run(script, office(sent), SYSTEM, TASK)
    assert trace.read == [63, 116, 171, 214, 272]
    assert (sum(trace.read), sum(trace.written)) == (836, 201)
    assert sent == [("li.lei@example.com", "2025-06-03 15:00")]
    assert trace.answer == "已把会议时间发给李雷。"


def test_read_counts_are_those_of_a_naive_replay() -> None:
    trace = run(script, office([]), SYSTEM, TASK)
    said = [i for i, turn in enumerate(trace.context) if turn.role == "assistant"]
    for step, i in enumerate(said):  # what stood before the i-th message was read
        assert trace.read[step] == sum(tokens(turn.text) for turn in trace.context[:i])
        assert trace.written[step] == tokens(trace.context[i].text)


def test_tokens_counts_characters_words_numbers_and_marks() -> None:
    assert tokens("查 2025-06-03 的 mail") == len(["查", "2025", "-", "06", "-", "03", "的", "mail"])


def test_a_wrong_call_is_an_observation() -> None:
    def model(context: list[Turn]) -> Action:
        answers: list[Action] = [
            {"tool": "no_such", "args": {}},
            {"tool": "contacts_find", "args": {"wrong": 1}},
            {"answer": "好"},
        ]
        return answers[sum(turn.role == "tool" for turn in context)]

    trace = run(model, office([]), SYSTEM, TASK)
    seen = [turn.text for turn in trace.context if turn.role == "tool"]
    assert seen[0].startswith("错误：没有工具 no_such") and re.match("错误：.*wrong", seen[1])
    assert trace.answer == "好"


def test_the_limit_ends_a_run_without_an_answer() -> None:
    trace = run(lambda _: {"tool": "contacts_find", "args": {"name": "李雷"}}, office([]), SYSTEM, TASK, limit=3)
    assert trace.answer is None and len(trace.read) == 3

"""The single loop: what stays in the history, what a helper may do, and the numbers of claude-code-simplicity.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from labs.ai_coding.agent_loop import Action, Agent, Message, Model

FILES = {f"f{i}.py": "x" * 2000 for i in range(5)}


def script(*actions: Action) -> Model:
    """A model that plays a list of actions."""
    queue: Iterator[Action] = iter(actions)
    return lambda _messages: next(queue)


def reader(messages: Sequence[Message]) -> Action:
    """A helper that reads every file once, then says one sentence."""
    done = sum(role == "call" for role, _ in messages)
    return Action("read", f"f{done}.py") if done < len(FILES) else Action("", "it is in f3.py")


def boss(messages: Sequence[Message]) -> Action:
    """Sends a helper to look, thinks ten turns with a short tool, answers; helpers are told apart by their task."""
    if messages[0][1] == "find it":
        return reader(messages)
    done = sum(role == "call" for role, _ in messages)
    if done == 0:
        return Action("task", "find it")
    return Action("run", "test") if done <= 10 else Action("", "fixed")


def alone(messages: Sequence[Message]) -> Action:
    """The same without a helper: reads itself."""
    done = sum(role == "call" for role, _ in messages)
    if done < len(FILES):
        return Action("read", f"f{done}.py")
    return Action("run", "test") if done < len(FILES) + 10 else Action("", "fixed")


TOOLS = {"read": FILES.__getitem__, "run": lambda _text: "ok"}


def test_history_is_flat_and_errors_are_results() -> None:
    answer, history = Agent(script(Action("fly", ""), Action("run", ""), Action("", "done")), TOOLS).run("go")
    assert answer == "done"
    assert [role for role, _ in history] == ["user", "call", "result", "call", "result"]
    assert history[2][1] == "error: no tool fly; there are read, run, todo, task"


def test_helper_returns_its_answer_only_and_starts_no_helper() -> None:
    answer, history = Agent(boss, TOOLS).run("fix the bug")
    assert answer == "fixed"
    assert ("result", "it is in f3.py") in history
    assert all("xxx" not in text for _, text in history)
    nested = Agent(script(Action("task", "again"), Action("", "ok")), TOOLS, depth=1)
    assert nested.run("t")[1][2] == ("result", "error: a helper cannot start helpers")


def test_todo_is_sent_last_and_not_stored() -> None:
    seen: list[list[Message]] = []
    actions = iter([Action("todo", "a=doing"), Action("todo", "b=open"), Action("todo", "a=done"), Action("", "ok")])

    def model(messages: Sequence[Message]) -> Action:
        seen.append(list(messages))
        return next(actions)

    agent = Agent(model, TOOLS)
    _, history = agent.run("go")
    assert seen[-1][-1] == ("reminder", "[done] a; [open] b")
    assert all(role != "reminder" for role, _ in history)
    assert list(agent.todo) == ["a", "b"]


def test_loop_ends() -> None:
    assert Agent(lambda _m: Action("run", ""), TOOLS, most=3).run("go")[0] == "gave up"


def test_numbers_of_the_page() -> None:
    def characters(model: Model) -> tuple[int, int]:
        agent = Agent(model, TOOLS)
        _, history = agent.run("fix the bug")
        return sum(len(text) for _, text in history), agent.sent

    own, sent_alone = characters(alone)
    kept, sent_boss = characters(boss)
    helper = Agent(boss, TOOLS, depth=1)
    helper.run("find it")
    assert (own, kept) == (10_161, 137)
    assert (sent_alone, sent_boss + helper.sent) == (131_376, 31_160)

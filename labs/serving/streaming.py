r"""Text that leaves token by token: no broken characters, and many readers on one event loop.

Sources: the UTF-8 encoding (RFC 3629); the Python documentation of `codecs` and `asyncio`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence


# --8<-- [start:utf8]
def split_incomplete(data: bytes) -> tuple[bytes, bytes]:
    """Cut before a character whose last bytes have not come yet; only the first part may be shown."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0b1100_0000 != 0b1000_0000:  # not a continuation: a character starts here
            length = 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return (data, b"") if back >= length else (data[:-back], data[-back:])
    return data, b""  # not UTF-8; let the decoder complain


def stream_text(tokens: Sequence[bytes]) -> list[str]:
    """What is sent after each token; "" where a character is still incomplete."""
    sent, held = list[str](), b""
    for token in tokens:
        whole, held = split_incomplete(held + token)
        sent.append(whole.decode("utf-8", errors="replace"))
    return sent


# --8<-- [end:utf8]


# --8<-- [start:loop]
class Engine:
    """Stands for the GPU: each step makes the next token of every request that is still open."""

    def __init__(self, answers: dict[str, list[str]]) -> None:
        self.queues: dict[str, asyncio.Queue[str | None]] = {name: asyncio.Queue() for name in answers}
        self.answers = answers

    async def run(self) -> None:
        for i in range(max(map(len, self.answers.values())) + 1):
            for name, tokens in self.answers.items():
                if i <= len(tokens):
                    self.queues[name].put_nowait(tokens[i] if i < len(tokens) else None)
            await asyncio.sleep(0)  # a real engine awaits the GPU here; meanwhile readers run

    async def stream(self, name: str) -> AsyncIterator[str]:
        """What an HTTP handler iterates over."""
        while (token := await self.queues[name].get()) is not None:
            yield token


async def serve(answers: dict[str, list[str]]) -> list[tuple[str, str]]:
    """All requests at once on one thread; the order in which their tokens reach the clients."""
    engine, wire = Engine(answers), list[tuple[str, str]]()

    async def client(name: str) -> None:
        async for token in engine.stream(name):
            wire.append((name, token))

    await asyncio.gather(*(client(name) for name in answers), engine.run())
    return wire


# --8<-- [end:loop]

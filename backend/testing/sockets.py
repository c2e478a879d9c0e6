"""A browser's side of a socket, spoken to the ASGI application itself. (Channels' own needs Daphne, which we do not.)"""

from typing import Any

from asgiref.testing import ApplicationCommunicator


class Socket:
    def __init__(
        self, application: Any, path: str, headers: list[Any], protocols: list[str]
    ) -> None:
        path, _, query = path.partition("?")
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": protocols,
        }
        self.wire = ApplicationCommunicator(application, scope)

    async def connect(self) -> tuple[bool, Any]:
        await self.wire.send_input({"type": "websocket.connect"})
        answer = await self.wire.receive_output(15)
        if answer["type"] == "websocket.close":
            return False, answer["code"]
        return True, answer["subprotocol"]

    async def send(self, text: str) -> None:
        await self.wire.send_input({"type": "websocket.receive", "text": text})

    async def hear(self, seconds: float = 15) -> str:
        answer = await self.wire.receive_output(seconds)
        assert answer["type"] == "websocket.send", answer
        return str(answer["text"])

    async def closed(self, seconds: float = 15) -> int:
        answer = await self.wire.receive_output(seconds)
        assert answer["type"] == "websocket.close", answer
        return int(answer["code"])

    async def is_quiet(self, seconds: float = 0.2) -> bool:
        return bool(await self.wire.receive_nothing(seconds))

    async def leave(self) -> None:
        await self.wire.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wire.wait(2)

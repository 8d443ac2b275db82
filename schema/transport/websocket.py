"""What differs from Strawberry's WebSocket adapter: graphql-transport-ws frames are text."""

from collections.abc import Mapping

from starlette.websockets import WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected


class TextAdapter(ASGIWebSocketAdapter):
    """Sends what the view encodes as text frames; a socket that is gone ends its handler quietly."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Raises WebSocketDisconnected."""
        encoded = self.view.encode_json(message)
        try:
            await self.ws.send_text(encoded if isinstance(encoded, str) else encoded.decode())
        except (WebSocketDisconnect, RuntimeError) as error:
            raise WebSocketDisconnected from error

"""What the tests' servers and proxies have in common: a port, a thread for each connection, an end to all of it."""

from __future__ import annotations

import contextlib
import socket
import threading
from abc import ABC, abstractmethod


class Listener(ABC):
    """Listens on a port of its own from the start, until it is closed."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.ends: list[socket.socket] = []
        """What `close` ends: every connection whose thread may wait for it."""
        self._socket = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = self._socket.getsockname()[1]
        self.address = f"{f'[{host}]' if ':' in host else host}:{self.port}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Stops listening and ends all connections."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self._threads.append(thread)
            thread.start()

    @abstractmethod
    def _serve(self, peer: socket.socket) -> None:
        """One connection, from its first byte to its close."""

"""The little HTTP/1.1 that an API server speaks: a request as bytes, and the reader of one answer.

http.client does this too, but brings the mail package along: 28 ms, a third of a whole run. Where an answer is anything
but well-formed it is refused, never guessed at. Pure: the bytes come from a callable. Source: RFC 9110, RFC 9112.
"""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_HEAD = 1 << 20  # bytes of status line and headers; API servers send less than 2 KiB
MAX_INTERIM = 5  # answers of 1xx before the one that counts, as net/http
MAX_LINE = 1 << 16  # bytes of one line of a chunked body
_TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_MOST_DIGITS = 16  # of a length; Python refuses to read thousands
_ANY_SIZE = 1 << 64
_ENDLESS = "malformed HTTP response: endless header"
_HEX = frozenset(b"0123456789abcdefABCDEF")


class Request(Value):
    """What is sent. `target` is the escaped path with its query, as the request line has it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None = None
    in_lines: bool = False  # whether the body of a 200 is left to be read line by line

    def __repr__(self) -> str:
        """Without headers and body, which hold secrets."""
        return f"Request({self.method} {self.target})"


class Response(Value):
    """A complete answer. `headers` in the order sent, with repetitions."""

    status: int
    phrase: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def __repr__(self) -> str:
        """Only the status: anything else may repeat what we sent."""
        return f"Response({self.status})"

    def header(self, name: str) -> str:
        """The first header of that name (in any case), or empty."""
        return next(iter(self.all_headers(name)), "")

    def all_headers(self, name: str) -> list[str]:
        """Every header of that name (in any case)."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]


class DroppedError(Exception):
    """The server closed the connection before it had answered in full."""


class TruncatedError(DroppedError):
    """The server closed the connection within the body of its answer."""


class MalformedError(Exception):
    """What came is no HTTP/1 answer; the message says what is wrong with it."""


class MalformedBodyError(MalformedError):
    """The head of the answer is in order, its body is not."""


class TooLargeError(Exception):
    """The body is larger than allowed."""


def encode(request: Request) -> bytes:
    """The request as it goes over the wire. Header values must be free of line breaks."""
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    if request.body is not None:
        lines.append(f"Content-Length: {len(request.body)}")
    head = "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape")
    return head + (request.body or b"")


def basic_credentials(username: str, password: str) -> str:
    """The value of an (Proxy-)Authorization header (RFC 7617)."""
    from binascii import b2a_base64  # passwords are rare

    return f"Basic {b2a_base64(f'{username}:{password}'.encode('utf-8', 'surrogateescape'), newline=False).decode()}"


class AnswerReader:
    """Reads answers off one connection."""

    def __init__(self, receive: Callable[[int], bytes], max_body: int) -> None:
        """`receive(n)` gives up to n bytes, and none at the end; a body may have `max_body` bytes."""
        self._receive = receive
        self._max_body = max_body
        self._buffer = bytearray()
        self.must_close = False
        """Whether the connection cannot carry another request after the answer that was read last."""

    def read(self) -> Response:
        """The next answer; interim ones (1xx) are passed over.

        Raises DroppedError, MalformedError or TooLargeError; the connection is of no more use then.
        """
        return self.read_body(self.begin())

    def begin(self) -> Response:
        """The head of the next answer that counts; its body is the next to be read. Raises as `read` does."""
        response = self.read_head()
        for _ in range(MAX_INTERIM):
            if not 100 <= response.status < 200 or response.status == 101:
                return response
            response = self.read_head()
        raise MalformedError("net/http: too many 1xx informational responses")

    def read_body(self, begun: Response) -> Response:
        """The whole of an answer that was begun. Raises as `read` does."""
        body = bytearray()
        try:
            for part in self.parts(begun, self._max_body):
                body += part
        except DroppedError:
            raise TruncatedError from None
        return begun.but(body=bytes(body)) if body else begun

    def parts(self, begun: Response, limit: int = _ANY_SIZE) -> Iterator[bytes]:
        """The body of an answer that was begun, as it comes in, at most `limit` bytes. Raises as `read` does."""
        if begun.status in (101, 204, 304):
            return
        codings = ",".join(begun.all_headers("Transfer-Encoding")).strip().lower()
        lengths = {length.strip() for value in begun.all_headers("Content-Length") for length in value.split(",")}
        if codings == "chunked":
            yield from self._chunks(limit)
        elif codings:
            raise MalformedError(f"unsupported transfer encoding: {codings!r}")
        elif not lengths:
            self.must_close = True
            yield from self._until_end(limit)
        else:
            length = lengths.pop()
            if lengths or not (length.isascii() and length.isdigit() and len(length) <= _MOST_DIGITS):
                raise MalformedError("bad Content-Length")
            yield from self._pieces(_within(int(length), limit))

    def receive_by(self, receive: Callable[[int], bytes]) -> None:
        """Has what follows come from there."""
        self._receive = receive

    @property
    def has_more(self) -> bool:
        """Whether more has come than what was read."""
        return bool(self._buffer)

    def read_head(self) -> Response:
        """The head of the next answer: after CONNECT what follows is no body. Raises as `read` does."""
        version, status, phrase = _status_line(self._line(MAX_HEAD))
        headers: list[tuple[str, str]] = []
        size = 0
        while line := self._line(MAX_HEAD):
            size += len(line)
            if size > MAX_HEAD:
                raise MalformedError(_ENDLESS)
            if line[0] in b" \t" and headers:  # a value that goes on (obs-fold); Go takes it too
                name, value = headers.pop()
                headers.append((name, f"{value} {line.strip().decode('utf-8', 'replace')}"))
                continue
            headers.append(_header(line))
        said = {
            word.strip().lower() for name, value in headers if name.lower() == "connection" for word in value.split(",")
        }
        self.must_close = "close" in said or (version == b"HTTP/1.0" and "keep-alive" not in said)
        return Response(status=status, phrase=phrase, headers=tuple(headers), body=b"")

    def _chunks(self, limit: int) -> Iterator[bytes]:
        while size := _within(_chunk_size(self._line(MAX_LINE)), limit):
            limit -= size
            yield from self._pieces(size)
            if self._line(MAX_LINE):
                raise MalformedBodyError("malformed chunked encoding")
        size = 0
        while line := self._line(MAX_LINE):  # trailers say nothing that we ask for
            size += len(line)
            if size > MAX_HEAD:
                raise MalformedBodyError(_ENDLESS)

    # --- bytes

    def _line(self, limit: int) -> bytes:
        """The next line without its end, CRLF or LF alone."""
        start = 0
        while (end := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            if start > limit:
                raise MalformedError(_ENDLESS)
            self._more()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    def _pieces(self, count: int) -> Iterator[bytes]:
        while count:
            if not self._buffer:
                self._more()
            piece = bytes(self._buffer[:count])
            del self._buffer[:count]
            count -= len(piece)
            yield piece

    def _until_end(self, limit: int) -> Iterator[bytes]:
        part = bytes(self._buffer)
        self._buffer.clear()
        while part := part or self._receive(1 << 16):
            limit -= _within(len(part), limit)
            yield part
            part = b""

    def _more(self) -> None:
        part = self._receive(1 << 16)
        if not part:
            raise DroppedError
        self._buffer += part


def _status_line(line: bytes) -> tuple[bytes, int, str]:
    version, _, rest = line.partition(b" ")
    code, _, phrase = rest.partition(b" ")
    if version not in (b"HTTP/1.1", b"HTTP/1.0") or len(code) != 3 or not code.isdigit() or code < b"100":
        raise MalformedError("malformed HTTP status line")
    return version, int(code), phrase.decode("utf-8", "replace")


def _header(line: bytes) -> tuple[str, str]:
    name, colon, value = line.partition(b":")
    if not colon or not name or not _TOKEN.issuperset(name):
        raise MalformedError("malformed HTTP header")
    return name.decode("ascii"), value.strip(b" \t").decode("utf-8", "replace")


def _chunk_size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip(b" \t")
    if not digits:
        raise MalformedBodyError("empty hex number for chunk length")
    if not _HEX.issuperset(digits):
        raise MalformedBodyError("invalid byte in chunk length")
    if len(digits) > _MOST_DIGITS:
        raise MalformedBodyError("http chunk length too large")
    return int(digits, 16)


def _within(size: int, limit: int) -> int:
    if size > limit:
        raise TooLargeError
    return size

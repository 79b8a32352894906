"""The little HTTP/1.1 that an API server speaks: a request as bytes, and the reader of one answer.

http.client does this too, but brings the mail package along: 28 ms, a third of a whole run. Where an answer is anything
but well-formed it is refused, never guessed at. Pure: the bytes come from a callable. Source: RFC 9110, RFC 9112.
"""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MAX_HEAD = 1 << 20  # bytes of status line and headers; API servers send less than 2 KiB
MAX_INTERIM = 5  # answers of 1xx before the one that counts, as net/http
MAX_LINE = 1 << 16  # bytes of one line of a chunked body
_TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_MOST_DIGITS = 16  # of a length; Python refuses to read thousands
_ENDLESS = "malformed HTTP response: endless header"
_HEX = frozenset(b"0123456789abcdefABCDEF")


class Request(Value):
    """What is sent. `target` is the escaped path with its query, as the request line has it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None = None

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
        status, phrase, headers = self._head()
        for _ in range(MAX_INTERIM):
            if not 100 <= status < 200 or status == 101:
                break
            status, phrase, headers = self._head()
        else:
            raise MalformedError("net/http: too many 1xx informational responses")
        response = Response(status=status, phrase=phrase, headers=headers, body=b"")
        try:
            body = self._body(response)
        except DroppedError:
            raise TruncatedError from None
        return Response(status=status, phrase=phrase, headers=headers, body=body) if body else response

    def read_head(self) -> Response:
        """The head of the next answer: after CONNECT what follows is no body. Raises as `read` does."""
        status, phrase, headers = self._head()
        return Response(status=status, phrase=phrase, headers=headers, body=b"")

    def _head(self) -> tuple[int, str, tuple[tuple[str, str], ...]]:
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
        return status, phrase, tuple(headers)

    def _body(self, response: Response) -> bytes:
        if response.status in (101, 204, 304):
            return b""
        codings = ",".join(response.all_headers("Transfer-Encoding")).strip().lower()
        if codings == "chunked":
            return self._chunks()
        if codings:
            raise MalformedError(f"unsupported transfer encoding: {codings!r}")
        lengths = {length.strip() for value in response.all_headers("Content-Length") for length in value.split(",")}
        if not lengths:
            self.must_close = True
            return self._until_end()
        length = lengths.pop()
        if lengths or not (length.isascii() and length.isdigit() and len(length) <= _MOST_DIGITS):
            raise MalformedError("bad Content-Length")
        return self._exactly(_within(int(length), self._max_body))

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            size = _chunk_size(self._line(MAX_LINE))
            if not size:
                break
            body += self._exactly(_within(size, self._max_body - len(body)))
            if self._line(MAX_LINE):
                raise MalformedBodyError("malformed chunked encoding")
        size = 0
        while line := self._line(MAX_LINE):  # trailers say nothing that we ask for
            size += len(line)
            if size > MAX_HEAD:
                raise MalformedBodyError(_ENDLESS)
        return bytes(body)

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

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._more()
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _until_end(self) -> bytes:
        while part := self._receive(1 << 16):
            self._buffer += part
            _within(len(self._buffer), self._max_body)
        return self._exactly(len(self._buffer))

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

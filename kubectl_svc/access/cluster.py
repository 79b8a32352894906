"""The Kubernetes API over a transport: objects in, objects out, refusals as errors, warnings aside."""

from __future__ import annotations

from kubectl_svc import json_bodies
from kubectl_svc.access.connection import escape_path, escape_query
from kubectl_svc.access.http.transport import retry_after
from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.http.http1 import Response
    from kubectl_svc.access.http.transport import Transport
    from kubectl_svc.workloads.model import Resource

_JSON = "application/json"
PAGE = 500  # objects that a list is asked for at once, as kubectl's --chunk-size
_MAX_TEXT = 2048  # characters of an answer that a message may quote


class Cluster:
    """One API server. Paths are given as their segments, unescaped.

    Every method raises StatusError for the server's refusal and UnreachableError for no answer, or one that is not
    Kubernetes'.
    """

    def __init__(
        self,
        transport: Transport,
        warn: Callable[[str], None],
        seconds: float | None = None,
        ends: float | None = None,
    ) -> None:
        """`warn(text)` gets the server's warnings, however often they are repeated.

        A request may take as many `seconds`, and none goes on when it is `ends` (of time.monotonic), where that is less
        than the connection's time limit.
        """
        self._transport = transport
        self._warn = warn
        self._seconds = seconds
        self._ends = ends

    def heard_by(self, warn: Callable[[str], None]) -> Cluster:
        """The same server over the same connection, whose warnings go to `warn(text)`."""
        return Cluster(self._transport, warn, self._seconds, self._ends)

    def quietly(self) -> Cluster:
        """The same server, whose warnings are nobody's: for requests of which nothing is meant to come."""
        return self.heard_by(lambda _: None)

    def within(self, seconds: float | None) -> Cluster:
        """The same server, which is given so many seconds for each request, at most its time limit."""
        return Cluster(self._transport, self._warn, seconds, self._ends)

    def until(self, ends: float) -> Cluster:
        """The same server, of which nothing is expected any more when it is `ends` (of time.monotonic)."""
        return Cluster(self._transport, self._warn, self._seconds, ends)

    @property
    def time_limit(self) -> float | None:
        """Seconds that one request may take; None for no end."""
        return self._transport.time_limit

    def wait(self, seconds: float) -> None:
        """Leaves the server alone for so long."""
        self._transport.wait(seconds)

    def get(
        self, path: Sequence[str], query: Mapping[str, str] | None = None, *, accept: str = _JSON
    ) -> dict[str, Any]:
        """The JSON object at `path`; `query` holds labelSelector, limit and the like."""
        return self._ask("GET", path, query=query, headers=(("Accept", accept),))[0]

    def get_object(self, resource: Resource, namespace: str, name: str) -> dict[str, Any]:
        """One object. When it is not there, a missing namespace is named instead, unless it is `default`.

        Source: cli-runtime resource/visitor.go `Info.Get`.
        """
        try:
            return self.get(resource.path(namespace, name))
        except StatusError as error:
            if _is_not_found(error) and resource.namespaced and namespace not in ("", "default"):
                self._confirm_namespace(namespace)
            raise

    def pages(self, path: Sequence[str], query: Mapping[str, str], *, accept: str = _JSON) -> Iterator[dict[str, Any]]:
        """The list at `path`, in pages of at most `PAGE` objects, each as the server answers it.

        A list that takes so long that the server forgets its beginning ends with what the server has by then.
        Source: client-go tools/pager; https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks.
        """
        token = ""
        while True:
            try:
                following = {"continue": token} if token else {}
                page = self.get(path, {**query, "limit": str(PAGE), **following}, accept=accept)
            except StatusError as error:
                if not error.continues_at or error.continues_at == token:
                    raise
                token = error.continues_at
                continue
            yield page
            metadata = page.get("metadata")
            next_token = str(metadata.get("continue") or "") if isinstance(metadata, dict) else ""
            if not next_token:
                return
            if next_token == token:
                raise SvcError(f"the server's list of {path[-1]} does not end: it begins its page again and again")
            token = next_token

    def watch(
        self, path: Sequence[str], query: Mapping[str, str], seconds: float, patience: float
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """What happens to the objects of the list at `path` from `query`'s resourceVersion on: types and objects.

        The types are ADDED, MODIFIED, DELETED and BOOKMARK. The server is asked to end it after so many `seconds`, and
        given up after `patience` seconds, which is an UnreachableError. Everything that is refused at once is raised at
        once, the rest by the iterator: also StatusError for an ERROR event. Any other request ends the watch.
        Source: apimachinery meta/v1 `WatchEvent`.
        """
        from kubectl_svc.access.watch_events import read_event, watch_query  # only who waits needs it

        target = _target(path, {**query, **watch_query(seconds)})
        response, lines = self._transport.stream(target, (("Accept", _JSON),), patience)
        self._hear(response)
        if response.status != 200:
            self._refuse("GET", path, response, _json_object(response))
            raise UnreachableError(self._transport.server, _no_object("GET", target, response, "Kubernetes"))
        server, kind = self._transport.server, _media_type(response)
        return (read_event(line, f"the answer to GET {target}", kind, server) for line in lines)

    def look_up(self, path: Sequence[str]) -> tuple[dict[str, Any] | None, str]:
        """The object at `path`, or None where there is none; and when the server says it answered (RFC 9110 `Date`)."""
        try:
            answer, response = self._ask("GET", path, headers=(("Accept", _JSON),))
        except StatusError as error:
            if _is_not_found(error):
                return None, ""
            raise
        return answer, response.header("Date")

    def create(
        self, path: Sequence[str], manifest: Mapping[str, Any], query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The object as the server has stored it; `query` holds fieldManager, dryRun and the like."""
        headers = (("Accept", _JSON), ("Content-Type", _JSON))
        return self._ask("POST", path, query=query, body=_body(manifest), headers=headers)[0]

    def apply(self, path: Sequence[str], config: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
        """The object as the server has made it of what is there and what is applied; `query` holds force and the like.

        Source: apimachinery types/patch.go `ApplyYAMLPatchType`; JSON is YAML too.
        """
        headers = (("Accept", _JSON), ("Content-Type", "application/apply-patch+yaml"))
        return self._ask("PATCH", path, query=query, body=_body(config), headers=headers)[0]

    def set_parts(self, path: Sequence[str], parts: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
        """The object with the values of `parts`, which are named by JSON pointers, instead of those that it has.

        Source: apimachinery types/patch.go `JSONPatchType`.
        """
        patch = [{"op": "add", "path": pointer, "value": value} for pointer, value in parts.items()]
        headers = (("Accept", _JSON), ("Content-Type", "application/json-patch+json"))
        return self._ask("PATCH", path, query=query, body=_body(patch), headers=headers)[0]

    def _confirm_namespace(self, namespace: str) -> None:
        """Raises StatusError if there is no such namespace; any other trouble is kept for the question at hand."""
        try:
            self.get(("api", "v1", "namespaces", namespace))
        except StatusError as error:
            if _is_not_found(error):
                raise
        except UnreachableError:
            return

    def _time_left(self) -> float | None:
        """Seconds that a request may take. Raises UnreachableError where none is left."""
        if self._ends is None:
            return self._seconds
        from time import monotonic  # hardly any command has a last moment

        left = self._ends - monotonic()
        if left <= 0:
            raise UnreachableError(self._transport.server, "no answer in time")
        return left if self._seconds is None else min(left, self._seconds)

    def _ask(
        self,
        method: str,
        path: Sequence[str],
        *,
        headers: Sequence[tuple[str, str]],
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[dict[str, Any], Response]:
        """The object that the server answers with, and the answer itself."""
        target = _target(path, query or {})
        response = self._transport.request(method, target, body, headers, self._time_left())
        self._hear(response)
        answer = _json_object(response)
        self._refuse(method, path, response, answer)
        if answer is None or not (answer.get("kind") or _is_discovery(path)):
            what = "JSON" if answer is None else "Kubernetes"
            if answer is not None and method == "GET":  # apimachinery runtime/error.go `NewMissingKindErrWithBody`
                raise SvcError(f"Object 'Kind' is missing in '{response.body[:_MAX_TEXT].decode('utf-8', 'replace')}'")
            reason = _no_object(method, target, response, what)
            raise UnreachableError(self._transport.server, reason, in_doubt=method != "GET")
        if answer.get("kind") == "Status" and answer.get("status") != "Success":
            raise StatusError(answer)
        return answer, response

    def _hear(self, response: Response) -> None:
        for header in response.all_headers("Warning"):
            from kubectl_svc.access.warning_header import texts  # most answers warn of nothing

            for text in texts(header):
                self._warn(text)

    def _refuse(self, method: str, path: Sequence[str], response: Response, answer: dict[str, Any] | None) -> None:
        """Raises StatusError for a status that is none of success."""
        if not 200 <= response.status <= 206:
            from kubectl_svc.access.bare_refusals import status_of_bare  # hardly anything is refused

            said = None if _is_discovery(path) else _failure(answer)
            status = said or status_of_bare(method, path, response)
            raise StatusError({**status, "code": status.get("code") or response.status}, retry_after(response))


def _body(document: Any) -> bytes:
    """The document in JSON; what is no text becomes U+FFFD, as in Go."""
    text = json_bodies.dumps(document)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode()


def _target(path: Sequence[str], query: Mapping[str, str]) -> str:
    """Path and query, escaped. Raises SvcError for a segment that would lead elsewhere (rest/request.go `Name`)."""
    for before, segment in zip(("", *path), path, strict=False):
        problems = [f"may not be '{segment}'"] if segment in (".", "..") else []
        problems += [f"may not contain '{char}'" for char in "/%" if char in segment]
        if problems:
            what = "namespace" if before == "namespaces" else "resource name"
            raise SvcError(f"invalid {what} {quote(segment)}: [{' '.join(problems)}]")
    pairs = [f"{escape_query(name)}={escape_query(value)}" for name, value in sorted(query.items())]
    return "".join(f"/{escape_path(segment)}" for segment in path) + ("?" + "&".join(pairs) if pairs else "")


def _json_object(response: Response) -> dict[str, Any] | None:
    try:
        answer = json_bodies.loads(response.body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _is_discovery(path: Sequence[str]) -> bool:
    """Whether the path is above all resources: there client-go words a refusal by its status code alone."""
    return len(path) <= (3 if path[0] == "apis" else 2)


def _failure(answer: dict[str, Any] | None) -> dict[str, Any] | None:
    if answer and answer.get("kind") == "Status" and answer.get("status") == "Failure":
        return answer
    return None


def _is_not_found(error: StatusError) -> bool:
    return error.reason == "NotFound" or (not error.reason and error.code == 404)


def _no_object(method: str, target: str, response: Response, what: str) -> str:
    return f"the answer to {method} {target} is no {what} object ({_media_type(response)}, {len(response.body)} bytes)"


def _media_type(response: Response) -> str:
    return response.header("Content-Type").partition(";")[0] or "no content type"

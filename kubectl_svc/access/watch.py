"""One list of objects, kept up to date: listed, then watched from there, over dropped connections and lost histories.

Source: client-go tools/cache/reflector.go, tools/watch/retrywatcher.go;
https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes.
"""

from __future__ import annotations

from time import monotonic

from kubectl_svc.errors import StatusError, UnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.cluster import Cluster

    Objects = Mapping[tuple[str, str], Mapping[str, Any]]

GO_SECONDS = 30.0  # of one watch; then the next goes on from there
GRACE_SECONDS = 5.0  # after them, before a connection without a word is given up
POLL_SECONDS = 1.0
_WAITS = (0, 0.1, 0.2, 0.4, 0.8, 1)  # seconds before one attempt after the other
_SHORT_SECONDS = 1.0  # what does not hold so long is no success (reflector.go `handleAnyWatch`)
_SLACK_SECONDS = 0.01  # so near to the deadline it is over
_STALE = "Too large resource version"  # of a server that was restored from a backup (apierrors `HasStatusCause`)


def watched(
    cluster: Cluster,
    path: Sequence[str],
    query: Mapping[str, str],
    deadline: float,
    sleep: Callable[[float], None],
) -> Iterator[Objects]:
    """The objects of the list at `path` by namespace and name: at first, and anew after each change.

    It ends at the `deadline` (of time.monotonic). `sleep(seconds)` is called before each attempt to go on, with 0 too;
    what it raises ends all. A connection that is silent for `GO_SECONDS` and `GRACE_SECONDS` is given up. Where
    watching is forbidden, the list is asked for every second instead. The cluster's connection is for nothing else in
    the meantime.
    Raises StatusError for the server's refusal, SvcError as `Cluster.get` does, and what the last failure was when
    nothing was had between it and the deadline: a server that does not answer is asked until then.
    """
    return _Watch(cluster, path, query, deadline, sleep).states()


class _Watch:
    """The state of one `watched`."""

    def __init__(
        self,
        cluster: Cluster,
        path: Sequence[str],
        query: Mapping[str, str],
        deadline: float,
        sleep: Callable[[float], None],
    ) -> None:
        self._cluster = cluster
        self._path = path
        self._query = query
        self._deadline = deadline
        self._sleep = sleep
        self._objects: Objects | None = None
        self._version = ""  # where to watch from; empty when the list is to be asked for
        self._attempts = 0  # in a row that did not hold
        self._failure: StatusError | UnreachableError | None = None  # the last one, until the server is there again
        self._polls = False

    def states(self) -> Iterator[Objects]:
        """The objects after each change."""
        while self._left() > _SLACK_SECONDS:
            began = monotonic()
            try:
                if not self._version or self._polls:
                    yield from self._listed()
                if not self._polls:
                    began = monotonic()
                    yield from self._changes()
            except UnreachableError as error:
                self._note(error)
            except StatusError as error:
                self._judge(error)
            self._attempts = self._attempts + 1 if monotonic() - began < _SHORT_SECONDS else 1
            self._pause(POLL_SECONDS if self._polls else _WAITS[min(self._attempts, len(_WAITS)) - 1])
        if self._failure is not None:
            raise self._failure

    def _left(self) -> float:
        return self._deadline - monotonic()

    def _pause(self, seconds: float) -> None:
        self._sleep(max(0, min(seconds, self._left())))

    def _note(self, error: StatusError | UnreachableError) -> None:
        if self._objects is None or self._left() > _SLACK_SECONDS:  # else it is our own end
            self._failure = error

    def _judge(self, error: StatusError) -> None:
        """What a refusal means for the next attempt; raises it where there is none."""
        in_watch = bool(self._version) and not self._polls
        if error.code == 410 or error.reason in ("Expired", "Gone") or _STALE in error.message:
            if not in_watch:
                self._note(error)
            self._version = ""
        elif in_watch and error.code in (403, 405):
            self._polls = True
        elif not isinstance(error.code, int) or error.code == 429 or error.code >= 500:
            self._note(error)
        else:
            raise error

    def _listed(self) -> Iterator[Objects]:
        objects: dict[tuple[str, str], Mapping[str, Any]] = {}
        version = ""
        cluster = self._cluster.within(min(self._left(), GO_SECONDS + GRACE_SECONDS))
        for number, page in enumerate(cluster.pages(self._path, self._query)):
            if not number:  # nothing has happened since to what is on any page that watching from there would not tell
                version = _version(page)
            items = page.get("items")
            for item in items if isinstance(items, list) else ():
                if isinstance(item, dict):
                    objects[_key(item)] = _typed(item, page)
        self._failure = None
        self._version = version or "0"
        if objects != self._objects:
            self._objects = objects
            yield objects

    def _changes(self) -> Iterator[Objects]:
        """What the server tells, until it ends."""
        left = self._left()
        limit = self._cluster.time_limit
        seconds = min(left, GO_SECONDS) if limit is None else min(left, GO_SECONDS, limit)
        query = {**self._query, "resourceVersion": self._version}
        events = self._cluster.watch(self._path, query, seconds, min(left, seconds + GRACE_SECONDS))
        self._failure = None
        for said, found in events:
            self._version = _version(found) or self._version
            if said in ("ADDED", "MODIFIED", "DELETED"):
                objects = dict(self._objects or {})
                objects.pop(_key(found), None)
                if said != "DELETED":
                    objects[_key(found)] = found
                self._objects = objects
                yield objects


def _key(found: Mapping[str, Any]) -> tuple[str, str]:
    metadata = _metadata(found)
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")


def _version(found: Mapping[str, Any]) -> str:
    return str(_metadata(found).get("resourceVersion") or "")


def _metadata(found: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = found.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _typed(item: dict[str, Any], page: Mapping[str, Any]) -> Mapping[str, Any]:
    """The item with its type, as it is in a watch (apimachinery unstructured/helpers.go `decodeToList`)."""
    kind = str(page.get("kind") or "")
    if item.get("kind") or not kind.endswith("List"):
        return item
    return {"kind": kind.removesuffix("List"), "apiVersion": page.get("apiVersion"), **item}

"""Which resource a TYPE word means when no built-in kind does: kubectl's discovery cache, else the server.

Source: client-go discovery/cached/disk, discovery/aggregated_discovery.go, cli-runtime `computeDiscoverCacheDir`.
"""

from __future__ import annotations

from _thread import allocate_lock  # importing `threading` costs more than it gives here

from kubectl_svc import json_bodies
from kubectl_svc.access.connection import address
from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.golang import quote
from kubectl_svc.workloads.kinds import find_resource
from kubectl_svc.workloads.model import Resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.cluster import Cluster

_CACHE_SECONDS = 6 * 3600  # as long as kubectl itself trusts its cache
_AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


class Known:
    """What discovery has learned of one cluster, for all connections: each source is read once at most."""

    def __init__(self, cache_dir: str, server: str) -> None:
        """Where kubectl keeps its caches, and the server's URL."""
        self.url = address(server).url
        self.folder = f"{cache_dir}/discovery/{_folder_name(server)}"
        self._read: list[tuple[Resource, ...]] = []
        self._failure: StatusError | UnreachableError | None = None
        self._lock = allocate_lock()
        self._answers = False

    def sources(self, cluster: Cluster) -> Iterator[tuple[Resource, ...]]:
        """kubectl's cache, then the server.

        Raises what the server failed with, once it was asked: every document of a file may ask, and a dead server
        takes its time.
        """
        for number in range(2):
            with self._lock:
                if number == len(self._read):
                    self._read.append(self._ask(cluster) if number else tuple(_cached_resources(self.folder)))
            yield self._read[number]

    def mentions(self, group: str, kind: str) -> bool:
        """Whether kubectl's cache speaks of the kind; to know that, nobody needs to understand all that is in it."""
        import os

        folder = f"{self.folder}/{group}"
        try:
            for version in os.listdir(folder):
                with open(f"{folder}/{version}/serverresources.json", "rb") as file:
                    if f'"kind":"{kind}"'.encode() in file.read():
                        return True
        except OSError:
            pass
        return False

    def failure(
        self, cluster: Cluster, met: StatusError | UnreachableError | None
    ) -> StatusError | UnreachableError | None:
        """What keeps a client without a cache from learning anything; None once nothing does.

        A server that was `met` unreachable is not asked again. One that may have done what it was asked is not either:
        that there is a doubt must not be hidden behind what a client would have met that had asked for less.
        """
        if isinstance(met, UnreachableError) and met.in_doubt:
            return None
        if not self._answers and not _read_fresh(f"{self.folder}/servergroups.json"):
            if isinstance(met, UnreachableError):
                return met
            try:
                cluster.get(("api",))
            except (StatusError, UnreachableError) as failure:
                return failure
        self._answers = True
        return None

    def _ask(self, cluster: Cluster) -> tuple[Resource, ...]:
        if self._failure:
            raise self._failure
        try:
            return tuple(_all_resources(cluster))
        except (StatusError, UnreachableError) as error:
            self._failure = error
            raise


class Discovery:
    """The resources of one cluster, as far as they are known, else by asking it over one connection."""

    def __init__(self, cluster: Cluster, known: Known) -> None:
        self._cluster = cluster
        self._known = known

    def find(self, word: str) -> Resource | None:
        """The resource that `word` names, or None if the server has none.

        Raises UnreachableError or StatusError when neither cache nor server can tell.
        """
        return next((found for known in self._sources() if (found := find_resource(word, known))), None)

    def of_kind(self, api_version: str, kind: str) -> Resource | None:
        """The resource of objects with that apiVersion and kind, or None. Raises what `find` raises."""
        for known in self._sources():
            for resource in known:
                if resource.kind == kind and resource.api_version == api_version:
                    return resource
        return None

    def served(self) -> tuple[Resource, ...]:
        """Every resource that the server has now, whatever kubectl remembers. Raises what `find` raises."""
        *_, served = self._sources()
        return served

    def members(self, category: str) -> tuple[Resource, ...]:
        """The resources that a category such as `all` stands for, each in its group's preferred version.

        None where no resource says that it is of that category, which counts before a resource of that name.
        Raises what `find` raises. Source: client-go restmapper/category_expansion.go, cli-runtime `ReplaceAliases`.
        """
        for known in self._sources():
            members: dict[tuple[str, str], Resource] = {}
            for resource in known:
                if category in resource.categories:
                    members.setdefault((resource.group, resource.plural), resource)
            if members or find_resource(category, known):
                return tuple(members.values())
        return ()

    def failure_before(self, error: StatusError | UnreachableError | None) -> StatusError | UnreachableError | None:
        """What kubectl would have met before `error`, or before anything: a failure of discovery, which it asks first.

        None while its cache answers, or when discovery works. We ask only now, because asking first would cost two
        requests where nothing fails.
        """
        return self._known.failure(self._cluster, error)

    def unrecognized(self, source: str, failure: StatusError | UnreachableError, hints: Sequence[str] = ()) -> SvcError:
        """What kubectl says of a document of the file `source` when discovery fails (resource/mapper.go)."""
        reason = f'Get "{self._known.url}/api?timeout=32s": ' if isinstance(failure, UnreachableError) else ""
        return SvcError(f"unable to recognize {quote(source)}: {reason}{failure}", hints)

    def _sources(self) -> Iterator[tuple[Resource, ...]]:
        return self._known.sources(self._cluster)


def _folder_name(server: str) -> str:
    """kubectl's name for the cache of a server: its host and path, unusual characters replaced."""
    host = server.replace("https://", "", 1).replace("http://", "", 1)
    return "".join(char if char.isascii() and (char.isalnum() or char in "(_/.)") else "_" for char in host)


def _cached_resources(folder: str) -> Iterator[Resource]:
    groups = _read_fresh(f"{folder}/servergroups.json") or {}
    for group_version in _group_versions(groups.get("groups") or ()):
        listed = _read_fresh(f"{folder}/{group_version}/serverresources.json") or {}
        yield from _resources(group_version, listed.get("resources") or ())


def _read_fresh(path: str) -> dict[str, Any] | None:
    """A file of kubectl's cache; None if it is missing, too old or not whole: the server knows better."""
    import os
    import time

    try:
        with open(path, "rb") as file:
            if time.time() - os.fstat(file.fileno()).st_mtime > _CACHE_SECONDS:
                return None
            content = json_bodies.loads(file.read())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _group_versions(groups: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Every version of every group in the server's order, each group's preferred version first."""
    for group in groups:
        preferred = (group.get("preferredVersion") or {}).get("groupVersion")
        versions = [version.get("groupVersion", "") for version in group.get("versions") or ()]
        yield from sorted(versions, key=lambda version: version != preferred)


def _resources(group_version: str, listed: Sequence[Mapping[str, Any]]) -> Iterator[Resource]:
    """The resources of an APIResourceList, without subresources."""
    group, _, version = group_version.rpartition("/")
    names = {entry.get("name", "") for entry in listed}
    for entry in listed:
        if "/" not in entry.get("name", ""):
            yield Resource(
                group=entry.get("group") or group,
                version=entry.get("version") or version,
                kind=entry.get("kind", ""),
                plural=entry.get("name", ""),
                singular=entry.get("singularName") or entry.get("kind", "").lower(),
                short_names=tuple(entry.get("shortNames") or ()),
                categories=tuple(entry.get("categories") or ()),
                namespaced=bool(entry.get("namespaced")),
                has_scale=f"{entry.get('name', '')}/scale" in names,
            )


def _all_resources(cluster: Cluster) -> Iterator[Resource]:
    """Everything that the server serves: two aggregated answers, or one for each group version of an older server."""
    for root in ("api", "apis"):
        answer = cluster.get((root,), accept=_AGGREGATED)
        if answer.get("kind") == "APIGroupDiscoveryList":
            for group in answer.get("items") or ():
                yield from _aggregated_resources(group)
        elif root == "api":
            for version in answer.get("versions") or ():
                yield from _listed_resources(cluster, version)
        else:
            for group_version in _group_versions(answer.get("groups") or ()):
                yield from _listed_resources(cluster, group_version)


def _aggregated_resources(group: Mapping[str, Any]) -> Iterator[Resource]:
    name = (group.get("metadata") or {}).get("name", "")
    for version in group.get("versions") or ():
        for entry in version.get("resources") or ():
            kind = (entry.get("responseKind") or {}).get("kind", "")
            yield Resource(
                group=name,
                version=version.get("version", ""),
                kind=kind,
                plural=entry.get("resource", ""),
                singular=entry.get("singularResource") or kind.lower(),
                short_names=tuple(entry.get("shortNames") or ()),
                categories=tuple(entry.get("categories") or ()),
                namespaced=entry.get("scope") == "Namespaced",
                has_scale=any(one.get("subresource") == "scale" for one in entry.get("subresources") or ()),
            )


def _listed_resources(cluster: Cluster, group_version: str) -> Iterator[Resource]:
    root = "apis" if "/" in group_version else "api"
    try:
        answer = cluster.get((root, *group_version.split("/")))
    except StatusError:
        return  # one broken aggregated API must not hide the others
    yield from _resources(group_version, answer.get("resources") or ())

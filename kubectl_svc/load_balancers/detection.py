"""Which provider's load balancers a cluster has, by what is to be seen of it."""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Protocol

    from kubectl_svc.load_balancers.model import Evidence, Provider

    class Surroundings(Protocol):
        """What can be seen of a cluster; each is looked at when it is asked for."""

        def nodes(self) -> Sequence[Node]:
            """The nodes, or a part of them where there are many; none where they may not be listed."""

        def resources(self) -> frozenset[str]:
            """`PLURAL.GROUP` of every resource that the server has."""

        def has_object(self, resource: str) -> bool:
            """Whether there is any object of the resource, or nobody may say."""

        def images(self, selector: str) -> Sequence[str]:
            """The images of the Deployments with these labels, in all namespaces."""


_UUID = "uuid"


class Node(Value):
    """What a node says of where it runs."""

    provider_id: str
    labels: Mapping[str, str]


class Detected(Value):
    """What was found."""

    provider: str
    reasons: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()
    """What follows for settings that nobody typed."""


def detect(providers: Sequence[Provider], around: Surroundings) -> Detected:
    """The one provider that everything points to.

    Raises SvcError where nothing points to any, to several, or to one whose controller is not there; it names them.
    """
    candidates = {one.name: reasons for one in providers if (reasons := list(_reasons(one.evidence, around)))}
    if not candidates:
        unseen = "" if around.nodes() else ", whose nodes are not to be seen,"
        raise SvcError(
            f"--lb auto: nothing in this cluster{unseen} says whose load balancers it has: say --lb PROVIDER"
        )
    if len(candidates) > 1:
        found = " or ".join(f"{name} ({'; '.join(reasons)})" for name, reasons in candidates.items())
        raise SvcError(f"--lb auto is not sure: {found}: say --lb {' or --lb '.join(candidates)}")
    (name, reasons), *_ = candidates.items()
    evidence = next(one.evidence for one in providers if one.name == name)
    if evidence.needs and not _there(evidence.needs, around):
        raise SvcError(f"--lb auto is not sure: {name} ({'; '.join(reasons)}), but {evidence.missing}")
    settings = dict(_settings(evidence, around))
    return Detected(provider=name, reasons=tuple(reasons), settings=tuple(settings.items()))


def _reasons(evidence: Evidence, around: Surroundings) -> Iterator[str]:
    """What points to a provider."""
    nodes = around.nodes()
    for beginning in evidence.provider_ids:
        count = sum(node.provider_id.startswith(beginning) for node in nodes)
        if count and beginning != _UUID:  # many clouds have nothing but a UUID
            yield f"{count} of {len(nodes)} nodes have a providerID {beginning}..."
    for label in evidence.node_labels:
        count = sum(_has_label(node, label) for node in nodes)
        if count:
            yield f"{count} of {len(nodes)} nodes have the label {label}"
    there = [
        resource
        for resource in (*_there(evidence.resources, around), *_there(evidence.objects, around))
        if resource not in evidence.objects or around.has_object(resource)
    ]
    if there:
        yield f"the server has {there[0]}"


def _has_label(node: Node, label: str) -> bool:
    key, equals, value = label.partition("=")
    if key.endswith("*"):
        return any(name.startswith(key[:-1]) for name in node.labels)
    return node.labels.get(key) == value if equals else key in node.labels


def _there(resources: Sequence[str], around: Surroundings) -> list[str]:
    """Those of the resources, or of the groups, that the server has."""
    served = around.resources() if resources else frozenset()
    return [
        one
        for one in resources
        if one in served or (one.startswith("*.") and any(name.partition(".")[2] == one[2:] for name in served))
    ]


def _settings(evidence: Evidence, around: Surroundings) -> Iterator[tuple[str, str]]:
    for one in evidence.sets:
        beginning = one.get("provider_id", "")
        named = bool(beginning) and any(node.provider_id.startswith(beginning) for node in around.nodes())
        if named or ("resource" in one and _there((one["resource"],), around)):
            yield from one["set"].items()
    for image in evidence.images:
        versions = [version for one in around.images(image["selector"]) if (version := _version(one, image["image"]))]
        if any(version < [int(part) for part in image["below"].split(".")] for version in versions):
            yield from image["set"].items()
        elif versions:
            yield from image.get("otherwise", {}).items()


def _version(image: str, name: str) -> list[int]:
    """The version of an image of that name; nothing for another one, and for one that does not say it."""
    path, _, tag = image.partition("@")[0].rpartition(":")
    parts = tag.removeprefix("v").partition("-")[0].split(".")
    if not path.endswith(name) or not all(part.isascii() and part.isdigit() for part in parts):
        return []
    return [int(part) for part in parts]

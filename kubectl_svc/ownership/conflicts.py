"""What stands between an apply and the Service as the command says it, in words: other owners, and what never changes.

Source: apimachinery util/managedfields/internal/conflict.go; kubernetes pkg/apis/core/validation/validation.go
(`ValidateServiceUpdate`).
"""

from __future__ import annotations

import json

from kubectl_svc.errors import ConflictError
from kubectl_svc.golang import quote
from kubectl_svc.ownership.field_sets import common, difference, fields_of, path_element, paths_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kubectl_svc.errors import StatusError
    from kubectl_svc.ownership.field_managers import FieldManager
    from kubectl_svc.ownership.takeover import Takeover

    Service = Mapping[str, Any]
    Conflict = tuple[str, str]
    """A field, and the server's words for its owner."""

_HINT = (
    "--apply --force-conflicts takes these fields, and the rest of the spec of whoever made the Service; "
    "--diff --force-conflicts shows first what that would change"
)
_NAMES_CLASH = ("Required value", "Duplicate value")
_RELEASES = "to release the secondary"
_FINAL = ("may not change once set", "can not be unset", _RELEASES)
_DUAL_STACK = ("PreferDualStack", "RequireDualStack")
_DROPS = "--force-conflicts drops it"
_ALLOTTED = ("clusterIP", "clusterIPs", "ipFamilies")
_NOT_IN_PLACE = (
    "a Service does not change this in place: leave that out to keep it as it is; or delete the Service, which loses "
    "its addresses and node ports, and run this again with --apply"
)


def is_stale(error: StatusError) -> bool:
    """Whether the Service is not any more what was looked at: a conflict without fields is one of versions."""
    is_gone = (error.reason, error.kind) == ("NotFound", "services")
    return is_gone or (error.reason == "Conflict" and not error.causes)


def conflicts_with_others(
    error: StatusError, config: Service, others: Sequence[FieldManager], manager: str
) -> list[Conflict]:
    """What others own and stands in the way of the apply; nothing for other refusals.

    What the manager itself wrote other than by applying does not count. What others own and the command does not say
    stays, and a server may refuse one beside the other: ports without names, a field that no Service of that type has.
    """
    if error.reason == "Conflict":
        mine = f"conflict with {quote(manager)} using "
        return [(field, message) for field, message in error.causes if not message.startswith(mine)]
    if error.reason != "Invalid":
        return []
    names_clash = any(_is_of_port_names(field, message) for field, message in error.causes)
    ports = _ports_of_others(config, others) if names_clash else {}
    conflicts = [(f".spec.ports{path_element(port)}", one.conflict) for port, owners in ports.items() for one in owners]
    for name in find_obstacles(error, config, others):
        conflicts += [(f".spec.{name}", other.conflict) for other in others if f"f:{name}" in other.spec]
    return conflicts


def find_obstacles(error: StatusError, config: Service, others: Sequence[FieldManager]) -> list[str]:
    """The fields of the spec that a server refuses, that the command does not say, and that others own."""
    refused = (_spec_field(field) for field, _ in error.causes)
    unsaid = dict.fromkeys(name for name in refused if name and name not in config["spec"] and name not in _ALLOTTED)
    return [name for name in unsaid if any(f"f:{name}" in other.spec for other in others)]


def find_losses(live: Service, result: Service, others: Sequence[FieldManager]) -> list[Conflict]:
    """The fields of the spec that others own and that the result has not any more, as conflicts."""
    there, left = (fields_of({"spec": service["spec"]}) for service in (live, result))
    return [
        (path, other.conflict) for other in others for path in paths_of(difference(common(other.fields, there), left))
    ]


def explain(conflicts: Sequence[Conflict], config: Service, others: Sequence[FieldManager]) -> ConflictError:
    """The conflicts field by field: whose each is, and since when."""
    since = {other.conflict: other.since for other in others}
    problems = [f"{field}: {message}{since.get(message, '')}" for field, message in sorted(set(conflicts))]
    return ConflictError(config["metadata"]["name"], problems, hints=(_HINT,))


def find_hints(error: StatusError, config: Service, live: Service, others: Sequence[FieldManager]) -> list[str]:
    """What to do about a server that refuses to change what it has allotted, or judges by a type that is not said."""
    if error.reason != "Invalid":
        return []
    hints = []
    said = {*config["spec"], *(_ALLOTTED[:2] if "clusterIP" in config["spec"] else ())}
    for field, message in error.causes:
        name = _spec_field(field)
        if _RELEASES in message and "ipFamilyPolicy" not in said:
            hints.append("--ip-family-policy SingleStack gives up the second IP family")
        elif any(words in message for words in _FINAL) or (name in _ALLOTTED and name not in said):
            hints.append(_NOT_IN_PLACE)
    type_ = live["spec"].get("type")
    if type_ != "ClusterIP" and "type" not in config["spec"]:  # which the command may have taken for granted
        owners = [other for other in others if "f:type" in other.spec]
        hints += [
            f"this command does not say spec.type, which is {type_}; {owner} owns it{owner.since}" for owner in owners
        ]
    return hints


def find_leftovers(service: Service, config: Service, takeover: Takeover) -> list[str]:
    """What a Service that was applied keeps although the command does not say it."""
    name, said, spec = quote(config["metadata"]["name"]), config["spec"], service["spec"]
    told = []
    for port, owners in _ports_of_others(config, takeover.others).items():
        whose = " and ".join(f"{owner} owns{owner.since}" for owner in owners)
        keys = json.loads(port.removeprefix("k:"))
        told.append(f"Service {name} keeps port {keys.get('port')}/{keys.get('protocol')}, which {whose}; {_DROPS}")
    if spec.get("clusterIP") == "None" and "clusterIP" not in said:
        told.append(f"Service {name} stays headless: to give it a cluster IP, delete it and run this command again")
    if spec.get("externalName") and "externalName" not in said:
        told.append(
            f"Service {name} stays a name for {spec['externalName']} and reaches no pods; "
            "--type ClusterIP --force-conflicts changes that"
        )
    policy = spec.get("ipFamilyPolicy")
    if policy in _DUAL_STACK and "ipFamilyPolicy" not in said and "f:ipFamilyPolicy" in takeover.applier.spec:
        told.append(f"Service {name} stays {policy}: --ip-family-policy SingleStack gives up the second IP family")
    return told


def _is_of_port_names(field: str, message: str) -> bool:
    return field.startswith("spec.ports[") and field.endswith("].name") and message.startswith(_NAMES_CLASH)


def _spec_field(path: str) -> str:
    """The name of the field of the spec that the path leads to or through; servers spell one of them with a capital."""
    name = path.removeprefix("spec.").partition("[")[0].partition(".")[0]
    return name[:1].lower() + name[1:] if path.startswith("spec.") else ""


def _ports_of_others(config: Service, others: Sequence[FieldManager]) -> dict[str, list[FieldManager]]:
    """The ports that are not applied and that others own, not only a part of them; by their path elements."""
    applied = fields_of(config).get("f:spec", {}).get("f:ports", {})
    ports: dict[str, list[FieldManager]] = {}
    for other in others:
        for element, inner in other.spec.get("f:ports", {}).items():
            if element.startswith("k:") and "." in inner and element not in applied:
                ports.setdefault(element, []).append(other)
    return ports

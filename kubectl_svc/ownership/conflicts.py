"""What stands between an apply and the Service as the command says it, in words: other owners, and what never changes.

Source: apimachinery util/managedfields/internal/conflict.go; kubernetes pkg/apis/core/validation/validation.go
(`ValidateServiceUpdate`).
"""

from __future__ import annotations

import json

from kubectl_svc.errors import ConflictError
from kubectl_svc.golang import quote
from kubectl_svc.ownership.field_sets import fields_of, owners_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.errors import StatusError

    Service = Mapping[str, Any]
    Entry = Mapping[str, Any]
    Conflict = tuple[str, str]

_HINT = (
    "--diff --force-conflicts shows what would change if the command had its way, --apply --force-conflicts does it; "
    "or leave these fields out of the command"
)
_NAMES_CLASH = ("Required value", "Duplicate value")
_FINAL = ("may not change once set", "can not be unset", "field is immutable", "to release the secondary")
_FOR_LIFE = ("clusterIP", "clusterIPs", "ipFamilies")


def is_stale(error: StatusError) -> bool:
    """Whether the Service is not any more what was looked at: a conflict without fields is one of versions."""
    is_gone = (error.reason, error.kind) == ("NotFound", "services")
    return is_gone or (error.reason == "Conflict" and not error.causes)


def conflicts_with_others(error: StatusError, config: Service, live: Service, manager: str) -> list[Conflict]:
    """What others own and stands in the way of the apply: field and message of each; nothing for other refusals.

    What the manager itself wrote other than by applying does not count. Ports of others stay beside those that are
    applied, and what servers then refuse is that a name is missing or comes twice.
    """
    if error.reason == "Conflict":
        mine = f"conflict with {quote(manager)} using "
        return [(field, message) for field, message in error.causes if not message.startswith(mine)]
    if error.reason == "Invalid" and all(map(_is_of_port_names, error.causes)):
        return [(f".spec.ports[{key}]", _conflict_with(entry)) for key, entry in _foreign_ports(live, config, manager)]
    return []


def find_losses(live: Service, result: Service, manager: str) -> list[Conflict]:
    """The fields of the spec that others own and that the result has not any more, as conflicts."""
    return [
        (f".spec.{name}", _conflict_with(entry))
        for entry in owners_of(live)
        if entry.get("manager") != manager
        for name in live["spec"]
        if name not in result["spec"] and f"f:{name}" in ((entry.get("fieldsV1") or {}).get("f:spec") or {})
    ]


def explain(conflicts: Sequence[Conflict], live: Service) -> ConflictError:
    """The conflicts field by field: whose each is, and since when."""
    since = {_conflict_with(entry): entry.get("time", "") for entry in owners_of(live)}
    problems = [f"{field}: {_dated(message, since.get(message, ''))}" for field, message in conflicts]
    return ConflictError(live["metadata"]["name"], problems, hints=(_HINT,))


def find_hints(error: StatusError, config: Service, live: Service, manager: str) -> list[str]:
    """What to do about a server that refuses what it has beside what is applied, or to change what never changes."""
    if error.reason != "Invalid":
        return []
    metadata = live["metadata"]
    hints = []
    unsaid = {name: _owned_by_others(name, live, manager) for name in live["spec"] if name not in config["spec"]}
    for field, message in error.causes:
        name = _spec_field(field)
        if any(words in message for words in _FINAL) or (name in unsaid and name in _FOR_LIFE):
            hints.append(
                "a Service keeps this for life: say the same again, or run this command once more after "
                f"'kubectl delete service {metadata['name']} -n {metadata['namespace']}', which gives it new addresses"
            )
        else:
            hints += unsaid.get(name, ())
    if live["spec"]["type"] != "ClusterIP":  # which the command may have taken for granted
        hints += unsaid.get("type", ())
    return hints


def _owned_by_others(name: str, live: Service, manager: str) -> list[str]:
    return [
        f"this command does not say spec.{name}, which {_dated(f'{_owner(entry)} owns', entry.get('time', ''))}"
        for entry in owners_of(live)
        if entry.get("manager") != manager and f"f:{name}" in ((entry.get("fieldsV1") or {}).get("f:spec") or {})
    ]


def find_leftovers(service: Service, config: Service, manager: str) -> list[str]:
    """What a Service that was applied keeps although the command does not say it."""
    name, spec = quote(service["metadata"]["name"]), service["spec"]
    told = [
        f"Service {name} keeps the port with {key}, which {_dated(f'{_owner(entry)} owns', entry.get('time', ''))}; "
        "--force-conflicts drops it"
        for key, entry in _foreign_ports(service, config, manager)
    ]
    if spec.get("clusterIP") == "None" and "clusterIP" not in config["spec"]:
        told.append(f"Service {name} stays headless: to give it a cluster IP, delete it and run this command again")
    return told


def _spec_field(path: str) -> str:
    """The name of the field of the spec that the path leads to or through; servers spell one of them with a capital."""
    name = path.removeprefix("spec.").partition("[")[0].partition(".")[0]
    return name[:1].lower() + name[1:] if path.startswith("spec.") else ""


def _is_of_port_names(cause: Conflict) -> bool:
    field, message = cause
    return field.startswith("spec.ports[") and field.endswith("].name") and message.startswith(_NAMES_CLASH)


def _conflict_with(entry: Entry) -> str:
    """The conflict with this owner in the server's words (`printManager`)."""
    words = f"conflict with {_owner(entry)}"
    return f"{words} using {entry.get('apiVersion')}" if entry.get("operation") == "Update" else words


def _owner(entry: Entry) -> str:
    through = f" with subresource {quote(entry['subresource'])}" if entry.get("subresource") else ""
    return f"{quote(entry.get('manager', ''))}{through}"


def _dated(message: str, time: str) -> str:
    return f"{message} since {time}" if time else message


def _foreign_ports(service: Service, config: Service, manager: str) -> Iterator[tuple[str, Entry]]:
    """The ports that others own and that are not applied: keys as servers write them in paths, and the owner."""
    applied = _ports_in(fields_of(config))
    for entry in owners_of(service):
        if entry.get("manager") != manager:
            for element in _ports_in(entry.get("fieldsV1") or {}):
                if element not in applied:
                    keys = json.loads(element.removeprefix("k:"))
                    yield ",".join(f"{name}={json.dumps(value)}" for name, value in keys.items()), entry


def _ports_in(fields: Mapping[str, Any]) -> list[str]:
    ports = (fields.get("f:spec") or {}).get("f:ports") or {}
    return [element for element in ports if element.startswith("k:")]

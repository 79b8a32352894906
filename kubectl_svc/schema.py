"""The Go structs behind a Service, as far as a typed client shows them: what it drops, orders, defaults and refuses.

kubectl reads every Service into `core/v1.Service` before it prints or sends it. Fields stand here in the order of the
structs. Source: k8s.io/api core/v1 types.go, apimachinery pkg/apis/meta/v1 types.go and time.go, pkg/util/intstr;
sigs.k8s.io/json (the decoder: names match case-sensitively) and encoding/json (omitempty, omitzero).
"""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# When Go's encoder writes a field.
ALWAYS = "always"  # no omitempty, or a struct, which is never empty
FILLED = "filled"  # omitempty: when it is not zero
GIVEN = "given"  # a pointer with omitempty: when it was given, zero too

_LONE_SURROGATE = "[\ud800-\udc7f\udd00-\udfff]"


def as_service(document: Mapping[str, Any]) -> dict[str, Any]:
    """The Service as kubectl's typed client holds it: the struct's fields in the struct's order, maps sorted by bytes.

    Unknown fields are dropped, and empty ones where the struct drops them; `metadata`, `spec` and `status.loadBalancer`
    are always there, `kind` and `apiVersion` too. Times are in UTC, whole seconds. Lone surrogates, which `json.loads`
    lets through, become U+FFFD, all but those that stand for bytes (`surrogateescape`).

    Raises ValueError with Go's words for a value of the wrong type. Of several it names the first in the order of the
    document, as Go does. A floating point number is named by its shortest form (`1.5`); Go repeats it as written.
    """
    problems: list[str] = []
    _TYPE_META.read(document, ("", ""), problems)
    if problems:
        raise ValueError(f"couldn't get version/kind; json parse error: {problems[0]}")
    service = _SERVICE.read(document, ("", ""), problems)
    if problems:
        raise ValueError(problems[0])
    return {**service, "kind": service["kind"] or "Service", "apiVersion": service["apiVersion"] or "v1"}


class Text(Value):
    """A string; `go` is the type as Go's errors name it."""

    go: str = "string"

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            problems.append(_mismatch(value, place, self.go))
            return ""
        return _decoded(value)


class _Integer(Value):
    bits: int

    @property
    def go(self) -> str:
        return f"int{self.bits}"

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> int:
        if value is None:
            return 0
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and -(1 << self.bits - 1) <= value < 1 << self.bits - 1
        ):
            return value
        problems.append(_mismatch(value, place, self.go, literal=True))
        return 0


class _Boolean(Value):
    go: str = "bool"

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> bool:
        if value is None:
            return False
        if not isinstance(value, bool):
            problems.append(_mismatch(value, place, self.go))
            return False
        return value


class _IntOrString(Value):
    """Decodes itself (intstr.go), and such a type's error ends the reading at once."""

    go: str = "intstr.IntOrString"

    def read(self, value: Any, place: tuple[str, str], _problems: list[str]) -> int | str:
        if isinstance(value, str):
            return _decoded(value)
        own: list[str] = []
        number = INT32.read(value, place, own)
        if own:
            raise ValueError(own[0])
        return number


class _Time(Value):
    """metav1.Time; None is the zero time, which Go prints as null."""

    go: str = "v1.Time"

    def read(self, value: Any, place: tuple[str, str], _problems: list[str]) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise ValueError(_mismatch(value, place, "string"))
        return _in_utc(value)


class Raw(Value):
    """JSON that is kept as it came (metav1.FieldsV1)."""

    go: str = "v1.FieldsV1"

    def read(self, value: Any, _place: tuple[str, str], _problems: list[str]) -> Any:
        return value


class _Strings(Value):
    go: str = "map[string]string"

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> dict[str, str]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            problems.append(_mismatch(value, place, self.go))
            return {}
        given = {_decoded(key): STRING.read(item, place, problems) for key, item in value.items()}
        return {key: given[key] for key in sorted(given, key=_bytes)}


class AnyMap(Value):
    """A map whose values are not looked into."""

    go: str

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if value is not None:
            problems.append(_mismatch(value, place, self.go))
        return {}


class List(Value):
    """A slice of one type."""

    item: Type

    @property
    def go(self) -> str:
        return f"[]{self.item.go}"

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, (list, tuple)):
            problems.append(_mismatch(value, place, self.go))
            return []
        return [self.item.read(item, place, problems) for item in value]


class Struct(Value):
    """A Go struct; `fields` are name, type and when it is written."""

    name: str
    fields: dict[str, tuple[Type, str]]
    embedded: Mapping[str, str] = {}
    """For fields of an embedded struct: its name and a dot, which Go puts into the path."""

    @property
    def go(self) -> str:
        return f"v1.{self.name}"

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            if value is not None:
                problems.append(_mismatch(value, place, self.go))
            return self._printed({}, problems)
        path = f"{place[1]}." if place[1] else ""
        given = {}
        for name, item in value.items():
            field = self.fields.get(name)
            if field and not (item is None and field[1] == GIVEN):
                given[name] = field[0].read(item, (self.name, f"{path}{self.embedded.get(name, '')}{name}"), problems)
        return self._printed(given, problems)

    def _printed(self, given: dict[str, Any], problems: list[str]) -> dict[str, Any]:
        printed = {}
        for name, (kind, when) in self.fields.items():
            if when == ALWAYS:
                printed[name] = given[name] if name in given else kind.read(None, ("", ""), problems)
            elif name in given and (when == GIVEN or given[name]):
                printed[name] = given[name]
        return printed


if TYPE_CHECKING:
    from typing import Protocol

    class Type(Protocol):
        """What reads a JSON value as Go does, noting what does not fit. `place` is a struct and the path below it."""

        @property
        def go(self) -> str:
            """The type's name in Go's errors."""

        def read(self, value: Any, place: tuple[str, str], problems: list[str], /) -> Any:
            """The value; empty where it does not fit."""


STRING = Text()
STRINGS = List(item=STRING)
MAP = _Strings()
BOOL = _Boolean()
INT32 = _Integer(bits=32)
INT64 = _Integer(bits=64)
INT_OR_STRING = _IntOrString()
TIME = _Time()
_UID = Text(go="types.UID")
PROTOCOL = Text(go="v1.Protocol")

_TYPE_META = Struct(name="", fields={"apiVersion": (STRING, FILLED), "kind": (STRING, FILLED)})
_OWNER_REFERENCE = Struct(
    name="OwnerReference",
    fields={
        "apiVersion": (STRING, ALWAYS),
        "kind": (STRING, ALWAYS),
        "name": (STRING, ALWAYS),
        "uid": (_UID, ALWAYS),
        "controller": (BOOL, GIVEN),
        "blockOwnerDeletion": (BOOL, GIVEN),
    },
)
_MANAGED_FIELDS = Struct(
    name="ManagedFieldsEntry",
    fields={
        "manager": (STRING, FILLED),
        "operation": (Text(go="v1.ManagedFieldsOperationType"), FILLED),
        "apiVersion": (STRING, FILLED),
        "time": (TIME, GIVEN),
        "fieldsType": (STRING, FILLED),
        "fieldsV1": (Raw(), GIVEN),
        "subresource": (STRING, FILLED),
    },
)
OBJECT_META = Struct(
    name="ObjectMeta",
    fields={
        "name": (STRING, FILLED),
        "generateName": (STRING, FILLED),
        "namespace": (STRING, FILLED),
        "selfLink": (STRING, FILLED),
        "uid": (_UID, FILLED),
        "resourceVersion": (STRING, FILLED),
        "generation": (INT64, FILLED),
        "creationTimestamp": (TIME, FILLED),
        "deletionTimestamp": (TIME, GIVEN),
        "deletionGracePeriodSeconds": (INT64, GIVEN),
        "labels": (MAP, FILLED),
        "annotations": (MAP, FILLED),
        "ownerReferences": (List(item=_OWNER_REFERENCE), FILLED),
        "finalizers": (STRINGS, FILLED),
        "managedFields": (List(item=_MANAGED_FIELDS), FILLED),
    },
)
SERVICE_PORT = Struct(
    name="ServicePort",
    fields={
        "name": (STRING, FILLED),
        "protocol": (PROTOCOL, FILLED),
        "appProtocol": (STRING, GIVEN),
        "port": (INT32, ALWAYS),
        "targetPort": (INT_OR_STRING, ALWAYS),
        "nodePort": (INT32, FILLED),
    },
)
_CLIENT_IP = Struct(name="ClientIPConfig", fields={"timeoutSeconds": (INT32, GIVEN)})
_SERVICE_SPEC = Struct(
    name="ServiceSpec",
    fields={
        "ports": (List(item=SERVICE_PORT), FILLED),
        "selector": (MAP, FILLED),
        "clusterIP": (STRING, FILLED),
        "clusterIPs": (STRINGS, FILLED),
        "type": (Text(go="v1.ServiceType"), FILLED),
        "externalIPs": (STRINGS, FILLED),
        "sessionAffinity": (Text(go="v1.ServiceAffinity"), FILLED),
        "loadBalancerIP": (STRING, FILLED),
        "loadBalancerSourceRanges": (STRINGS, FILLED),
        "externalName": (STRING, FILLED),
        "externalTrafficPolicy": (Text(go="v1.ServiceExternalTrafficPolicy"), FILLED),
        "healthCheckNodePort": (INT32, FILLED),
        "publishNotReadyAddresses": (BOOL, FILLED),
        "sessionAffinityConfig": (
            Struct(name="SessionAffinityConfig", fields={"clientIP": (_CLIENT_IP, GIVEN)}),
            GIVEN,
        ),
        "ipFamilies": (List(item=Text(go="v1.IPFamily")), FILLED),
        "ipFamilyPolicy": (Text(go="v1.IPFamilyPolicy"), GIVEN),
        "allocateLoadBalancerNodePorts": (BOOL, GIVEN),
        "loadBalancerClass": (STRING, GIVEN),
        "internalTrafficPolicy": (Text(go="v1.ServiceInternalTrafficPolicy"), GIVEN),
        "trafficDistribution": (STRING, GIVEN),
    },
)
_PORT_STATUS = Struct(
    name="PortStatus",
    fields={"port": (INT32, ALWAYS), "protocol": (PROTOCOL, ALWAYS), "error": (STRING, GIVEN)},
)
_INGRESS = Struct(
    name="LoadBalancerIngress",
    fields={
        "ip": (STRING, FILLED),
        "hostname": (STRING, FILLED),
        "ipMode": (Text(go="v1.LoadBalancerIPMode"), GIVEN),
        "ports": (List(item=_PORT_STATUS), FILLED),
    },
)
_CONDITION = Struct(
    name="Condition",
    fields={
        "type": (STRING, ALWAYS),
        "status": (Text(go="v1.ConditionStatus"), ALWAYS),
        "observedGeneration": (INT64, FILLED),
        "lastTransitionTime": (TIME, ALWAYS),
        "reason": (STRING, ALWAYS),
        "message": (STRING, ALWAYS),
    },
)
_SERVICE_STATUS = Struct(
    name="ServiceStatus",
    fields={
        "loadBalancer": (
            Struct(name="LoadBalancerStatus", fields={"ingress": (List(item=_INGRESS), FILLED)}),
            ALWAYS,
        ),
        "conditions": (List(item=_CONDITION), FILLED),
    },
)
_SERVICE = Struct(
    name="Service",
    fields={
        "kind": (STRING, ALWAYS),  # written by the printer where the object has none
        "apiVersion": (STRING, ALWAYS),
        "metadata": (OBJECT_META, ALWAYS),
        "spec": (_SERVICE_SPEC, ALWAYS),
        "status": (_SERVICE_STATUS, ALWAYS),
    },
)


def _mismatch(value: Any, place: tuple[str, str], go: str, *, literal: bool = False) -> str:
    """Go's sentence for a value of the wrong type; a number that an integer type refuses is repeated."""
    number = f"number {value}" if literal else "number"
    words = ((bool, "bool"), ((int, float), number), (str, "string"), ((list, tuple), "array"))
    found = next((word for kinds, word in words if isinstance(value, kinds)), "object")
    struct, path = place
    return f"json: cannot unmarshal {found} into Go struct field {struct}.{path} of type {go}"


def _decoded(text: str) -> str:
    if text.isascii():
        return text
    import re  # hardly any Service needs it

    return re.sub(_LONE_SURROGATE, "\ufffd", text)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


# Time: what time.Parse reads by the layout RFC 3339, and its words for what it does not.

_LAYOUT = "2006-01-02T15:04:05Z07:00"
_STEPS = (
    ("2006", r"([0-9]{4})", "year"),
    ("-", r"-", ""),
    ("01", r"([0-9]{2})", "month"),
    ("-", r"-", ""),
    ("02", r"([0-9]{2})", "day"),
    ("T", r"T", ""),
    ("15", r"([0-9]{1,2})", "hour"),
    (":", r":", ""),
    ("04", r"([0-9]{2})", "minute"),
    (":", r":", ""),
    ("05", r"([0-9]{2})(?:[.,][0-9]+)?", "second"),
    ("Z07:00", r"(Z|[-+][0-9]{2}:[0-9]{2})", "zone"),
)
_RANGES = {"month": range(1, 13), "hour": range(24), "minute": range(60), "second": range(60)}


def _in_utc(text: str) -> str | None:
    """The moment in UTC and whole seconds, or None for the zero time (the first second of year 1).

    Raises ValueError in Go's words. Year 0, and what a time zone moves out of the years 1 to 9999, Go knows and we do
    not: they count as a day out of range.
    """
    if _is_usual(text):
        return text
    parts = _time_parts(text)
    zone = parts.pop("zone")
    from datetime import datetime, timedelta, timezone  # hardly any time needs it

    try:
        moment = datetime(**{part: int(digits) for part, digits in parts.items()}, tzinfo=timezone.utc)
        if zone != "Z":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
            moment = moment + offset if zone[0] == "-" else moment - offset
    except (ValueError, OverflowError):
        raise ValueError(f"parsing time {_in_quotes(text)}: day out of range") from None
    utc = f"{moment.isoformat()[:19]}Z"
    return None if utc == "0001-01-01T00:00:00Z" else utc


def _is_usual(text: str) -> bool:
    """Whether this is a time as API servers write it, on a day that every month has."""
    year, month, day, hour, minute, second = (text[at : at + 2] for at in (0, 5, 8, 11, 14, 17))
    digits = f"{year}{text[2:4]}{month}{day}{hour}{minute}{second}"
    return (
        len(text) == 20
        and text[4::3] == "--T::Z"
        and digits.isascii()
        and digits.isdecimal()
        and year >= "10"
        and "01" <= month <= "12"
        and "01" <= day <= "28"
        and hour < "24"
        and minute < "60"
        and second < "60"
    )


def _time_parts(text: str) -> dict[str, str]:
    """The parts of an RFC 3339 time by name, each within its range; raises ValueError."""
    import re  # times in the API's own form never come here

    parts = {}
    rest = text
    for layout, pattern, part in _STEPS:
        found = re.match(pattern, rest)
        if not found:
            where = f"cannot parse {_in_quotes(rest)} as {_in_quotes(layout)}"
            raise ValueError(f"parsing time {_in_quotes(text)} as {_in_quotes(_LAYOUT)}: {where}")
        rest = rest[found.end() :]
        if part:
            parts[part] = found[1]
        if part in _RANGES and int(found[1]) not in _RANGES[part]:
            raise ValueError(f"parsing time {_in_quotes(text)}: {part} out of range")
    zone = parts["zone"]
    if zone != "Z" and int(zone[1:3]) > 24:
        raise ValueError(f"parsing time {_in_quotes(text)}: time zone offset hour out of range")
    if zone != "Z" and int(zone[4:6]) > 60:
        raise ValueError(f"parsing time {_in_quotes(text)}: time zone offset minute out of range")
    if rest:
        raise ValueError(f"parsing time {_in_quotes(text)}: extra text: {_in_quotes(rest)}")
    return parts


def _in_quotes(text: str) -> str:
    """As package time quotes: what is not ASCII as its bytes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "surrogateescape")
    return f'"{"".join(chr(byte) if 0x20 <= byte < 0x80 else f"{chr(92)}x{byte:02x}" for byte in escaped)}"'

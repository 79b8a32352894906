"""What every server refuses of the other fields, and of fields that a type does not have.

Source: kubernetes pkg/apis/core/validation/validation.go (`validateService`, `validateServiceExternalTrafficPolicy`,
`validateLoadBalancerClassField`), apimachinery pkg/api/validation/objectmeta.go.
"""

from __future__ import annotations

from kubectl_svc.checks.field_errors import invalid, unsupported
from kubectl_svc.checks.formats import dns_label, label_value, qualified_name
from kubectl_svc.checks.model import REFUSED, SOURCE_RANGES, TOPOLOGY_HINTS, TOPOLOGY_MODE, Check, Found, Subject
from kubectl_svc.flags.service_flags import SERVICE_TYPES, SESSION_AFFINITIES
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A pointer in the API: an empty word is a word, and none of the known ones.
_MAY_BE_EMPTY = ("internalTrafficPolicy",)
_TRAFFIC_POLICIES = ("Cluster", "Local")
_LONGEST_AFFINITY = 86400  # seconds (core/v1 `MaxClientIPServiceAffinitySeconds`)
_NO_NAME = "Required value: name or generateName is required"
_ANNOTATION_BYTES = 256 * 1024  # of all together (`TotalAnnotationSizeLimitB`)


def _wrong_name(subject: Subject) -> Iterator[Found]:
    wrong = [invalid(subject.name, problem) for problem in dns_label(subject.name)] if subject.name else [_NO_NAME]
    instead = "say another --name" if subject.workload.exists else "say another NAME"
    for words in wrong:
        yield Found(path="metadata.name", says={"words": words, "instead": instead}, fields=("metadata.name",))


def _wrong_labels(path: str) -> Callable[[Subject], Iterator[Found]]:
    """A check of the labels at `metadata.labels` or `spec.selector`."""
    top, _, field = path.partition(".")

    def find(subject: Subject) -> Iterator[Found]:
        for key, value in ((subject.service.get(top) or {}).get(field) or {}).items():
            problems = [(key, problem) for problem in qualified_name(key)]
            problems += [(value, problem) for problem in label_value(value)]
            for wrong, problem in problems:
                yield Found(path=path, says={"words": invalid(wrong, problem)}, fields=(path.removeprefix("spec."),))

    return find


def _wrong_annotations(subject: Subject) -> Iterator[Found]:
    for key in subject.annotations:
        for problem in qualified_name(key.lower()):  # the case does not count
            says = {"words": invalid(key, problem)}
            yield Found(path="metadata.annotations", says=says, fields=("metadata.annotations",))


def _long_annotations(subject: Subject) -> Iterator[Found]:
    annotations = subject.annotations
    size = sum(len(text.encode("utf-8", "surrogatepass")) for pair in annotations.items() for text in pair)
    if size > _ANNOTATION_BYTES:
        says = {"most": _ANNOTATION_BYTES}
        yield Found(path="metadata.annotations", says=says, fields=("metadata.annotations",))


def _two_topologies(subject: Subject) -> Iterator[Found]:
    annotations = subject.annotations
    if annotations.keys() >= {TOPOLOGY_MODE, TOPOLOGY_HINTS}:
        mode = annotations[TOPOLOGY_MODE]
        if mode != annotations[TOPOLOGY_HINTS]:
            path = f"metadata.annotations[{TOPOLOGY_MODE}]"
            yield Found(path=path, says={"mode": quote(mode)}, fields=("metadata.annotations",))


def _headless_of_another_type(subject: Subject) -> Iterator[Found]:
    if subject.is_headless and subject.type in ("NodePort", "LoadBalancer"):
        says = {"type": subject.type, "other": "type" if "type" in subject.flags else "node port"}
        yield Found(path="spec.clusterIPs[0]", says=says, fields=("clusterIPs", "type"))


def _fields_of_a_host(subject: Subject) -> Iterator[Found]:
    if subject.type != "ExternalName":
        return
    spec = subject.spec
    there = {
        "clusterIPs": bool(subject.cluster_ips),
        "ipFamilies": bool(spec.get("ipFamilies")),
        "ipFamilyPolicy": spec.get("ipFamilyPolicy") is not None,
    }
    for field, is_there in there.items():
        if is_there:
            yield Found(path=f"spec.{field}", fields=(field, "type"))


def _fields_of_a_load_balancer(subject: Subject) -> Iterator[Found]:
    if subject.type == "LoadBalancer":
        return
    spec = subject.spec
    # A type that other words imply gives way to the one that is asked for.
    fields = ("type",) if "type" in subject.flags or subject.type == "ExternalName" else ()
    instead = "leave it out" if subject.type == "ExternalName" else "say --type LoadBalancer"
    if spec.get("loadBalancerSourceRanges"):
        path, field = "spec.LoadBalancerSourceRanges", "loadBalancerSourceRanges"  # as the server spells it
        yield Found(path=path, says={"instead": instead}, fields=(field, *fields))
    elif SOURCE_RANGES in subject.annotations:
        path, field = f"metadata.annotations[{SOURCE_RANGES}]", "metadata.annotations"
        yield Found(path=path, says={"instead": instead}, fields=(field, *fields))
    for field in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
        if spec.get(field) is not None:
            yield Found(path=f"spec.{field}", says={"instead": instead}, fields=(field, *fields))


def _wrong_class(subject: Subject) -> Iterator[Found]:
    name = subject.spec.get("loadBalancerClass")
    for problem in qualified_name(name) if subject.type == "LoadBalancer" and name is not None else ():
        says = {"words": invalid(name, problem)}
        yield Found(path="spec.loadBalancerClass", says=says, fields=("loadBalancerClass",))


def _policy_without_outside(subject: Subject) -> Iterator[Found]:
    policy = subject.spec.get("externalTrafficPolicy")
    if not policy or subject.is_external:
        return
    other, instead = "type", "--type NodePort or LoadBalancer; inside the cluster it is --internal-traffic-policy"
    if subject.type == "ExternalName":
        instead = "leave it out"
    elif subject.is_headless:
        other, instead = "clusterIPs", "leave --external-traffic-policy or --headless out"
    says = {"policy": quote(policy), "instead": instead}
    yield Found(path="spec.externalTrafficPolicy", says=says, fields=("externalTrafficPolicy", other))


def _health_check_of_none(subject: Subject) -> Iterator[Found]:
    number = subject.spec.get("healthCheckNodePort")
    is_local = subject.type == "LoadBalancer" and subject.spec.get("externalTrafficPolicy") == "Local"
    if number and not is_local:
        other = "externalTrafficPolicy" if subject.type == "LoadBalancer" else "type"
        fields = ("healthCheckNodePort", *((other,) if other in subject.spec else ()))
        yield Found(path="spec.healthCheckNodePort", says={"number": number}, fields=fields)


def _wrong_affinity_time(subject: Subject) -> Iterator[Found]:
    config = (subject.spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
    seconds = config.get("timeoutSeconds")
    if subject.spec.get("sessionAffinity") != "ClientIP" or seconds is None:
        return
    if not 1 <= seconds <= _LONGEST_AFFINITY:
        path = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
        yield Found(path=path, says={"seconds": seconds}, fields=("sessionAffinityConfig",))


def _unknown_word(field: str, known: tuple[str, ...]) -> Callable[[Subject], Iterator[Found]]:
    """A check of a field that has a handful of words."""

    def find(subject: Subject) -> Iterator[Found]:
        word = subject.spec.get(field)
        if (word or (word == "" and field in _MAY_BE_EMPTY)) and word not in known:
            yield Found(path=f"spec.{field}", says={"words": unsupported(word, known)}, fields=(field,))

    return find


def _unknown_external_policy(subject: Subject) -> Iterator[Found]:
    if subject.is_external:
        yield from _unknown_word("externalTrafficPolicy", _TRAFFIC_POLICIES)(subject)


FIELD_CHECKS = (
    Check(
        id="name-invalid", level=REFUSED, field="metadata.name", find=_wrong_name,
        remedy="{instead}",
        passes="create web-1 --selector app=web --port 80", fails="create web.example --selector app=web --port 80",
    ),
    Check(
        id="label-invalid", level=REFUSED, field="metadata.labels", find=_wrong_labels("metadata.labels"),
        remedy="-l takes KEY=VALUE with such keys and values",
        passes="create web --selector app=web --port 80 -l example.com/tier=front",
        fails='create web --selector app=web --port 80 -l tier=front/end',
    ),
    Check(
        id="annotation-invalid", level=REFUSED, field="metadata.annotations", find=_wrong_annotations,
        remedy="--annotation takes KEY=VALUE; only VALUE may be any text",
        passes="create web --selector app=web --port 80 --annotation 'Example.com/note=any text'",
        fails="create web --selector app=web --port 80 --annotation 'my note=any text'",
    ),
    Check(
        id="annotations-too-long", level=REFUSED, field="metadata.annotations", find=_long_annotations,
        message="Too long: may not be more than {most} bytes", remedy="keep long texts in a ConfigMap",
        passes="create web --selector app=web --port 80 --annotation note=short",
        fails='create web --selector app=web --port 80 --annotation "note=$(cat long.txt)"',
    ),
    Check(
        id="topology-annotations", level=REFUSED, field="metadata.annotations", find=_two_topologies,
        message=f"Invalid value: {{mode}}: must match annotations[{TOPOLOGY_HINTS}] when both are specified",
        remedy="--traffic-distribution says it instead of both",
        passes="create web --selector app=web --port 80 --traffic-distribution PreferSameZone",
        fails=f"create web --selector app=web --port 80 --annotation {TOPOLOGY_MODE}=Auto "
        f"--annotation {TOPOLOGY_HINTS}=Disabled",
    ),
    Check(
        id="type-unknown", level=REFUSED, field="spec.type", find=_unknown_word("type", SERVICE_TYPES),
        remedy="--type takes ClusterIP, NodePort, LoadBalancer or ExternalName",
        passes="create web --selector app=web --port 80 --type nodeport",
        fails="create web --selector app=web --port 80 --type Ingress",
    ),
    Check(
        id="selector-invalid", level=REFUSED, field="spec.selector", find=_wrong_labels("spec.selector"),
        remedy="--selector takes KEY=VALUE with such keys and values, as labels of pods have them",
        passes="create web --port 80 --selector app=web", fails="create web --port 80 --selector app=web_",
    ),
    Check(
        id="headless-type", level=REFUSED, field="spec.clusterIPs[0]", find=_headless_of_another_type,
        message="Invalid value: \"None\": may not be set to 'None' for {type} services",
        remedy="a headless Service is of type ClusterIP: leave --headless or the {other} out",
        passes="create web --selector app=web --headless --port 80",
        fails="create web --selector app=web --headless --port 80 --type NodePort",
    ),
    Check(
        id="external-name-fields", level=REFUSED, field="spec.clusterIPs, spec.ipFamilies, spec.ipFamilyPolicy",
        find=_fields_of_a_host, message="Forbidden: may not be set for ExternalName services",
        remedy="an ExternalName is a name in DNS, and has no address of its own",
        passes="create web --external-name example.com",
        fails="create web --external-name example.com --ip-family IPv4",
    ),
    Check(
        id="load-balancer-fields", level=REFUSED,
        field="spec.loadBalancerSourceRanges, spec.loadBalancerClass, spec.allocateLoadBalancerNodePorts",
        find=_fields_of_a_load_balancer, message="Forbidden: may only be used when `type` is 'LoadBalancer'",
        remedy="{instead}",
        passes="create web --selector app=web --port 80 --load-balancer-class example.com/lb --type LoadBalancer",
        fails="create web --selector app=web --port 80 --load-balancer-class example.com/lb",
    ),
    Check(
        id="load-balancer-class-invalid", level=REFUSED, field="spec.loadBalancerClass", find=_wrong_class,
        remedy="--load-balancer-class takes a name such as internal, or example.com/internal",
        passes="create web --selector app=web --port 80 --type LoadBalancer --load-balancer-class internal",
        fails="create web --selector app=web --port 80 --type LoadBalancer --load-balancer-class 'the best'",
    ),
    Check(
        id="external-traffic-policy-type", level=REFUSED, field="spec.externalTrafficPolicy",
        find=_policy_without_outside,
        message="Invalid value: {policy}: may only be set for externally-accessible services",
        remedy="{instead}",
        passes="create web --selector app=web --port 80 --external-traffic-policy Local --type NodePort",
        fails="create web --selector app=web --port 80 --external-traffic-policy Local",
    ),
    Check(
        id="external-traffic-policy-unknown", level=REFUSED, field="spec.externalTrafficPolicy",
        find=_unknown_external_policy, remedy="--external-traffic-policy takes Cluster or Local",
        passes="create web --selector app=web --port 80 --type NodePort --external-traffic-policy local",
        fails="create web --selector app=web --port 80 --type NodePort --external-traffic-policy Node",
    ),
    Check(
        id="internal-traffic-policy-unknown", level=REFUSED, field="spec.internalTrafficPolicy",
        find=_unknown_word("internalTrafficPolicy", _TRAFFIC_POLICIES),
        remedy="--internal-traffic-policy takes Cluster or Local",
        passes="create web --selector app=web --port 80 --internal-traffic-policy Local",
        fails="create web --selector app=web --port 80 --internal-traffic-policy Node",
    ),
    Check(
        id="health-check-node-port-type", level=REFUSED, field="spec.healthCheckNodePort", find=_health_check_of_none,
        message="Invalid value: {number}: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is "
        "'Local'",
        remedy="--type LoadBalancer --external-traffic-policy Local",
        passes="create web --selector app=web --port 80 --type LoadBalancer "
        "--external-traffic-policy Local --health-check-node-port 30090",
        fails="create web --selector app=web --port 80 --type LoadBalancer --health-check-node-port 30090",
    ),
    Check(
        id="session-affinity-unknown", level=REFUSED, field="spec.sessionAffinity",
        find=_unknown_word("sessionAffinity", SESSION_AFFINITIES),
        remedy="--session-affinity takes None or ClientIP",
        passes="create web --selector app=web --port 80 --session-affinity clientip",
        fails='create web --selector app=web --port 80 --overrides \'{"spec":{"sessionAffinity":"Cookie"}}\'',
    ),
    Check(
        id="session-affinity-time", level=REFUSED, field="spec.sessionAffinityConfig.clientIP.timeoutSeconds",
        find=_wrong_affinity_time,
        message="Invalid value: {seconds}: must be greater than 0 and less than 86400",
        remedy="--session-affinity-timeout takes 1s to 24h",
        passes="create web --selector app=web --port 80 --session-affinity-timeout 24h",
        fails='create web --selector app=web --port 80 --session-affinity ClientIP '
        '--overrides \'{"spec":{"sessionAffinityConfig":{"clientIP":{"timeoutSeconds":0}}}}\'',
    ),
)  # fmt: skip

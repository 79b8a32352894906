"""Fields that every server takes, and that do nothing, not everywhere, or not for long."""

from __future__ import annotations

from kubectl_svc.checks.addresses import ambiguity, ambiguous_range, is_range, read_address
from kubectl_svc.checks.model import (
    DEPENDS,
    DEPRECATED,
    DOUBTFUL,
    HINT,
    SOURCE_RANGES,
    TOPOLOGY_HINTS,
    TOPOLOGY_MODE,
    Check,
    Found,
    Subject,
)
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_TOPOLOGY_ON = ("Auto", "auto")  # endpointslice topologycache `hintsEnabled`
_DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
# What kube-proxy, or what stands for it, does for clients; it is not asked where DNS leads them past it.
_OF_THE_PROXY = ("internalTrafficPolicy", "trafficDistribution")
_FLAGS = {
    "loadBalancerIP": "--load-balancer-ip",
    "externalIPs": "--external-ip",
    "sessionAffinity": "--session-affinity",
    "internalTrafficPolicy": "--internal-traffic-policy",
    "trafficDistribution": "--traffic-distribution",
}
_TOLERATE_UNREADY = "service.alpha.kubernetes.io/tolerate-unready-endpoints"  # gone since 1.24


def _address_of_a_host(subject: Subject) -> Iterator[Found]:
    host = (subject.spec.get("externalName") or "").removesuffix(".")
    looks_like_one = host[:1].isdecimal()  # which spares the others a look at what addresses are
    if subject.type == "ExternalName" and looks_like_one and read_address(host):
        yield Found(says={"host": host})


def _short_host(subject: Subject) -> Iterator[Found]:
    host = subject.spec.get("externalName") or ""
    if subject.type == "ExternalName" and host and "." not in host:
        yield Found(says={"host": host})


def _ignored_host(subject: Subject) -> Iterator[Found]:
    if subject.type != "ExternalName" and subject.spec.get("externalName"):
        yield Found()


def _ignored_of_a_host(subject: Subject) -> Iterator[Found]:
    if subject.type != "ExternalName":
        return
    for field in ("sessionAffinity", *_OF_THE_PROXY, "publishNotReadyAddresses"):
        value = subject.spec.get(field)
        if value and value not in ("None", "Cluster"):
            yield Found(says={"field": field})


def _external_ips_of_a_host(subject: Subject) -> Iterator[Found]:
    if subject.type == "ExternalName" and subject.spec.get("externalIPs"):
        yield Found()


def _ignored_of_headless(subject: Subject) -> Iterator[Found]:
    if not (subject.is_headless and subject.type == "ClusterIP"):
        return
    affinity = subject.spec.get("sessionAffinity") not in (None, "", "None")
    there = {"loadBalancerIP": subject.spec.get("loadBalancerIP"), "externalIPs": subject.spec.get("externalIPs")}
    for field, value in {**there, "sessionAffinity": affinity}.items():
        if value:
            yield Found(says={"field": field, "flag": _FLAGS[field]})


def _proxied_of_headless(subject: Subject) -> Iterator[Found]:
    for field in _OF_THE_PROXY if subject.is_headless and subject.type == "ClusterIP" else ():
        if subject.spec.get(field) not in (None, "", "Cluster"):
            yield Found(says={"field": field, "flag": _FLAGS[field]})


def _is_distributed(subject: Subject) -> bool:
    """Whether traffic is distributed at all, and the field says how."""
    return bool(subject.spec.get("trafficDistribution")) and subject.type != "ExternalName" and not subject.is_headless


def _distribution_of_local(subject: Subject) -> Iterator[Found]:
    spec = subject.spec
    if not _is_distributed(subject) or spec.get("internalTrafficPolicy") != "Local":
        return
    if not subject.is_external or spec.get("externalTrafficPolicy") == "Local":
        yield Found()


def _distribution_and_topology(subject: Subject) -> Iterator[Found]:
    mode = subject.annotations.get(TOPOLOGY_HINTS, subject.annotations.get(TOPOLOGY_MODE))
    if subject.spec.get("trafficDistribution") and mode in _TOPOLOGY_ON:
        yield Found()


def _unknown_distribution(subject: Subject) -> Iterator[Found]:
    said = subject.spec.get("trafficDistribution")
    if said is not None and said not in _DISTRIBUTIONS:
        says = {"said": quote(said), "known": ", ".join(_DISTRIBUTIONS)}
        yield Found(says=says)


def _prefer_close(subject: Subject) -> Iterator[Found]:
    if _is_distributed(subject) and subject.spec["trafficDistribution"] == "PreferClose":
        yield Found()


def _old_topology_hints(subject: Subject) -> Iterator[Found]:
    if TOPOLOGY_HINTS in subject.annotations:
        yield Found()


def _tolerated(subject: Subject) -> Iterator[Found]:
    if _TOLERATE_UNREADY in subject.annotations:
        yield Found()


def _ranges_twice(subject: Subject) -> Iterator[Found]:
    if subject.spec.get("loadBalancerSourceRanges") and SOURCE_RANGES in subject.annotations:
        yield Found()


def _load_balancer_ip_left_out(subject: Subject) -> Iterator[Found]:
    ip = subject.options.load_balancer_ip
    can_be_one = subject.type != "ExternalName" and not subject.is_headless
    instead = "say --type LoadBalancer for it" if can_be_one else "leave it out"
    if ip and subject.type != "LoadBalancer" and not subject.spec.get("loadBalancerIP"):
        yield Found(says={"ip": ip, "type": subject.type, "instead": instead})


def _load_balancer_ip(subject: Subject) -> Iterator[Found]:
    ip = subject.spec.get("loadBalancerIP")
    if ip and subject.type == "LoadBalancer" and "lb" not in subject.flags:  # whose providers have nothing else
        yield Found(says={"ip": ip})


def _external_ips(subject: Subject) -> Iterator[Found]:
    if subject.spec.get("externalIPs") and not subject.is_headless and subject.type != "ExternalName":
        yield Found()


def _early_digit(subject: Subject) -> Iterator[Found]:
    if subject.name[:1].isascii() and subject.name[:1].isdecimal():
        yield Found(says={"name": quote(subject.name)})


def _ambiguous_addresses(subject: Subject) -> Iterator[Found]:
    external_ips = subject.spec.get("externalIPs") or ()
    for field, values in (("clusterIPs", subject.cluster_ips), ("externalIPs", external_ips)):
        for index, value in enumerate(values):
            if value != "None" and read_address(value) and ambiguity(value):
                path = f"spec.{field}[{index}]"
                yield Found(says={"path": path, "value": quote(value), "reason": ambiguity(value)})
    for path, value in subject.source_ranges:
        if is_range(value) and ambiguous_range(value):
            yield Found(says={"path": path, "value": quote(value), "reason": ambiguous_range(value)})


def _both_families(subject: Subject) -> Iterator[Found]:
    spec = subject.spec
    is_judged = subject.type != "ExternalName" and (spec.get("selector") or not subject.is_headless)
    if is_judged and spec.get("ipFamilyPolicy") == "RequireDualStack":
        yield Found()


def _no_selector(subject: Subject) -> Iterator[Found]:
    # Of an object that is exposed it is as kubectl has it, and kubectl's standard error has no hints.
    if not subject.workload.exists and subject.type != "ExternalName" and not subject.spec.get("selector"):
        yield Found(says={"name": subject.name})


FIELD_DOUBTS = (
    Check(
        id="external-name-address", level=DOUBTFUL, field="spec.externalName", find=_address_of_a_host,
        message="{host} is an address, and DNS will take it for a name",
        remedy="a Service without selector reaches it, by an EndpointSlice with that address",
        passes="create db --external-name db.example.com", fails="create db --external-name 192.0.2.7",
    ),
    Check(
        id="external-name-short", level=DOUBTFUL, field="spec.externalName", find=_short_host,
        message="DNS looks {host} up as it stands, and no search domain completes it",
        remedy="say the host's full name, such as {host}.default.svc.cluster.local for a Service of this cluster",
        passes="create db --external-name db.example.com", fails="create db --external-name db",
    ),
    Check(
        id="external-name-ignored", level=DOUBTFUL, field="spec.externalName", find=_ignored_host,
        message='spec.externalName is ignored when spec.type is not "ExternalName"',
        remedy="leave the host or the other type out",
        passes="create db --external-name db.example.com",
        fails='create db --selector app=db --port 80 --overrides \'{"spec":{"externalName":"db.example.com"}}\'',
        said_by_server="spec.externalName is ignored when",
    ),
    Check(
        id="external-name-alone", level=DOUBTFUL,
        field="spec.sessionAffinity, spec.internalTrafficPolicy, spec.trafficDistribution, "
        "spec.publishNotReadyAddresses",
        find=_ignored_of_a_host,
        message="spec.{field} does nothing: a Service that stands for a host has no pods", remedy="leave it out",
        passes="create db --external-name db.example.com",
        fails="create db --external-name db.example.com --session-affinity ClientIP",
    ),
    Check(
        id="external-name-external-ips", level=DOUBTFUL, field="spec.externalIPs", find=_external_ips_of_a_host,
        message='spec.externalIPs is ignored when spec.type is "ExternalName"',
        remedy="leave --external-ip or --external-name out",
        passes="create db --external-name db.example.com",
        fails="create db --external-name db.example.com --external-ip 192.0.2.7",
        said_by_server="spec.externalIPs is ignored when",
    ),
    Check(
        id="headless-ignores", level=DOUBTFUL, field="spec.loadBalancerIP, spec.externalIPs, spec.sessionAffinity",
        find=_ignored_of_headless, message="spec.{field} is ignored for headless services",
        remedy="leave {flag} or --headless out",
        passes="create db --selector app=web --headless",
        fails="create db --selector app=web --headless --session-affinity ClientIP",
        said_by_server="is ignored for headless services",
    ),
    Check(
        id="headless-is-not-proxied", level=DOUBTFUL, field="spec.internalTrafficPolicy, spec.trafficDistribution",
        find=_proxied_of_headless,
        message="spec.{field} does nothing for a headless Service: clients choose among the pods' addresses themselves",
        remedy="leave {flag} or --headless out",
        passes="create db --selector app=web --headless",
        fails="create db --selector app=web --headless --traffic-distribution PreferSameZone",
    ),
    Check(
        id="distribution-and-local", level=DOUBTFUL, field="spec.trafficDistribution", find=_distribution_of_local,
        message="spec.trafficDistribution does nothing where the traffic policies are Local: there is no choice left",
        remedy="leave --traffic-distribution or the policy out",
        passes="create web --selector app=web --port 80 --traffic-distribution PreferSameNode",
        fails="create web --selector app=web --port 80 "
        "--traffic-distribution PreferSameNode --internal-traffic-policy Local",
    ),
    Check(
        id="distribution-and-topology", level=DOUBTFUL, field="spec.trafficDistribution",
        find=_distribution_and_topology,
        message=f"the annotation {TOPOLOGY_MODE} overrules spec.trafficDistribution", remedy="leave the annotation out",
        passes="create web --selector app=web --port 80 --traffic-distribution PreferSameZone",
        fails="create web --selector app=web --port 80 --traffic-distribution PreferSameZone "
        f"--annotation {TOPOLOGY_MODE}=Auto",
    ),
    Check(
        id="distribution-unknown", level=DEPENDS, field="spec.trafficDistribution", find=_unknown_distribution,
        message="{said} is none of {known}", remedy="a server that does not know the word refuses it",
        passes="create web --selector app=web --port 80 --traffic-distribution prefersamezone",
        fails="create web --selector app=web --port 80 --traffic-distribution SameZone",
    ),
    Check(
        id="prefer-close", level=DEPRECATED, field="spec.trafficDistribution", find=_prefer_close,
        message='spec.trafficDistribution: "PreferClose" is deprecated',
        remedy="--traffic-distribution PreferSameZone means the same, on servers from 1.34 on",
        passes="create web --selector app=web --port 80 --traffic-distribution PreferSameZone",
        fails="create web --selector app=web --port 80 --traffic-distribution PreferClose",
        said_by_server='"PreferClose" is deprecated',
    ),
    Check(
        id="topology-hints", level=DEPRECATED, field="metadata.annotations", find=_old_topology_hints,
        message=f"annotation {TOPOLOGY_HINTS} is deprecated", remedy="use --traffic-distribution PreferSameZone",
        passes="create web --selector app=web --port 80 --traffic-distribution PreferSameZone",
        fails=f"create web --selector app=web --port 80 --annotation {TOPOLOGY_HINTS}=Auto",
        said_by_server=f"annotation {TOPOLOGY_HINTS} is deprecated",
    ),
    Check(
        id="tolerate-unready", level=DOUBTFUL, field="metadata.annotations", find=_tolerated,
        message=f"the annotation {_TOLERATE_UNREADY} does nothing any more",
        remedy="say --publish-not-ready-addresses",
        passes="create db --selector app=web --headless --publish-not-ready-addresses",
        fails=f"create db --selector app=web --headless --annotation {_TOLERATE_UNREADY}=true",
    ),
    Check(
        id="source-ranges-twice", level=DOUBTFUL, field="metadata.annotations", find=_ranges_twice,
        message=f"the annotation {SOURCE_RANGES} does nothing beside spec.loadBalancerSourceRanges",
        remedy="say all ranges with --load-balancer-source-ranges",
        passes="create web --selector app=web --port 80 --type LoadBalancer --load-balancer-source-ranges 192.0.2.0/24",
        fails="create web --selector app=web --port 80 --type LoadBalancer --load-balancer-source-ranges 192.0.2.0/24 "
        f"--annotation {SOURCE_RANGES}=198.51.100.0/24",
    ),
    Check(
        id="load-balancer-ip-left-out", level=DOUBTFUL, field="spec.loadBalancerIP", find=_load_balancer_ip_left_out,
        message="--load-balancer-ip {ip} is left out, for the type is {type}", remedy="{instead}",
        passes="create web --selector app=web --port 80",
        fails="create web --selector app=web --port 80 --load-balancer-ip 192.0.2.7",
    ),
    Check(
        id="load-balancer-ip", level=DEPRECATED, field="spec.loadBalancerIP", find=_load_balancer_ip,
        message="spec.loadBalancerIP is deprecated, and not every provider heeds it",
        remedy="--lb PROVIDER --lb-address {ip} says it as your provider reads it",
        passes="create web --selector app=web --port 80 --type LoadBalancer",
        fails="create web --selector app=web --port 80 --type LoadBalancer --load-balancer-ip 192.0.2.7",
    ),
    Check(
        id="external-ips", level=DEPRECATED, field="spec.externalIPs", find=_external_ips,
        message="spec.externalIPs is deprecated and may no longer be implemented in some clusters",
        remedy="--type LoadBalancer gets an address that is looked after",
        passes="create web --selector app=web --port 80 --type LoadBalancer",
        fails="create web --selector app=web --port 80 --external-ip 192.0.2.7",
        said_by_server="spec.externalIPs is deprecated",
    ),
    Check(
        id="name-begins-with-digit", level=DEPENDS, field="metadata.name", find=_early_digit,
        message="servers before 1.36 refuse the name {name}, which does not begin with a letter",
        remedy="--name gives another",
        passes="create web1 --selector app=web --port 80", fails="create 1web --selector app=web --port 80",
    ),
    Check(
        id="address-ambiguous", level=DEPENDS,
        field="spec.clusterIPs[], spec.externalIPs[], spec.loadBalancerSourceRanges[]", find=_ambiguous_addresses,
        message="{path}: Invalid value: {value}: {reason}", remedy="servers from 1.36 on refuse it",
        passes="create web --selector app=web --port 80 --type LoadBalancer --load-balancer-source-ranges 10.1.0.0/16",
        fails="create web --selector app=web --port 80 --type LoadBalancer --load-balancer-source-ranges 10.1.2.3/16",
    ),
    Check(
        id="dual-stack-required", level=DEPENDS, field="spec.ipFamilyPolicy", find=_both_families,
        message="a cluster with addresses of one IP family refuses RequireDualStack",
        remedy="--ip-family-policy PreferDualStack without --ip-family takes what there is",
        passes="create web --selector app=web --port 80 --ip-family-policy PreferDualStack",
        fails="create web --selector app=web --port 80 --ip-family-policy RequireDualStack",
    ),
    Check(
        id="no-selector", level=HINT, field="spec.selector", find=_no_selector,
        message="the Service selects no pods",
        remedy="say --selector, or make EndpointSlices with the label kubernetes.io/service-name={name}",
        passes="create web --port 80 --selector app=web", fails="create web --port 80",
    ),
)  # fmt: skip

"""What every server refuses of addresses and their families.

Source: kubernetes pkg/apis/core/validation/validation.go (`ValidateServiceClusterIPsRelatedFields`, `validateService`),
pkg/registry/core/service/storage/alloc.go (`initIPFamilyFields`).
"""

from __future__ import annotations

from kubectl_svc.checks.addresses import (
    NO_ADDRESS,
    NO_RANGE,
    ambiguity,
    family_of,
    is_range,
    read_address,
    special_range,
)
from kubectl_svc.checks.field_errors import duplicate, invalid, shown, unsupported
from kubectl_svc.checks.formats import dns_subdomain
from kubectl_svc.checks.model import REFUSED, Check, Found, Subject
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_FAMILIES = ("IPv4", "IPv6")
_POLICIES = ("SingleStack", "PreferDualStack", "RequireDualStack")
_MOST_CLUSTER_IPS = 2


def _families(subject: Subject) -> list[str]:
    """None of an ExternalName, which is refused for having any (`refused_fields`)."""
    return subject.spec.get("ipFamilies") or [] if subject.type != "ExternalName" else []


def _cluster_ips(subject: Subject) -> list[str]:
    """None of an ExternalName, as above."""
    return subject.cluster_ips if subject.type != "ExternalName" else []


def _typed_cluster_ips(subject: Subject) -> list[tuple[int, str]]:
    """The cluster IPs that are to be addresses, with their places."""
    return [(index, ip) for index, ip in enumerate(_cluster_ips(subject)) if index or ip != "None"]


def _unknown_families(subject: Subject) -> Iterator[Found]:
    for index, family in enumerate(_families(subject)):
        if family not in _FAMILIES:
            words = unsupported(family, _FAMILIES)
            yield Found(path=f"spec.ipFamilies[{index}]", says={"words": words}, fields=("ipFamilies",))


def _repeated_families(subject: Subject) -> Iterator[Found]:
    families = _families(subject)
    for index, family in enumerate(families):
        if family in families[:index]:
            says = {"words": duplicate(family)}
            yield Found(path=f"spec.ipFamilies[{index}]", says=says, fields=("ipFamilies",))


def _unknown_policy(subject: Subject) -> Iterator[Found]:
    policy = subject.spec.get("ipFamilyPolicy")
    if policy is not None and policy not in _POLICIES and subject.type != "ExternalName":
        words = unsupported(policy, _POLICIES)
        yield Found(path="spec.ipFamilyPolicy", says={"words": words}, fields=("ipFamilyPolicy",))


def _first_cluster_ip(subject: Subject) -> Iterator[Found]:
    first, all_of_them = subject.spec.get("clusterIP") or "", subject.spec.get("clusterIPs") or []
    if subject.type == "ExternalName" or not all_of_them or all_of_them[0] == first:
        return
    detail = "first value must match `clusterIP`" if first else "must be empty when `clusterIP` is not specified"
    yield Found(path="spec.clusterIPs", says={"words": invalid(all_of_them, detail)}, fields=("clusterIPs",))


def _no_cluster_ips(subject: Subject) -> Iterator[Found]:
    for index, ip in _typed_cluster_ips(subject):
        is_extra_none = subject.is_headless and index
        if read_address(ip) is None and not is_extra_none:
            words = invalid(ip, NO_ADDRESS)
            yield Found(path=f"spec.clusterIPs[{index}]", says={"words": words}, fields=("clusterIPs",))


def _none_with_others(subject: Subject) -> Iterator[Found]:
    ips = _cluster_ips(subject)
    if subject.is_headless and len(ips) > 1:
        yield Found(path="spec.clusterIPs", says={"ips": shown(ips)}, fields=("clusterIPs",))


def _too_many_cluster_ips(subject: Subject) -> Iterator[Found]:
    ips = _cluster_ips(subject)
    if len(ips) > _MOST_CLUSTER_IPS:
        yield Found(path="spec.clusterIPs", says={"ips": shown(ips)}, fields=("clusterIPs",))


def _cluster_ips_are_addresses(subject: Subject) -> bool:
    """Whether it makes sense to look at their families."""
    return not subject.is_headless and all(read_address(ip) for _, ip in _typed_cluster_ips(subject))


def _cluster_ips_of_one_family(subject: Subject) -> Iterator[Found]:
    ips = [ip for _, ip in _typed_cluster_ips(subject)]
    if _cluster_ips_are_addresses(subject) and len(ips) > 1 and len({family_of(ip) for ip in ips}) == 1:
        yield Found(path="spec.clusterIPs", says={"ips": shown(ips)}, fields=("clusterIPs",))


def _cluster_ips_of_other_families(subject: Subject) -> Iterator[Found]:
    if not _cluster_ips_are_addresses(subject):
        return
    for (index, ip), family in zip(_typed_cluster_ips(subject), _families(subject), strict=False):
        if family in _FAMILIES and family_of(ip) != family:
            says = {"ip": quote(ip), "family": family, "index": index}
            yield Found(path=f"spec.clusterIPs[{index}]", says=says, fields=("clusterIPs", "ipFamilies"))


def _two_in_a_single_stack(subject: Subject) -> Iterator[Found]:
    spec, ips, families = subject.spec, _cluster_ips(subject), _families(subject)
    bare_headless = subject.is_headless and not spec.get("selector")
    default = "RequireDualStack" if bare_headless else "SingleStack"
    if (spec.get("ipFamilyPolicy") or default) != "SingleStack":
        return
    for count, what, field in ((len(ips), "cluster IPs", "clusterIPs"), (len(families), "IP families", "ipFamilies")):
        if count == _MOST_CLUSTER_IPS:
            yield Found(path="spec.ipFamilyPolicy", says={"what": what}, fields=("ipFamilyPolicy", field))


def _no_external_ips(subject: Subject) -> Iterator[Found]:
    for index, ip in enumerate(subject.spec.get("externalIPs") or ()):
        if read_address(ip) is None:
            words = invalid(ip, NO_ADDRESS)
            yield Found(path=f"spec.externalIPs[{index}]", says={"words": words}, fields=("externalIPs",))


def _special_external_ips(subject: Subject) -> Iterator[Found]:
    for index, ip in enumerate(subject.spec.get("externalIPs") or ()):
        reason = "" if ambiguity(ip) else special_range(ip)  # which servers say of it alone
        if reason:
            says = {"words": invalid(ip, reason)}
            yield Found(path=f"spec.externalIPs[{index}]", says=says, fields=("externalIPs",))


def _no_source_ranges(subject: Subject) -> Iterator[Found]:
    for path, text in subject.source_ranges:
        if not is_range(text):
            field = "loadBalancerSourceRanges" if path.startswith("spec.") else "metadata.annotations"
            yield Found(path=path, says={"words": invalid(text, NO_RANGE)}, fields=(field,))


def _no_host(subject: Subject) -> Iterator[Found]:
    if subject.type == "ExternalName" and not (subject.spec.get("externalName") or "").removesuffix("."):
        yield Found(path="spec.externalName", fields=("type", "externalName"))


def _wrong_host(subject: Subject) -> Iterator[Found]:
    host = (subject.spec.get("externalName") or "").removesuffix(".")
    if subject.type == "ExternalName" and host:
        for problem in dns_subdomain(host):
            says = {"words": invalid(host, problem)}
            yield Found(path="spec.externalName", says=says, fields=("externalName",))


FAMILY_CHECKS = (
    Check(
        id="ip-family-unknown", level=REFUSED, field="spec.ipFamilies[]", find=_unknown_families,
        remedy="the families are IPv4 and IPv6",
        passes="create web --selector app=web --port 80 --ip-family IPv6",
        fails="create web --selector app=web --port 80 --ip-family IPv5",
    ),
    Check(
        id="ip-family-twice", level=REFUSED, field="spec.ipFamilies[]", find=_repeated_families,
        remedy="name each family once",
        passes="create web --selector app=web --port 80 --ip-family IPv4,IPv6",
        fails='create web --selector app=web --port 80 --ip-family-policy PreferDualStack '
        '--overrides \'{"spec":{"ipFamilies":["IPv4","IPv4"]}}\'',
    ),
    Check(
        id="ip-family-policy-unknown", level=REFUSED, field="spec.ipFamilyPolicy", find=_unknown_policy,
        remedy="--ip-family-policy takes SingleStack, PreferDualStack or RequireDualStack",
        passes="create web --selector app=web --port 80 --ip-family-policy PreferDualStack",
        fails="create web --selector app=web --port 80 --ip-family-policy DualStack",
    ),
    Check(
        id="cluster-ip-first", level=REFUSED, field="spec.clusterIPs", find=_first_cluster_ip,
        remedy="--cluster-ip sets both fields",
        passes="create web --selector app=web --port 80 --cluster-ip 10.0.0.10 --cluster-ip fd00::10",
        fails='create web --selector app=web --port 80 --overrides \'{"spec":{"clusterIPs":["10.0.0.10"]}}\'',
    ),
    Check(
        id="cluster-ip-invalid", level=REFUSED, field="spec.clusterIPs[]", find=_no_cluster_ips,
        remedy="--cluster-ip takes an IP address, or None for a headless Service",
        passes="create web --selector app=web --port 80 --cluster-ip 10.0.0.10",
        fails="create web --selector app=web --port 80 --cluster-ip 10.0.0",
    ),
    Check(
        id="cluster-ip-none-and-another", level=REFUSED, field="spec.clusterIPs", find=_none_with_others,
        message="Invalid value: {ips}: 'None' must be the first and only value",
        remedy="say --headless alone, or addresses alone",
        passes="create web --selector app=web --port 80 --cluster-ip None",
        fails="create web --selector app=web --port 80 --cluster-ip None --cluster-ip 10.0.0.10",
    ),
    Check(
        id="cluster-ips-too-many", level=REFUSED, field="spec.clusterIPs", find=_too_many_cluster_ips,
        message="Invalid value: {ips}: may only hold up to 2 values", remedy="say one --cluster-ip for each IP family",
        passes="create web --selector app=web --port 80 --cluster-ip 10.0.0.10 --cluster-ip fd00::10",
        fails="create web --selector app=web --port 80 "
        "--cluster-ip 10.0.0.10 --cluster-ip fd00::10 --cluster-ip fd00::11",
    ),
    Check(
        id="cluster-ips-one-family", level=REFUSED, field="spec.clusterIPs", find=_cluster_ips_of_one_family,
        message="Invalid value: {ips}: may specify no more than one IP for each IP family",
        remedy="say one --cluster-ip for each IP family",
        passes="create web --selector app=web --port 80 --cluster-ip fd00::10 --cluster-ip 10.0.0.10",
        fails="create web --selector app=web --port 80 --cluster-ip 10.0.0.10 --cluster-ip 10.0.0.11",
    ),
    Check(
        id="cluster-ip-family", level=REFUSED, field="spec.clusterIPs[]", find=_cluster_ips_of_other_families,
        message="Invalid value: {ip}: expected an {family} value as indicated by `ipFamilies[{index}]`",
        remedy="name --ip-family in the order of --cluster-ip, or leave it out: the addresses say it",
        passes="create web --selector app=web --port 80 --cluster-ip fd00::10 --ip-family IPv6",
        fails="create web --selector app=web --port 80 --cluster-ip 10.0.0.10 --ip-family IPv6",
    ),
)  # fmt: skip
"""What a server refuses before it looks at anything else of a Service."""

POLICY_CHECKS = (
    Check(
        id="single-stack-of-two", level=REFUSED, field="spec.ipFamilyPolicy", find=_two_in_a_single_stack,
        message="Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple {what} "
        "are specified",
        remedy="--ip-family-policy PreferDualStack, or a single family",
        passes="create web --selector app=web --port 80 --ip-family IPv4,IPv6",
        fails="create web --selector app=web --port 80 --ip-family IPv4,IPv6 --ip-family-policy SingleStack",
    ),
)  # fmt: skip
"""What it refuses next."""

ADDRESS_CHECKS = (
    Check(
        id="external-ip-invalid", level=REFUSED, field="spec.externalIPs[]", find=_no_external_ips,
        remedy="--external-ip takes an IP address",
        passes="create web --selector app=web --port 80 --external-ip 192.0.2.7",
        fails="create web --selector app=web --port 80 --external-ip example.com",
    ),
    Check(
        id="external-ip-special", level=REFUSED, field="spec.externalIPs[]", find=_special_external_ips,
        remedy="--external-ip takes an address that is routed to the nodes",
        passes="create web --selector app=web --port 80 --external-ip 192.0.2.7",
        fails="create web --selector app=web --port 80 --external-ip 127.0.0.1",
    ),
    Check(
        id="source-range-invalid", level=REFUSED, field="spec.loadBalancerSourceRanges[]", find=_no_source_ranges,
        remedy="a range is an address, / and a length: 192.0.2.0/24, or 192.0.2.7/32 for one",
        passes="create web --selector app=web --port 80 --type LoadBalancer --load-balancer-source-ranges 192.0.2.0/24",
        fails="create web --selector app=web --port 80 --type LoadBalancer --load-balancer-source-ranges 192.0.2.7",
    ),
    Check(
        id="external-name-missing", level=REFUSED, field="spec.externalName", find=_no_host,
        message="Required value", remedy="--external-name says which host",
        passes="create web --external-name example.com",
        fails='create web --selector app=web --port 80 --overrides \'{"spec":{"type":"ExternalName"}}\'',
    ),
    Check(
        id="external-name-invalid", level=REFUSED, field="spec.externalName", find=_wrong_host,
        remedy="--external-name takes a host alone, in lower case, without scheme, port and path",
        passes="create web --external-name example.com.", fails="create web --external-name https://example.com",
    ),
)  # fmt: skip

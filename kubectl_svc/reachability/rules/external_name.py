"""A Service that only stands for a name."""

from __future__ import annotations

from kubectl_svc.reachability.model import POSSIBLE, Diagnosis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.reachability.view import View


def is_an_address(view: View) -> Iterator[Diagnosis]:
    """An IP address is no name: DNS answers with a CNAME that nobody can look up (core/v1 `ServiceSpec`)."""
    host = _host(view)
    if _is_address(host):
        yield Diagnosis(
            code="ExternalNameIsAddress",
            message=f"the external name {host} is an IP address, and DNS answers with names only; a headless Service "
            "with an EndpointSlice of your own leads to an address",
            commands=(
                view.kubectl("delete", "service", view.name),
                f"kubectl svc create {view.name} --headless -n {view.namespace}",
                f"echo '{_slice(view.name, host)}' | " + view.kubectl("create", "-f", "-"),
            ),
        )


def _slice(name: str, address: str) -> str:
    """An EndpointSlice that has the Service lead to the address, as JSON."""
    family = "IPv6" if ":" in address else "IPv4"
    return (
        '{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"'
        f'{name}-1","labels":{{"kubernetes.io/service-name":"{name}"}}}},'
        f'"addressType":"{family}","endpoints":[{{"addresses":["{address}"]}}]}}'
    )


def is_a_service(view: View) -> Iterator[Diagnosis]:
    """A name of this cluster: the Service itself, one that is not there, or one whose ports count as they are."""
    parts = _host(view).split(".")
    if parts[2:] not in (["svc"], ["svc", "cluster", "local"]):
        return
    name, namespace = parts[:2]
    if (name, namespace) == (view.name, view.namespace):
        yield Diagnosis(
            code="ExternalNameIsItself",
            message="the external name is the Service's own name, so that looking it up never ends",
            commands=(view.patch('{"externalName":"HOST"}'),),
        )
        return
    if view.scene.find_service(namespace, name) is False:
        yield Diagnosis(
            code="ExternalNameNotFound",
            message=f"the external name is that of Service {namespace}/{name}, which is not there",
            commands=(f"kubectl get services -n {namespace}", view.patch('{"externalName":"HOST"}')),
        )
    else:
        yield Diagnosis(
            code="ExternalNameIsService",
            level=POSSIBLE,
            message=f"the external name is that of Service {namespace}/{name} of this cluster: only the ports there "
            "count, and a server that goes by the name it is called by may refuse this one",
            commands=(f"kubectl svc status {name} -n {namespace}",),
        )


def _host(view: View) -> str:
    return str(view.spec.get("externalName") or "").removesuffix(".").lower()


def _is_address(host: str) -> bool:
    from ipaddress import ip_address  # only such a Service needs it

    try:
        ip_address(host)
    except ValueError:
        return False
    return True

"""The --lb flags of a request, turned into what the Service is to say to its provider."""

from __future__ import annotations

from kubectl_svc.access.providers import Providers
from kubectl_svc.errors import SvcError
from kubectl_svc.labels import parse_labels
from kubectl_svc.load_balancer_options import AUTO
from kubectl_svc.load_balancers.choice import choose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kubectl_svc.access.session import Session
    from kubectl_svc.load_balancer_options import LoadBalancerOptions
    from kubectl_svc.load_balancers.choice import Chosen
    from kubectl_svc.output.console import Console
    from kubectl_svc.request import ServiceRequest
    from kubectl_svc.service_options import ServiceOptions


def with_load_balancer(
    request: ServiceRequest, session: Session | None, environ: Mapping[str, str], console: Console
) -> ServiceRequest:
    """The request with what its load balancer's provider reads among what the Service shall say.

    Says on the console what was found of the cluster, and what there is to know of the settings. Raises SvcError for
    what the provider cannot do or does not know, and where it is not to be found out.
    """
    options = request.load_balancer
    if options is None:
        return request
    _refuse_other_types(request.service)
    providers = Providers(environ)
    if options.provider == AUTO:
        options = _detected(options, session, providers, console)
    provider = providers.find(options.provider)
    fields = dict(request.service.fields)
    if request.service.load_balancer_ip:
        fields["loadBalancerIP"] = request.service.load_balancer_ip
    chosen = choose(provider, options, fields, providers.all)
    for sentence in chosen.warnings:
        console.warn(sentence)
    if request.sending.how == "apply" and chosen.creation_only:
        console.warn(
            f"{provider.name} heeds {', '.join(chosen.creation_only)} only when the load balancer is made: one that "
            "is there already stays as it is, or is replaced"
        )
    for sentence in chosen.hints:
        console.hint(sentence)
    _refuse_other_labels(request.service, chosen)
    typed = {name for name, _ in request.service.annotations}
    return request.but(
        load_balancer=options,
        chosen=chosen,
        service=request.service.but(
            type="LoadBalancer",
            # --annotation is the unchecked way out, and has the last word.
            annotations=(*(one for one in chosen.annotations if one[0] not in typed), *request.service.annotations),
            more_labels=chosen.labels,
            fields=tuple({**dict(request.service.fields), **dict(chosen.fields)}.items()),
        ),
    )


def _refuse_other_types(service: ServiceOptions) -> None:
    if service.type not in ("", "LoadBalancer"):
        raise SvcError(f"--lb cannot be combined with --type {service.type}: only a LoadBalancer has a load balancer")
    if service.external_name:
        raise SvcError("--lb cannot be combined with --external-name: that is a name for a host, without addresses")


def _refuse_other_labels(service: ServiceOptions, chosen: Chosen) -> None:
    labels = parse_labels(service.labels) if service.labels and chosen.labels else {}
    for key, value in chosen.labels:
        if labels.get(key, value) != value:
            raise SvcError(
                f"--labels contradicts --lb {chosen.provider.name}: {key} cannot be both {labels[key]} and {value}"
            )


def _detected(
    options: LoadBalancerOptions, session: Session | None, providers: Providers, console: Console
) -> LoadBalancerOptions:
    """The options with the provider that the cluster has, which is said on the console."""
    if session is None:
        raise SvcError("--lb auto needs a cluster to look at: say --lb PROVIDER")
    from kubectl_svc.cli.surroundings import detect_provider  # a provider that is named is not looked for

    found = detect_provider(session, providers.all())
    typed = {name for name, _ in options.settings}
    settings = tuple(one for one in found.settings if one[0] not in typed)
    follows = "".join(f"; {name}={value}" for name, value in settings)
    console.message(f"load balancer: {found.provider}, because {'; '.join(found.reasons)}{follows}\n")
    return options.but(provider=found.provider, settings=(*options.settings, *settings))

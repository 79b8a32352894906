"""What the command line says of the load balancer, in words that no provider is asked about yet.

Pure: text in, `LoadBalancerOptions` out.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.flags.load_balancer_flags import FLAGS_OF_INTENTS, LB_FLAGS
from kubectl_svc.golang import quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kubectl_svc.command_line import CommandLine

AUTO = "auto"
"""The provider that is to be found."""


class LoadBalancerOptions(Value):
    """What is asked of the load balancer of one command."""

    provider: str
    """Name or alias, as typed, or AUTO."""
    intents: Mapping[str, str] = {}
    """By intent (`load_balancers.model.INTENTS`) the text that was typed for it; empty where the intent says all."""
    settings: tuple[tuple[str, str], ...] = ()
    """Names and values of settings, as typed."""

    @property
    def scheme(self) -> str:
        """`internal`, `public` or nothing."""
        return next((intent.partition("=")[2] for intent in self.intents if intent.startswith("scheme=")), "")


def read_load_balancer_options(line: CommandLine) -> LoadBalancerOptions | None:
    """What the --lb flags say, None where there are none.

    Raises SvcError for flags without --lb, for one that says nothing (an empty variable in a script must not make a
    load balancer public that was meant to be internal), and for words that none of the flags knows.
    """
    typed = [flag.name for flag in LB_FLAGS if line.given(flag.name)]
    for name in typed:
        if line.declared[name].type != "bool" and not all(text.strip() for text in line.texts(name)):
            raise SvcError(f"--{name} says nothing: leave it out, or say a {line.declared[name].metavar}")
    if not any(_says(line, name) for name in typed):
        return None
    provider = line.text("lb").strip()
    if not provider:
        raise SvcError(f"--{typed[0]} needs --lb PROVIDER, or --lb auto: see kubectl svc providers")
    return LoadBalancerOptions(
        provider=AUTO if provider.lower() == AUTO else provider,
        intents=dict(_intents(line)),
        settings=tuple(map(_setting, line.texts("lb-set"))),
    )


def _says(line: CommandLine, name: str) -> bool:
    return line.flag(name) if line.declared[name].type == "bool" else any(line.texts(name))


def _intents(line: CommandLine) -> Iterator[tuple[str, str]]:
    for name, intent in FLAGS_OF_INTENTS.items():
        flag = line.declared[name]
        if not _says(line, name):
            continue
        if flag.type == "bool":
            yield intent, ""
        elif flag.values:
            word = next((word for word in flag.values if word == line.text(name).lower()), "")
            if not word:
                raise SvcError(f"--{name} {quote(line.text(name))}: not one of {', '.join(flag.values)}")
            yield f"{intent}={word}", ""
        else:
            words = (word.strip() for text in line.texts(name) for word in text.split(","))
            yield intent, ",".join(dict.fromkeys(filter(None, words)))


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise SvcError(f"--lb-set {quote(text)}: not NAME=VALUE")
    return name.strip(), value

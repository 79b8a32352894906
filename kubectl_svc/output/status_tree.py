"""A Service's status as a tree, for people at a terminal. rich draws it; what comes from a cluster is made visible."""

from __future__ import annotations

from kubectl_svc.output import status_text
from kubectl_svc.output.console import visible
from kubectl_svc.reachability.addresses import cluster_urls
from kubectl_svc.reachability.model import BROKEN, POSSIBLE, WARNING, spec_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.text import Text
    from rich.tree import Tree

    from kubectl_svc.reachability.model import Status

_MARKS: Mapping[str, tuple[str, str]] = {BROKEN: ("✗", "red"), WARNING: ("!", "yellow"), POSSIBLE: ("?", "cyan")}
_REACHED: Mapping[bool | None, tuple[str, str]] = {
    True: ("reachable", "green"), False: ("not reachable", "red"), None: ("not known whether reachable", "yellow"),
}  # fmt: skip


def draw(status: Status, width: int, *, colours: bool) -> str:
    """The picture, at most `width` columns wide, with a newline at its end; with or without colours."""
    from rich.console import Console  # 60 ms, which a person at a terminal does not notice

    console = Console(
        width=width, force_terminal=True, legacy_windows=False, color_system="standard" if colours else None,
        highlight=False, emoji=False, markup=False,
    )  # fmt: skip
    with console.capture() as captured:
        console.print(_tree(status))
    drawn = "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
    # A command stays in one line, however long it is, so that it can be copied.
    commands = [command for each in status.diagnoses for command in each.commands]
    for place, command in zip(_places(), commands, strict=False):
        drawn = drawn.replace(place, _shown(command))
    return drawn


def _places() -> Iterator[str]:
    """What commands are drawn as at first: characters for private use, which `visible` leaves to nobody else."""
    return map(chr, range(0xE000, 0xF900))


def _tree(status: Status) -> Tree:
    from rich.text import Text
    from rich.tree import Tree

    places = _places()
    said, colour = _REACHED[status.reachable]
    heading = _text((status.name, "bold"), (f"  {status.namespace}  {status.type}  ", ""), (said, colour))
    root = Tree(heading, guide_style="dim")
    spec = spec_of(status.service)
    addresses = ", ".join(spec.get("clusterIPs") or ()) or spec.get("externalName") or spec.get("clusterIP") or ""
    addresses = "headless" if addresses == "None" else addresses
    for url in cluster_urls(status.service, status.ports):
        root.add(_text(("in the cluster  ", "dim"), (url, ""), (f"  {addresses}", "dim")))
    for name in status.dns_names[1:]:
        root.add(_text(("a pod's name    ", "dim"), (name, "")))
    if spec.get("externalIPs"):
        root.add(_text(("external IPs    ", "dim"), (", ".join(spec["externalIPs"]), "")))
    if status.node_urls:
        count = f"  {status.node_count} node{'' if status.node_count == 1 else 's'}"
        root.add(_text(("nodes           ", "dim"), (", ".join(status.node_urls[:3]), ""), (count, "dim")))
    if status.type == "LoadBalancer":
        root.add(_text(("load balancer   ", "dim"), (status_text.balancer_text(status), "")))
    for title, text in status_text.restrictions(status):
        root.add(_text((f"{title.lower():<16}", "dim"), (text, "")))
    if status_text.selector_text(status):
        root.add(_text(("selector        ", "dim"), (status_text.selector_text(status), "")))
    for port in status.ports:
        branch = root.add(_text(("port ", "dim"), (status_text.port_text(port, status), "")))
        for one in status_text.shown(port):
            mark, colour = ("●", "green") if one.ready else ("○", "yellow")
            said = "" if one.ready else f"  {status_text.state_of(one)}"
            branch.add(_text((f"{mark} ", colour), (status_text.endpoint_text(one, port), ""), (said, "yellow")))
        if status_text.more(port):
            branch.add(_text((f"and {status_text.more(port)}", "dim")))
    for each in status.diagnoses:
        mark, colour = _MARKS[each.level]
        words = f"{each.message} ({each.code})"
        branch = root.add(_text((f"{mark} ", colour), (words, colour if each.level == BROKEN else "")))
        for _ in each.commands:
            branch.add(Text(next(places), "bold"))
    return root


def _text(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*((_shown(words), style) for words, style in parts))


def _shown(words: str) -> str:
    return visible(words.replace("\n", "\\n"))

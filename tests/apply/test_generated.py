"""Any flags and then any others, applied: the live Service says what the last command says, as the first look told."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.differential.bench import Bench, check, comparable, lines_beside_notes
from tests.differential.new_flags import Line, lines
from tests.differential.programs import without_allotted
from tests.differential.workloads import Source, sources

if TYPE_CHECKING:
    from tests.control_plane.cluster import Cluster

_EXAMPLES = settings().max_examples
_SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)


_HINTS = re.compile(
    "^hint: (a Service does not change this in place|--ip-family-policy SingleStack gives up)", re.MULTILINE
)


@pytest.fixture
def bench(stage: Cluster, env: dict[str, str]) -> Bench:
    return Bench(stage, env)


@st.composite
def _cases(draw: st.DrawFn, commands: int) -> tuple[Source | None, list[Line]]:
    """A workload, or none for `create`, and some commands that make the Service `made` of it."""
    source = draw(st.none() | sources())
    drawn = [draw(lines(source)) for _ in range(commands)]
    for line in drawn:
        line.groups = [group for group in line.groups if group[0] != "--name"]
        if source:
            line.groups.append(["--name", "made"])
        line.says["metadata.name"] = "made"
    return source, drawn


def _argv(source: Source | None, line: Line) -> list[str]:
    return ["expose", source.kind, "web", *line.words] if source else ["create", "made", *line.words]


def _manifests(source: Source | None) -> list[dict[str, Any]]:
    return [source.manifest] if source else []


@settings(suppress_health_check=_SLOW, max_examples=max(_EXAMPLES // 4, 1))
@given(case=_cases(1))
def test_applied_is_as_created_and_again_nothing(case: tuple[Source | None, list[Line]], bench: Bench) -> None:
    """The Service says what the flags say and is the one that is made without --apply; then there is nothing to do."""
    source, (line,) = case
    argv = _argv(source, line)
    with bench.holding(*_manifests(source)) as stored:
        bench.result(*argv)
        (created,) = bench.take_services()
        assert bench.run(*argv, "--diff")[0] == 1
        assert bench.services() == []
        assert bench.result(*argv, "--apply") == "service/made created\n"
        (applied,) = bench.services()
        check(applied, line, stored)
        assert comparable(applied) == comparable(created)
        assert bench.result(*argv, "--apply") == "service/made unchanged\n"
        assert bench.result(*argv, "--diff") == ""
        assert bench.services() == [applied]


@settings(suppress_health_check=_SLOW, max_examples=max(_EXAMPLES // 2, 1))
@given(case=_cases(2), how=st.sampled_from(("--apply", "--apply", "--dry-run=none")))
def test_one_command_after_another(case: tuple[Source | None, list[Line]], how: str, bench: Bench) -> None:
    """The second one says all there is, made as it was looked at before, unless the server refuses for good."""
    source, (first, second) = case
    before, after = _argv(source, first), _argv(source, second)
    with bench.holding(*_manifests(source)) as stored:
        bench.result(*before, how)
        (live,) = bench.services()
        would = bench.run(*after, "--apply", "--dry-run=server", "-o", "json", "--show-managed-fields")
        differs, _, _ = bench.run(*after, "--diff")
        assert bench.services() == [live]
        code, out, err = bench.run(*after, "--apply")
        (made,) = bench.services()
        if code:
            assert (would[0], would[1], _refusal(would[2])) == (code, "", _refusal(err))
            assert differs == 2
            assert made == live
            assert lines_beside_notes(err)[0].startswith('The Service "made" is invalid: ')
            assert _HINTS.search(err), err
            return
        assert lines_beside_notes(err) == []
        check(made, second, stored)
        assert _told(json.loads(would[1])) == _told(made)
        assert out == f"service/made {'configured' if made != live else 'unchanged'}\n"
        assert differs == (_shown(made) != _shown(live))
        assert bench.result(*after, "--apply") == "service/made unchanged\n"


_MAKERS = {
    "kubectl-create": ("create",),
    "kubectl-client-side-apply": ("apply",),
    "helm": ("apply", "--server-side", "--field-manager=helm"),
}


@settings(suppress_health_check=_SLOW, max_examples=max(_EXAMPLES // 2, 1))
@given(case=_cases(2), maker=st.sampled_from(sorted(_MAKERS)), force=st.booleans())
def test_others_lose_nothing_unless_forced(
    case: tuple[Source | None, list[Line]], maker: str, force: bool, bench: Bench
) -> None:
    """Whoever made the Service and whatever we say: a conflict that names him, or all that was his is as it was.

    By force the Service says what the command says, as it was looked at before.
    """
    source, (first, second) = case
    words = ("--apply", *(("--force-conflicts",) if force else ()))
    with bench.holding(*_manifests(source)) as stored:
        printed = bench.result(*_argv(source, first), "--dry-run=client", "-o", "yaml")
        bench.stage.kubectl(*_MAKERS[maker], "-f", "-", stdin=printed)
        (live,) = bench.services()
        would = bench.run(*_argv(source, second), *words, "--dry-run=server", "-o", "json", "--show-managed-fields")
        code, _, err = bench.run(*_argv(source, second), *words)
        (made,) = bench.services()
        if code:
            assert (would[0], _refusal(would[2])) == (code, _refusal(err))
            assert made == live
            assert _HINTS.search(err) or (
                not force and (f'conflict with "{maker}"' in err or f'"{maker}" owns' in err)
            ), err
            return
        assert _told(json.loads(would[1])) == _told(made)
        if force:
            check(_without_theirs(made, second), second, stored)
            assert bench.result(*_argv(source, second), "--apply") == "service/made unchanged\n"
        else:
            theirs = _owned(live, maker)
            for path in theirs:
                was, now = _at(live, path), _at(made, path)
                # The server may add a second family to theirs, for a policy of ours.
                assert (now[: len(was)] if path[-1] in ("f:ipFamilies", "f:clusterIPs") else now) == was, path
            assert _owned(made, maker) == theirs


def _without_theirs(service: dict[str, Any], line: Line) -> dict[str, Any]:
    """The Service less labels, annotations and owners that the command does not say: they stay with who wrote them."""
    metadata = dict(service["metadata"])
    for name in ("labels", "annotations"):
        said = line.says.get(f"metadata.{name}") or {}
        metadata[name] = {key: value for key, value in metadata.get(name, {}).items() if key in said}
    if "owner" not in line.says:
        metadata.pop("ownerReferences", None)
    return {**service, "metadata": metadata}


def _owned(service: dict[str, Any], manager: str) -> set[tuple[str, ...]]:
    """The paths of all that a manager owns, as path elements."""

    def leaves(fields: dict[str, Any], path: tuple[str, ...]) -> set[tuple[str, ...]]:
        inside = [leaves(inner, (*path, element)) for element, inner in fields.items() if element != "."]
        return set[tuple[str, ...]]().union(*inside) if inside else {path}

    entries = [entry for entry in service["metadata"]["managedFields"] if entry["manager"] == manager]
    return set[tuple[str, ...]]().union(*(leaves(entry["fieldsV1"], ()) for entry in entries))


def _at(service: dict[str, Any], path: tuple[str, ...]) -> Any:
    """What stands at a path of path elements."""
    value: Any = service
    for element in path:
        kind, _, name = element.partition(":")
        if kind == "k":
            keys = json.loads(name).items()
            value = next(item for item in value if all(item.get(key) == wanted for key, wanted in keys))
        else:
            value = value[name] if kind == "f" else json.loads(name)
    return value


def _told(service: dict[str, Any]) -> Any:
    """Metadata and spec of a Service, without what only a real change gives it."""
    ordered = json.loads(json.dumps({part: service[part] for part in ("metadata", "spec")}, sort_keys=True))
    owners = [{**entry, "time": ""} for entry in service["metadata"]["managedFields"]]
    return comparable(ordered), sorted(owners, key=lambda entry: (entry["operation"], entry["manager"]))


def _refusal(err: str) -> list[str]:
    """The lines of an error without addresses that the server picked and without warnings, some of which are its."""
    return [line for line in without_allotted(err).splitlines() if not line.startswith("Warning: ")]


def _shown(service: dict[str, Any]) -> Any:
    """What a diff shows of a Service."""
    hidden = ("managedFields", "resourceVersion")
    metadata = {name: value for name, value in service["metadata"].items() if name not in hidden}
    return {**service, "metadata": metadata, "status": None}

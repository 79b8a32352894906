"""The declaration against the real kubectl: names, shorthands, types and defaults."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from kubectl_svc.argv import read
from kubectl_svc.errors import UsageError
from kubectl_svc.flags import COMMANDS, EXPOSABLE_TYPES, EXPOSE
from kubectl_svc.flags.model import ADDRESSES, HELP, LOAD_BALANCER, MANY, METADATA, PORTS, TRAFFIC, Flag
from kubectl_svc.workloads.kinds import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control_plane.build import Programs


FLAG_LINE = re.compile(r"^ +(?:-(?P<shorthand>\w), )?--(?P<name>[\w-]+)=(?P<value>.*):$", re.MULTILINE)

NOT_IN_HELP = {"help", "record"}  # cobra's own, and deprecated
ACCUMULATING = {"port", "cluster-ip", "external-ip"}
OWN_DEFAULTS = {"field-manager": ("kubectl-expose", "kubectl-svc"), "cache-dir": ("{home}/.kube/cache", "")}

_OURS = (MANY, PORTS, ADDRESSES, LOAD_BALANCER, TRAFFIC, METADATA)  # groups of flags that kubectl has not
_OURS_TO_SEND = {"apply", "force-conflicts", "diff", "wait", "timeout"}  # in a group with some of kubectl's
DECLARED = {flag.name: flag for flag in EXPOSE.flags if flag.group not in _OURS and flag.name not in _OURS_TO_SEND}
CHECKED = [flag for flag in DECLARED.values() if flag.type not in ("string", "strings", "stringArray")]

# --kuberc aside: kubectl opens that file before it reads the command line.
FREE = [flag for flag in DECLARED.values() if flag not in CHECKED and flag.name != "kuberc"]


@pytest.fixture
def kubectl(programs: Programs, tmp_path: Path) -> Kubectl:
    return Kubectl(programs.kubectl, tmp_path)


class Kubectl:
    """The real one, in a home of its own; `output` is both streams."""

    def __init__(self, path: str, home: Path) -> None:
        self._path = path
        self.home = str(home)

    def output(self, *argv: str) -> str:
        run = [self._path, *argv]
        done = subprocess.run(run, capture_output=True, text=True, check=False, env={"HOME": self.home}, timeout=60)
        return done.stdout + done.stderr


def test_flags_are_kubectls(kubectl: Kubectl) -> None:
    """Every flag of `kubectl expose --help` and `kubectl options` is declared alike, and no other."""
    listed = list(FLAG_LINE.finditer(kubectl.output("expose", "--help") + kubectl.output("options")))
    assert {line["name"] for line in listed} == DECLARED.keys() - NOT_IN_HELP
    for line in listed:
        flag = DECLARED[line["name"]]
        theirs, ours = OWN_DEFAULTS.get(flag.name, (flag.default, flag.default))
        assert flag.shorthand == (line["shorthand"] or "")
        assert flag.default == ours
        assert line["value"] == shown(flag, theirs.format(home=kubectl.home))


def shown(flag: Flag, default: str) -> str:
    """A default as kubectl's help shows it for the flag's type."""
    if flag.type == "string" or flag.name in ACCUMULATING:
        return f"'{default}'"
    return "[]" if flag.repeats else default


@pytest.mark.parametrize("flag", CHECKED, ids=lambda flag: flag.name)
def test_types_check_as_kubectls(kubectl: Kubectl, flag: Flag) -> None:
    """A value that is no value of the flag's type gets the same answer from the real kubectl."""
    argv = ["expose", f'--{flag.name}="']
    with pytest.raises(UsageError) as error:
        read(argv, COMMANDS)
    assert kubectl.output(*argv).splitlines()[0] == f"error: {error.value}"


def test_other_types_take_anything(kubectl: Kubectl) -> None:
    """The remaining flags take any text, here as in kubectl."""
    assert_reaches_end(kubectl, [f'--{flag.name}="' for flag in FREE])


def test_flags_that_need_a_value_take_the_next_word(kubectl: Kubectl) -> None:
    """A flag that is declared to need a value takes even a flag for one, here as in kubectl."""
    assert_reaches_end(kubectl, [word for flag in FREE if not flag.bare for word in (f"--{flag.name}", "--taken")])


def test_flags_without_value_leave_the_next_word(kubectl: Kubectl) -> None:
    """A flag that may stand alone takes nothing, here as in kubectl: a bool would refuse it, the rest stands last."""
    alone = sorted((flag for flag in DECLARED.values() if flag.bare), key=lambda flag: flag.type != "bool")
    assert [flag.name for flag in alone if flag.type != "bool"] == ["dry-run"]
    assert_reaches_end(kubectl, [f"--{flag.name}" for flag in alone])


def assert_reaches_end(kubectl: Kubectl, words: list[str]) -> None:
    """Both programs read all words and then stumble over the flag behind them."""
    argv = ["expose", *words, "--end"]
    with pytest.raises(UsageError, match=r"^unknown flag: --end$"):
        read(argv, COMMANDS)
    assert kubectl.output(*argv).splitlines()[0] == "error: unknown flag: --end"


def test_declaration_is_consistent() -> None:
    """Names and shorthands are unique in each command, help is everywhere, secrets are marked."""
    for command in COMMANDS:
        shorthands = [flag.shorthand for flag in command.flags if flag.shorthand]
        assert len(shorthands) == len(set(shorthands))
        assert len(command.flags) == len({flag.name for flag in command.flags})
        assert HELP in command.flags
        assert {flag.name for flag in command.flags if flag.classified} == {"token", "password"}


def test_the_types_that_tab_offers() -> None:
    """Are those that can be exposed."""
    assert tuple(row.resource.singular for row in KINDS if row.resource) == EXPOSABLE_TYPES

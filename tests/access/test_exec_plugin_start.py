"""How a credential plugin is found and started, how it may end, and what that costs us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.access import plugins
from tests.access.plugins import both, credential, exec_user, printing, unreachable_kubeconfig, write_plugin
from tests.svc import PROGRAM, svc
from tests.trust.watch import TOKEN, WATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tests.control_plane.build import Programs

_FAILING = {
    "exit code": "#!/bin/sh\necho oops >&2\nexit 3\n",
    "signal": "#!/bin/sh\nkill -9 $$\n",
    "no interpreter": "#!/no/such/interpreter\n",
    "no program": "just text\n",
    "output and exit code": f"#!/bin/sh\necho '{credential(token=TOKEN)}'\nexit 1\n",
}


@pytest.mark.parametrize("name", _FAILING)
def test_plugin_that_fails(name: str, programs: Programs, tmp_path: Path) -> None:
    """Exit code and reason are told as kubectl tells them, after what the plugin itself says on standard error."""
    user = exec_user(write_plugin(tmp_path, script=_FAILING[name]))
    theirs, ours = both(programs.kubectl, unreachable_kubeconfig(tmp_path, user), tmp_path)

    assert (ours.code, ours.errors) == (theirs.code, theirs.errors)


_COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "on PATH": ("bin-plugin", {}),
    "missing": ("no-such-plugin", {}),
    "missing with a hint": ("no-such-plugin", {"installHint": "get it\nthere:\t\x1b[31mhttps://example.com\u202e"}),
    "missing file": ("/no/such/plugin", {"installHint": "not shown"}),
    "folder": ("{folder}/bin", {}),
    "folder on PATH": ("folder", {}),
    "not executable": ("{folder}/plain", {}),
    "not executable on PATH": ("plain", {}),
    "behind a file that is not executable": ("shadowed", {}),
    "beside the kubeconfig": ("./bin-plugin", {}),
    "below the kubeconfig": ("bin/bin-plugin", {}),
    "with dots": ("{folder}/x/../bin/./bin-plugin", {}),
    "in the current folder": ("here-plugin", {}),
    "dot": (".", {}),
    "dots": ("..", {}),
    "zero byte in an argument": ("bin-plugin", {"args": ["a\0b"]}),
    "zero byte in the environment": ("bin-plugin", {"env": [{"name": "A", "value": "a\0b"}]}),
}


@pytest.mark.parametrize("name", _COMMANDS)
def test_plugin_is_found_the_same(
    name: str, programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is looked up as Go does it: PATH without the current folder, paths from the kubeconfig's folder."""
    command, fields = _COMMANDS[name]
    for folder in ("first/folder", "bin"):
        (tmp_path / folder).mkdir(parents=True)
    for path in ("bin/bin-plugin", "bin/shadowed", "here-plugin", "bin-plugin"):
        write_plugin(tmp_path, path)
    for path in ("plain", "first/plain", "first/shadowed"):
        (tmp_path / path).write_text("#!/bin/sh\n")
    monkeypatch.chdir(tmp_path)
    search = f"{tmp_path}/first:.::{tmp_path}/bin:{os.environ['PATH']}"
    user = exec_user(command.format(folder=tmp_path), **fields)
    kubeconfig = unreachable_kubeconfig(tmp_path, user)
    theirs, ours = both(programs.kubectl, kubeconfig, tmp_path, PATH=search, OUT=credential(token=TOKEN))

    assert ours == theirs.but(runs=min(theirs.runs, 1))


def test_ctrl_c_ends_both(tmp_path: Path) -> None:
    """An interrupt while the plugin waits for a login ends the plugin as well, even if it reaches us alone."""
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    plugin = write_plugin(tmp_path, script=f"#!/bin/sh\nexec 3>'{alive}'\necho up >&3\nexec sleep 600\n")
    command = [PROGRAM, "expose", "deploy", "web", "--port=80"]
    env = {**os.environ, "KUBECONFIG": unreachable_kubeconfig(tmp_path, exec_user(plugin))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        with open(alive, "rb") as file:
            assert file.readline() == b"up\n"
            process.send_signal(signal.SIGINT)
            assert file.read() == b""  # the end: nobody holds it open any more
        output, errors = (part.decode() for part in process.communicate(timeout=60))
    WATCH.end_run(command, env, output, errors)

    assert (process.returncode, output, errors) == (130, "", "")


def test_plugin_hears_of_a_broken_pipe(tmp_path: Path) -> None:
    """Python ignores SIGPIPE; what a plugin pipes into `head` relies on it."""
    script = '#!/bin/sh\n{ (yes); echo "yes: $?" >&2; } | head -n 1 >/dev/null\nexit 1\n'
    plugin = write_plugin(tmp_path, script=script)
    done = svc("expose", "deploy", "web", kubeconfig=unreachable_kubeconfig(tmp_path, exec_user(plugin)))

    assert done.stderr.startswith("yes: 141\n"), done.stderr


def test_plugin_costs_no_slow_import(tmp_path: Path) -> None:
    """The way to a plugin's token stays clear of the imports that take longer than the plugin."""
    kubeconfig = unreachable_kubeconfig(tmp_path, exec_user(printing(tmp_path, credential(token=TOKEN))))
    program = (
        "import os, sys\n"
        "from kubectl_svc import __main__\n"
        "os._exit = lambda code: print(*sys.modules)\n"
        "sys.argv[1:] = ['expose', 'deployment', 'web', '--port=80']\n"
        "__main__.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"HOME": "/nonexistent", "KUBECONFIG": kubeconfig, "PATH": os.environ["PATH"]},
    )
    loaded = set(done.stdout.split())
    assert plugins.count(tmp_path) == 1
    assert "kubectl_svc.access.login.exec_plugin" in loaded
    slow = {"subprocess", "tempfile", "datetime", "calendar", "logging", "kubernetes", "yaml", "typing", "dataclasses"}
    assert loaded & slow == set()

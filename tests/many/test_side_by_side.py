"""Several objects at the same time: what comes of them is told in their order, and one stands in no other's way."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.access.plugins import count, credential, exec_user, printing
from tests.access.servers import Answer, Authority, Server, answer, serve, tls_context
from tests.control_plane.kubeconfig import write_kubeconfig
from tests.interrupting import interrupt
from tests.many.manifests import deployment, documents
from tests.svc import PROGRAM, run, svc, svc_here
from tests.trust.watch import TOKEN, WATCH

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from tests.access.servers import Asked
    from tests.control_plane.cluster import Cluster

_EXISTS = "hint: --diff shows whether and how this command would change it, --apply does it"
_CREATED = answer("201 Created", b'{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"}}')


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Writes Deployments of these names into a file and gives its path."""

    def write(*names: str) -> str:
        path = tmp_path / "many.yaml"
        path.write_text(documents(map(deployment, names)))
        return str(path)

    return write


def _services(stage: Cluster) -> dict[str, object]:
    listed = json.loads(stage.kubectl("get", "services", "-o", "json").stdout)
    return {one["metadata"]["name"]: one["spec"]["selector"] for one in listed["items"]}


@pytest.mark.parametrize("concurrency", ["1", "3", "50"])
def test_a_file_of_many(stage: Cluster, file: Callable[..., str], concurrency: str) -> None:
    """Each object gets its own Service, told in input order, however many are worked on at once."""
    names = [f"web-{concurrency}-{number}" for number in range(40)]
    done = svc("expose", "-f", file(*names), "--concurrency", concurrency, kubeconfig=stage.kubeconfig)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"service/{name} exposed" for name in names]
    services = _services(stage)
    assert {name: services[name] for name in names} == {name: {"app": name} for name in names}


def test_failures_are_told_in_order_and_counted(stage: Cluster, file: Callable[..., str]) -> None:
    """One failure stops nothing else; the last line counts."""
    names = [f"part-{number}" for number in range(12)]
    for taken in ("part-3", "part-8"):
        stage.kubectl("create", "service", "clusterip", taken, "--tcp=80")
    done = svc("expose", "-f", file(*names), kubeconfig=stage.kubeconfig)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [f"service/{name} exposed" for name in names if name not in ("part-3", "part-8")]
    assert done.stderr.splitlines() == [
        'Error from server (AlreadyExists): services "part-3" already exists',
        'Error from server (AlreadyExists): services "part-8" already exists',
        _EXISTS,
        "error: 2 of 12 failed; 10 exposed",
    ]


def test_the_last_line_counts_what_was_done(stage: Cluster, file: Callable[..., str]) -> None:
    """By apply's own words, and as what it is on a dry run."""
    first, both = ("count-1", "count-2"), ("count-1", "count-2", "count-3")
    svc("expose", "-f", file(*first), "--apply", kubeconfig=stage.kubeconfig)
    stage.kubectl("create", "service", "clusterip", "count-4", "--tcp=80")
    done = svc("expose", "-f", file(*both, "count-4"), "--apply", kubeconfig=stage.kubeconfig)
    assert done.stderr.splitlines()[-1] == "error: 1 of 4 failed; 2 unchanged; 1 created"
    done = svc("expose", "-f", file(*both, "count-5"), "--dry-run=server", kubeconfig=stage.kubeconfig)
    assert done.stderr.splitlines()[-1] == "error: 3 of 4 failed; 1 exposed (server dry run)"


def test_named_objects(stage: Cluster) -> None:
    """They are read side by side too."""
    names = [f"named-{number}" for number in range(9)]
    stage.kubectl("apply", "-f", "-", stdin=documents(map(deployment, names)))
    asked = [f"deployment/{name}" for name in (*names[:4], "missing", *names[4:])]
    done = svc("expose", *asked, kubeconfig=stage.kubeconfig)
    assert done.stdout.splitlines() == [f"service/{name} exposed" for name in names]
    assert done.stderr.splitlines() == [
        'Error from server (NotFound): deployments.apps "missing" not found',
        "error: 1 of 10 failed; 9 exposed",
    ]


@pytest.mark.parametrize("round_", range(5))
def test_the_first_object_gets_the_name(stage: Cluster, tmp_path: Path, round_: int) -> None:
    """Of two objects that would make the same Service the first makes it, however fast the second one is."""
    name = f"same-{round_}"
    stateful = {**deployment(name), "kind": "StatefulSet"}
    stateful["spec"] = {**stateful["spec"], "selector": {"matchLabels": {"app": name, "second": "yes"}}}
    stateful["spec"]["template"]["metadata"] = {"labels": {"app": name, "second": "yes"}}
    path = tmp_path / "same.yaml"
    path.write_text(documents([deployment(name), stateful, *(deployment(f"{name}-{more}") for more in range(6))]))
    done = svc("expose", "-f", str(path), kubeconfig=stage.kubeconfig)
    assert done.stderr.splitlines()[0] == f'Error from server (AlreadyExists): services "{name}" already exists'
    assert _services(stage)[name] == {"app": name}


def test_few_connections_that_stay_open(file: Callable[..., str]) -> None:
    """As many as were allowed and no more, each for many requests."""
    with serve(_CREATED) as server:
        done = svc("expose", "-f", file(*(f"w-{number}" for number in range(40))), "-s", server.url, "--concurrency=3")
        assert (done.returncode, len(done.stdout.splitlines())) == (0, 40)
        assert len(server.asked) == 40
        assert server.connections == 3


def test_one_object_takes_one_connection(file: Callable[..., str]) -> None:
    """So do two: a second connection costs more than a second request."""
    with serve(_CREATED) as server:
        svc("expose", "-f", file("a", "b"), "-s", server.url)
        assert server.connections == 1


def test_one_warning_of_the_server_is_told_once(file: Callable[..., str]) -> None:
    """As kubectl tells it, however many objects it is about; --warnings-as-errors counts it once."""
    warned = Answer(data=_CREATED.data.replace(b"\r\n\r\n", b'\r\nWarning: 299 - "old"\r\n\r\n'))
    with serve(warned) as server:
        done = svc("expose", "-f", file("a", "b", "c"), "-s", server.url, "--warnings-as-errors")
        assert done.stderr == "Warning: old\nerror: 1 warning received\n"


def test_what_fails_in_the_same_words_is_told_once(file: Callable[..., str]) -> None:
    """With the objects that the words do not name."""
    with serve(answer("500 Internal Server Error", b"boom", kind="text/plain")) as server:
        done = svc("expose", "-f", file("a", "b", "c"), "-s", server.url, "--concurrency=1", "--dry-run=server")
        assert done.stderr.splitlines()[1:] == [
            '  of Deployment "a", Deployment "b", Deployment "c"',
            "error: 3 of 3 failed",
        ]


def test_many_objects_have_no_one_name(stage: Cluster, file: Callable[..., str]) -> None:
    """Nothing is sent."""
    done = svc("expose", "-f", file("a", "b"), "--name", "x", kubeconfig=stage.kubeconfig)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: --name=x cannot name several Services")


@pytest.mark.parametrize("number", ["0", "-1", "257"])
def test_how_many_at_a_time(number: str) -> None:
    """Somebody has to do it, and no system has connections without end."""
    done = svc("expose", "deployment", "web", f"--concurrency={number}")
    said = f"error: --concurrency {number}: must be from 1 to 256\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_a_server_that_is_gone_is_given_up(file: Callable[..., str]) -> None:
    """After ten objects in a row the others are named, and nobody waits for each of them."""
    names = [f"w-{number}" for number in range(30)]
    with serve(Answer(then="close")) as server:
        done = svc("expose", "-f", file(*names), "-s", server.url, "--concurrency=1", "--dry-run=server")
    assert done.returncode == 1
    lost, those, left, others, last = done.stderr.splitlines()
    assert lost.startswith("Unable to connect to the server: the server closed the connection")
    assert left == "not tried: the server has not answered for 10 objects in a row"
    assert [*those.split(", "), *others.split(", ")][-1] == 'Deployment "w-29"'
    assert those.count("Deployment") + others.count("Deployment") == 30
    assert last == "error: 30 of 30 failed"


def test_the_second_reader_of_a_pipe_that_is_gone(file: Callable[..., str]) -> None:
    """Nobody reads any more: what is left is not sent, and the exit code is that of SIGPIPE."""
    with serve(_CREATED) as server:
        path = file(*(f"w-{number}" for number in range(2000)))
        command = f"{PROGRAM} expose -f {path} -s {server.url} | head -n 1; exit ${{PIPESTATUS[0]}}"
        done = run(["/bin/bash", "-c", command])
        assert (done.returncode, done.stdout, done.stderr) == (141, "service/web exposed\n", "")
        assert len(server.asked) < 2000


# --- Ctrl-C


class _Holding(Server):
    """Answers requests up to this number; all others, or those with this text in their URL, wait to be let go."""

    def __init__(self, held: int | str) -> None:
        self.reached = threading.Event()
        self.let_go = threading.Event()
        self._held = held
        super().__init__([_CREATED])

    def _read(self, connection: socket.socket) -> Asked | None:
        asked = super()._read(connection)
        if asked is not None and self._is_held(asked):
            self.reached.set()
            self.let_go.wait(30)
        return asked

    def _is_held(self, asked: Asked) -> bool:
        return self._held in asked.target if isinstance(self._held, str) else len(self.asked) >= self._held


def _start(server: Server, path: str, *more: str, **streams: int) -> subprocess.Popen[str]:
    command = [PROGRAM, "expose", "-f", path, "-s", server.url, "--concurrency=1", *more]
    streams = streams or {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, **streams)  # type: ignore[call-overload,no-any-return]  # streams alone


def _end(started: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = started.communicate(timeout=30)
    WATCH.end_run([PROGRAM], dict(os.environ), out, err)
    return started.returncode, out, err


def test_an_interrupt_waits_for_the_answer_that_is_on_its_way(file: Callable[..., str]) -> None:
    """It is told of, and so is what was not begun."""
    server = _Holding(2)
    started = _start(server, file("a", "b", "c", "d", "e"))
    assert server.reached.wait(30)
    interrupt(started)
    server.let_go.set()
    code, out, err = _end(started)
    server.close()
    assert (code, out) == (130, "service/web exposed\n" * 3)
    assert err == 'error: interrupted: 3 exposed; not begun: Deployment "d" and 1 more\n'
    assert len(server.asked) == 3


def test_an_interrupt_says_what_is_not_known(file: Callable[..., str]) -> None:
    """Where the answer does not come, or the keys are pressed again."""
    server = _Holding(2)
    started = _start(server, file("a", "b", "c", "d"))
    assert server.reached.wait(30)
    interrupt(started)
    code, out, err = _end(started)
    server.let_go.set()
    server.close()
    assert (code, out) == (130, "service/web exposed\n" * 2)
    assert err == 'error: interrupted: 2 exposed; not known: Deployment "c"; not begun: Deployment "d"\n'


def test_an_interrupt_tells_what_had_failed(file: Callable[..., str]) -> None:
    """The errors come before the last line, as ever."""
    server = _Holding(2)
    server.next_answers(answer("403 Forbidden", b"no", kind="text/plain"), answer(), _CREATED)  # discovery works
    started = _start(server, file("a", "b", "c"))
    assert server.reached.wait(30)
    interrupt(started)
    server.let_go.set()
    code, out, err = _end(started)
    server.close()
    assert (code, out) == (130, "service/web exposed\n")
    first, *_, last = err.splitlines()
    assert first == "Error from server (Forbidden): no (post services)"
    assert last == 'error: interrupted: 1 exposed; 1 failed; not begun: Deployment "c"'


def test_an_interrupt_of_a_single_object(file: Callable[..., str]) -> None:
    """What became of its Service is not known either."""
    server = _Holding(0)
    started = _start(server, file("a"))
    assert server.reached.wait(30)
    interrupt(started)
    code, out, err = _end(started)
    server.let_go.set()
    server.close()
    assert (code, out) == (130, "")
    assert err == 'error: interrupted: whether the Service "a" was made is not known\n'


# --- progress


def _until(reader: int, text: bytes, times: int = 1) -> bytes:
    """What a terminal shows up to this text, with it, so many times."""
    shown = b""
    while shown.count(text) < times:
        assert select.select([reader], [], [], 5)[0], shown
        shown += os.read(reader, 1 << 16)
    return shown


def test_progress_on_a_terminal(file: Callable[..., str]) -> None:
    """A bar with a count, once it takes longer than a second; it is gone at the end, and no line stands in it."""
    server = _Holding(2)
    reader, writer = pty.openpty()
    started = _start(server, file("a", "b", "c", "d"), stdout=writer, stderr=writer)
    shown = _until(reader, b"2/4")
    server.let_go.set()
    rest = _until(reader, b"service/web exposed\r\n", 2)
    assert started.wait(30) == 0
    os.close(writer)
    os.close(reader)
    server.close()
    WATCH.end_run([PROGRAM], dict(os.environ), shown.decode(), rest.decode())
    assert shown.count("━".encode()) > 10
    written = [line.rpartition(b"\x1b[2K")[2] for line in (shown + rest).split(b"\r\n")]
    assert written == [b"service/web exposed"] * 4 + [b""]


def test_no_progress_where_nobody_looks(file: Callable[..., str]) -> None:
    """Standard error that is no terminal gets none, however long it takes."""
    server = _Holding(1)
    reader, writer = pty.openpty()
    started = _start(server, file("a", "b"), stdout=writer, stderr=subprocess.PIPE)
    timer = threading.Timer(1.5, server.let_go.set)
    timer.start()
    _, err = started.communicate(timeout=30)
    os.close(writer)
    os.close(reader)
    server.close()
    WATCH.end_run([PROGRAM], dict(os.environ), err)
    assert (started.returncode, err) == (0, "")


def test_an_interrupt_among_the_replicas_of_one_object(tmp_path: Path) -> None:
    """Those that were made are told, the one on its way is not known, and none is begun after it."""
    path = tmp_path / "set.json"
    stateful = {**deployment("web"), "kind": "StatefulSet"}
    stateful["spec"] = {**stateful["spec"], "replicas": 4, "serviceName": "web"}
    path.write_text(json.dumps(stateful))
    server = _Holding(1)
    started = _start(server, str(path), "--per-replica")
    assert server.reached.wait(30)
    interrupt(started)
    code, out, err = _end(started)
    server.let_go.set()
    server.close()
    assert (code, out) == (130, "service/web exposed\n")
    assert err.splitlines()[-1] == ('error: interrupted: 1 exposed; whether the Service "web-1" was made is not known')
    assert len([asked for asked in server.asked if asked.method == "POST"]) <= 2


def test_an_interrupt_between_two_pages() -> None:
    """What the next page holds was not begun, and nobody knows how much that is."""
    server = _Holding("continue=")
    items = [{key: value for key, value in deployment(name).items() if key != "kind"} for name in ("a", "b", "c", "d")]
    page = json.dumps({"kind": "DeploymentList", "metadata": {"continue": "next"}, "items": items}).encode()
    server.next_answers(answer(body=page), _CREATED)
    command = [PROGRAM, "expose", "deploy", "--all", "-s", server.url, "--concurrency=1"]
    started = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert server.reached.wait(30)
    interrupt(started)
    code, out, err = _end(started)
    server.let_go.set()
    server.close()
    assert code == 130
    made = out.count("service/web exposed\n")
    last = err.splitlines()[-1]
    assert last.startswith(f"error: interrupted: {made} exposed; ")
    assert "not begun: " in last
    assert err.endswith(("the rest\n", "and all after it\n"))


def test_keys_pressed_again_while_nobody_reads(file: Callable[..., str]) -> None:
    """A pipe that is full holds no one who presses Ctrl-C twice."""
    server = _Holding(5)
    big = b'{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","annotations":{"a":"%s"}}}' % (b"x" * 5000)
    server.next_answers(answer("201 Created", big))
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    path = file(*(f"w-{number}" for number in range(20)))
    command = [PROGRAM, "expose", "-f", path, "-s", server.url, "--concurrency=4", "-o", "yaml"]
    started = subprocess.Popen(command, text=True, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert server.reached.wait(30)  # by then more has been made than the pipe holds, which is less than one
    for _ in range(50):
        interrupt(started)
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.wait(0.1)
            break
    code = started.poll()
    started.kill()
    _, err = started.communicate()
    os.close(reader)
    server.let_go.set()
    server.close()
    WATCH.end_run([PROGRAM], dict(os.environ), err or "")
    assert code == 130


def test_a_plugin_is_not_asked_for_each_object(file: Callable[..., str], tmp_path: Path) -> None:
    """Credentials that the server does not take are fetched once more, not once more for each object."""
    plugin = printing(tmp_path, credential(token=TOKEN))
    refused = answer("401 Unauthorized", b"no", kind="text/plain")
    with serve(refused, context=tls_context(tmp_path, Authority().issue("x", "127.0.0.1"))) as server:
        reached = {"server": server.url, "insecure-skip-tls-verify": True}
        kubeconfig = write_kubeconfig(tmp_path / "config", reached, exec_user(plugin), "default")
        done = svc("expose", "-f", file(*(f"w-{number}" for number in range(20))), kubeconfig=kubeconfig)
    assert (done.returncode, count(tmp_path)) == (1, 2)
    assert done.stderr.splitlines()[-1] == "error: 20 of 20 failed"


def test_an_interrupt_of_a_dry_run_leaves_no_doubt(file: Callable[..., str]) -> None:
    """Nothing can have been made."""
    server = _Holding(0)
    started = _start(server, file("a"), "--dry-run=server")
    assert server.reached.wait(30)
    interrupt(started)
    code, out, err = _end(started)
    server.let_go.set()
    server.close()
    assert (code, out, err) == (130, "", "error: interrupted: the others were not begun\n")


class _Slow(_Holding):
    """One that holds a single object, while others go on."""

    def __init__(self, others: int) -> None:
        self.all_others = threading.Event()
        self.too_many = threading.Event()
        self._others = others
        super().__init__("/namespaces/slow/")

    def _is_held(self, asked: Asked) -> bool:
        if super()._is_held(asked):
            return True
        if len(self.asked) >= self._others - 1:
            self.all_others.set()
        if len(self.asked) >= self._others:
            self.too_many.set()
        return False


def test_an_interrupt_that_is_ignored(file: Callable[..., str]) -> None:
    """Whoever starts the program so, as a script does in the background, keeps it going to the end."""
    server = _Holding(1)
    command = ["/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh", PROGRAM, "expose", "-f", file("a", "b", "c")]
    command += ["-s", server.url, "--concurrency=1"]
    started = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert server.reached.wait(30)
    interrupt(started)
    server.let_go.set()
    assert _end(started) == (0, "service/web exposed\n" * 3, "")
    server.close()


def test_an_interrupt_tells_what_came_before_its_turn(tmp_path: Path) -> None:
    """What is not known of one object does not hide what came of those behind it."""
    server = _Slow(others=3)
    path = tmp_path / "many.yaml"
    slow = deployment("slow", namespace="slow")
    path.write_text(documents([slow, *map(deployment, ("a", "b", "c"))]))
    started = _start(server, str(path), "--concurrency=2")
    assert server.reached.wait(30)
    assert server.all_others.wait(30)
    interrupt(started)
    code, out, err = _end(started)
    server.let_go.set()
    server.close()
    assert (code, out) == (130, "service/web exposed\n" * 3)
    assert err == 'error: interrupted: 3 exposed; not known: Deployment "slow" of namespace slow\n'


# --- how much at a time


def test_one_object_that_takes_long(tmp_path: Path) -> None:
    """Others go on meanwhile, but not for ever: what came of them is kept until it is their turn."""
    server = _Slow(others=127)
    path = tmp_path / "many.yaml"
    slow = deployment("slow", namespace="slow")
    path.write_text(documents([slow, *(deployment(f"w-{number}") for number in range(200))]))
    started = _start(server, str(path), "--concurrency=2")
    assert server.reached.wait(30)
    assert server.all_others.wait(30)
    assert not server.too_many.wait(0.5)
    server.let_go.set()
    assert _end(started) == (0, "service/web exposed\n" * 201, "")
    server.close()


def test_a_server_that_is_gone_for_many_at_once(file: Callable[..., str]) -> None:
    """Each connection has tried twice before it is given up."""
    with serve(Answer(then="close")) as server:
        path = file(*(f"w-{number}" for number in range(60)))
        done = svc("expose", "-f", path, "-s", server.url, "--concurrency=6", "--dry-run=server")
    assert done.returncode == 1
    assert "not tried: the server has not answered for 12 objects in a row" in done.stderr.splitlines()


# --- what is left behind


def test_nothing_is_left_behind(file: Callable[..., str]) -> None:
    """No thread and no connection; and Ctrl-C and the pace of threads are as Python has them."""
    with serve(_CREATED) as server:
        done = svc_here("expose", "-f", file("a", "b", "c", "d"), "-s", server.url)
        assert not [thread for thread in threading.enumerate() if thread.name.endswith("(_run)")]
        assert server.hung_up.wait(30)
    assert done == (0, "service/web exposed\n" * 4, "")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert sys.getswitchinterval() == 0.005

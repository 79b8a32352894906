"""Words that a shell may take for something else, and what surrounds them."""

from __future__ import annotations

import pytest
import yaml

from tests.shells.conftest import script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.shells.conftest import StartShell
    from tests.shells.shell import Shell
    from tests.shells.stand import Stand

# Words that would do something, were they ever taken for more than words; a file in the shells' folder tells.
_EVIL = (
    "$(touch evil-1)",
    "`touch evil-2`",
    "x;touch evil-3",
    "*.yml",
    "'",
    '"',
    "a\\b",
    "-n",
    "~root",
    "{a,b}",
    "a'b \"c",
)


@pytest.mark.parametrize(
    ("before", "behind", "becomes"),
    [
        ("kubectl-svc exp", " deployment web", "kubectl-svc expose deployment web"),
        ("kubectl-svc expose deployment web --ty", " -n shop", "kubectl-svc expose deployment web --type -n shop"),
        ("kubectl-svc expose deploy ord", " --port 80", "kubectl-svc expose deploy orders --port 80"),
        ("kubectl svc expose deploy ord", " --port 80", "kubectl svc expose deploy orders --port 80"),
    ],
)
def test_tab_within_a_line(shell: Shell, before: str, behind: str, becomes: str) -> None:
    """What stands behind the cursor is not looked at, and stays."""
    seen = shell.press_tab(before, behind)
    assert " ".join((seen.line + seen.behind).split()) == becomes


def test_tab_within_a_word(shell: Shell) -> None:
    """The word counts up to the cursor; zsh goes to its end first, unless its user has set COMPLETE_IN_WORD."""
    seen = shell.press_tab("kubectl-svc expose deploy ord", "xyz --port 80")
    assert seen.words == (() if shell.name == "zsh" else ("orders",))


@pytest.mark.parametrize("program", ["kubectl-svc", "kubectl svc"])
@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("expose --lb aws --lb-set schem", "expose --lb aws --lb-set scheme="),
        ("expose deploy/web cronj", "expose deploy/web cronjob/"),
    ],
)
def test_a_word_that_goes_on(shell: Shell, program: str, typed: str, becomes: str) -> None:
    """No blank behind it."""
    assert shell.press_tab(f"{program} {typed}").line == f"{program} {becomes}"


@pytest.mark.parametrize(
    "line",
    [
        'kubectl-svc expose "deployment" web --target-port ',
        "kubectl-svc expose 'deploy/web' --target-port ",
        "kubectl-svc expose deploy\\/web --target-port ",
        "kubectl-svc expose  deploy   web  --target-port  ",
        "true && kubectl-svc expose deploy web --target-port ",
        "true; kubectl-svc expose deploy web --target-port ",
        "kubectl-svc expose deploy web --port=80:",
        "kubectl-svc expose deploy web --port '80:",
        "kubectl-svc expose deploy web --port=80:http,443:",
        "kubectl svc expose deploy web --port 80:",
    ],
)
def test_words_are_read_as_the_shell_reads_them(shell: Shell, line: str) -> None:
    """Quotes, blanks, marks in words and other commands on the line make no difference."""
    words = {word.rpartition("=")[2].rpartition(":")[2] for word in shell.press_tab(line).words}
    assert words == {"8080", "9090", "http", "metrics"}


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("two", "two\\ words "),
        ("two\\ w", "two\\ words "),
        ('"two w', '"two words" '),
        ("'two w", "'two words' "),
        ("arn:aws:eks:eu-1:7:cluster/s", "arn:aws:eks:eu-1:7:cluster/shop "),
        ("arn", "arn:aws:eks:eu-1:7:cluster/"),
    ],
)
def test_a_name_with_a_blank_is_quoted(shell: Shell, typed: str, becomes: str) -> None:
    """And one with colons needs no quotes; alike ones are completed as far as they are."""
    seen = shell.press_tab(f"kubectl-svc status --context {typed}")
    assert seen.line.rstrip() == f"kubectl-svc status --context {becomes}".rstrip()


def test_the_home_folder_is_known(shell: Shell, stand: Stand) -> None:
    """A tilde in an earlier word is what the shell will make of it."""
    config = {"apiVersion": "v1", "kind": "Config", "contexts": [{"name": "of-home", "context": {}}]}
    (stand.home / "other.yaml").write_text(yaml.safe_dump(config))
    line = "kubectl-svc status --kubeconfig ~/other.yaml --context "
    assert shell.press_tab(line).line == f"{line}of-home "


def test_words_are_data(shell: Shell, stand: Stand) -> None:
    """Whatever names say, nothing is run or expanded; each is offered as it is, and quoted where it is inserted."""
    contexts = [{"name": name, "context": {}} for name in _EVIL]
    (stand.here / "evil.cfg").write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "Config", "contexts": contexts}))
    try:
        line = "kubectl-svc status --kubeconfig evil.cfg --context "
        seen = shell.press_tab(line)
        assert (seen.line, len(seen.offered)) == (line, len(_EVIL))
        assert shell.press_tab(f"{line}x").line == f"{line}x\\;touch\\ evil-3 "
        assert [file.name for file in stand.here.glob("evil-*")] == []
    finally:
        (stand.here / "evil.cfg").unlink()


@pytest.mark.parametrize(
    "line",
    [
        "kubectl-svc create ",
        "kubectl-svc expose deployment nobody-has-",
        "kubectl-svc expose deployment web --wrong-",
        "kubectl-svc wrong ",
        "kubectl-svc status -s https://127.0.0.1:1 ",
        "kubectl-svc status --kubeconfig /nonexistent/config ",
        "kubectl svc create ",
        "kubectl svc wrong ",
    ],
)
def test_nothing_to_offer(shell: Shell, line: str) -> None:
    """The line stays, and nothing appears on the terminal."""
    seen = shell.press_tab(line)
    assert (seen.line, seen.words, seen.printed) == (line, (), "")


@pytest.mark.parametrize("program", ["kubectl-svc", "kubectl svc"])
def test_what_a_word_is(shell: Shell, stand: Stand, program: str) -> None:
    """zsh and fish show descriptions; bash has no place for them, and kubectl's own script puts them in brackets."""
    seen = shell.press_tab(f"{program} ")
    about = {one.word: one.about for one in stand.answer("").candidates}
    assert about["expose"]
    if shell.name == "fish":
        assert dict(word.split("\t") for word in seen.offered) == about
        assert list(seen.offered) == sorted(seen.offered)  # as bash and zsh do by themselves
    elif shell.name == "zsh":
        lines = [line.split(" -- ") for line in seen.printed.splitlines()]
        assert {word.strip(): text.strip() for word, text in lines} == about
    else:
        assert ("(" in seen.offered[0]) == (program == "kubectl svc")


_STRANGE = r"""#!/bin/sh
case "$2" in
about) printf 'a:b\ta: b \\ c [d] %%e\nc\\d\t$HOME\n:4\n';;
reads) cat; printf 'read\n:4\n';;
fails) echo 'Traceback' >&2; echo word; exit 1;;
warns) echo 'Warning' >&2; printf 'warned\n:4\n';;
esac
"""
_ALSO = {
    "bash": "complete -F _kubectl_svc strange",
    "zsh": "compdef _kubectl-svc strange",
    "fish": "complete -c strange -k -f -a '(__kubectl_svc_offer)'",
}


@pytest.mark.parametrize("name", _ALSO)
def test_a_program_may_answer_anything(start_shell: StartShell, stand: Stand, name: str) -> None:
    """It may fail, warn, or read what it is given: nothing gets onto the terminal, no key is lost."""
    program = stand.folder / "programs" / "strange"
    program.write_text(_STRANGE)
    program.chmod(0o755)
    shell = start_shell(name, f"source {script(name)}\n{_ALSO[name]}\n")
    assert shell.press_tab("strange reads ").line == "strange reads read "
    assert shell.press_tab("strange warns ").line == "strange warns warned "
    for asked in ("fails", "nothing"):
        seen = shell.press_tab(f"strange {asked} ")
        assert (seen.line, seen.words, seen.printed) == (f"strange {asked} ", (), "")
    seen = shell.press_tab("strange warns ")
    assert "Warning" not in seen.printed
    if name == "zsh":  # whose own functions take colons and backslashes for separators
        lines = [line.split(" -- ") for line in shell.press_tab("strange about ").printed.splitlines()]
        assert {word.strip(): text.strip() for word, text in lines} == {"a:b": "a: b \\ c [d] %e", "c\\d": "$HOME"}


def test_an_order_that_means_something_is_kept(shell: Shell) -> None:
    """Bash shows it with the list; fish and zsh have it."""
    if shell.name != "bash":
        seen = shell.press_tab("kubectl-svc expose --timeout ")
        assert [word.split("\t")[0] for word in seen.offered] == ["30s", "1m", "5m"]
    if shell.name == "zsh":
        assert seen.printed.split() == ["30s", "1m", "5m"]


@pytest.mark.parametrize("setting", ["", "enable -n compopt"])
def test_bash_alone(start_shell: StartShell, setting: str) -> None:
    """No bash-completion, and no `compopt`, as in the Bash 3.2 of macOS: only blanks and slashes are not added then."""
    shell = start_shell("bash", f"{setting}\nsource {script('bash')}\n")
    blank = "" if setting else " "
    assert shell.press_tab("kubectl-svc exp").line == f"kubectl-svc expose{blank}"
    assert shell.press_tab("kubectl-svc expose deploy/ord").line == f"kubectl-svc expose deploy/orders{blank}"
    assert shell.press_tab("kubectl-svc expose deploy web --port=80:me").line == (
        f"kubectl-svc expose deploy web --port=80:metrics{blank}"
    )
    assert shell.press_tab("kubectl-svc expose -f web.j").line == f"kubectl-svc expose -f web.json{blank}"
    seen = shell.press_tab("kubectl-svc create ")
    assert (seen.line, seen.printed) == ("kubectl-svc create ", "")


def test_an_alias_in_bash(start_shell: StartShell) -> None:
    """Is answered for the program, once it is given the same function."""
    shell = start_shell("bash", f"source {script('bash')}\nalias ks=kubectl-svc\ncomplete -F _kubectl_svc ks\n")
    assert shell.press_tab("ks exp").line == "ks expose "


def test_zsh_finds_the_script_itself(start_shell: StartShell, stand: Stand) -> None:
    """Under its name in a folder of fpath, it is loaded by the first TAB, which is answered as well."""
    folder = stand.folder / "site-functions"
    folder.mkdir()
    shell = start_shell("zsh", f"cp {script('zsh')} {folder}/_kubectl-svc\nfpath=({folder} $fpath)\ncompinit -D -u\n")
    assert shell.press_tab("kubectl-svc exp").line == "kubectl-svc expose "
    assert shell.press_tab("kubectl-svc expose deploy ord").line == "kubectl-svc expose deploy orders "


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("bash", "kubectl svc expose deploy web --port 80:http,443:"),
        ("zsh", "kubectl svc expose --lb aws --lb-set=scheme=inter"),
        ("fish", "kubectl svc expose --lb aws --lb-set=scheme=inter"),
    ],
)
def test_what_kubectls_own_scripts_lose(shell: Shell, name: str, line: str) -> None:
    """Its bash script quotes commas and its others take all up to the last `=` for the flag; the line stays."""
    if shell.name == name:
        assert shell.press_tab(line).line == line
        ours = line.replace("kubectl svc", "kubectl-svc")
        assert shell.press_tab(ours).words != ()

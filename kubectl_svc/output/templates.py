"""The template formats (go-template, jsonpath and their kin), printed by kubectl itself.

`kubectl patch --local` with an empty patch prints any object without a cluster, so the template language is exactly
kubectl's.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ANY_SERVICE = '{"kind":"Service","apiVersion":"v1","metadata":{"name":"any"}}'
_DOES_NOT_FIT = "error: error executing "  # the template itself was read


class Templates:
    """A template and the kubectl that prints it, found by KUBECTL_PATH or on PATH."""

    def __init__(self, words: Sequence[str], environ: Mapping[str, str]) -> None:
        self._kubectl = _find_kubectl(environ)
        self._words = tuple(words)
        self._environ = {**environ, "KUBECTL_KUBERC": "false"}

    def check(self) -> None:
        """Raise SvcError, in kubectl's words, for a template that cannot be read; nothing is printed yet."""
        _, errors = self._run(_ANY_SERVICE)
        if errors and not errors.startswith(_DOES_NOT_FIT):
            raise _kubectl_error(errors)

    def render(self, documents: Sequence[str]) -> tuple[str, SvcError | None]:
        """The objects, given as JSON texts, through the template, in order.

        Returns what kubectl printed, and its complaint where the template does not fit an object: kubectl writes to
        standard output even then.
        """
        printed, errors = self._run("\n".join(documents))
        return printed, _kubectl_error(errors) if errors else None

    def _run(self, documents: str) -> tuple[str, str]:
        import subprocess  # only the template formats pay for it

        command = (self._kubectl, "patch", "--local", "-f", "-", "--type=merge", "-p", "{}", *self._words)
        try:
            done = subprocess.run(
                command, input=documents.encode(), capture_output=True, env=self._environ, check=False
            )
        except OSError as error:
            raise SvcError(f"cannot run {self._kubectl} to print the template: {error.strerror}") from error
        return done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "replace")


def _kubectl_error(text: str) -> SvcError:
    return SvcError(text.strip().removeprefix("error: "))


def _find_kubectl(environ: Mapping[str, str]) -> str:
    import shutil  # only the template formats pay for it

    named = environ.get("KUBECTL_PATH")
    found = named or shutil.which("kubectl", path=environ.get("PATH"))
    if not found:
        raise SvcError("template formats are printed by kubectl, which is not on PATH: install it or set KUBECTL_PATH")
    return found

"""The template formats (go-template, jsonpath and their kin), printed by kubectl itself.

`kubectl patch --local` with an empty patch prints any object without a cluster, so the template language is exactly
kubectl's.
"""

from __future__ import annotations

from kubectl_svc.kubectl import Kubectl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kubectl_svc.errors import SvcError
    from kubectl_svc.kubectl import Outcome

_ANY_SERVICE = '{"kind":"Service","apiVersion":"v1","metadata":{"name":"any"}}'
_DOES_NOT_FIT = "error: error executing "  # the template itself was read


class Templates:
    """A template and the kubectl that prints it."""

    def __init__(self, words: Sequence[str], environ: Mapping[str, str]) -> None:
        """Raises SvcError where there is no kubectl."""
        self._kubectl = Kubectl(environ, "template formats are printed")
        self._words = tuple(words)

    def check(self) -> None:
        """Raise SvcError, in kubectl's words, for a template that cannot be read; nothing is printed yet."""
        outcome = self._run(_ANY_SERVICE)
        if outcome.failure and not outcome.errors.startswith(_DOES_NOT_FIT):
            raise outcome.failure

    def render(self, documents: Sequence[str]) -> tuple[str, SvcError | None]:
        """The objects, given as JSON texts, through the template, in order.

        Returns what kubectl printed, and its complaint where the template does not fit an object: kubectl writes to
        standard output even then.
        """
        outcome = self._run("\n".join(documents))
        return outcome.output.decode("utf-8", "surrogateescape"), outcome.failure

    def _run(self, documents: str) -> Outcome:
        patch = ("patch", "--local", "-f", "-", "--type=merge", "-p", "{}")
        return self._kubectl.run(*patch, *self._words, stdin=documents.encode())

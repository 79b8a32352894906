"""The kubectl beside us, for what only it does right: templates, kustomizations, strategic merges."""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_COMPLAINT = "error: "
_PANIC = "panic: "  # and a page of Go's inner life


class Outcome(Value):
    """How one run of kubectl ended: what it wrote to standard output and standard error, and its exit code."""

    output: bytes
    errors: str
    code: int

    @property
    def failure(self) -> SvcError | None:
        """kubectl's complaint as an error of ours; None where it was content."""
        if not self.code:
            return None
        complaint = self.errors[self._end_of_notes() :].strip()
        if complaint.startswith(_PANIC):
            return SvcError(f"kubectl crashed: {complaint.partition(chr(10))[0]}")
        return SvcError(complaint.removeprefix(_COMPLAINT) or f"kubectl ended with exit code {self.code}")

    @property
    def notes(self) -> str:
        """The lines on standard error before the complaint: warnings, mostly."""
        return self.errors[: self._end_of_notes()]

    def _end_of_notes(self) -> int:
        if not self.code:
            return len(self.errors)
        return 0 if self.errors.startswith(_COMPLAINT) else self.errors.find(f"\n{_COMPLAINT}") + 1


class Kubectl:
    """A kubectl found by KUBECTL_PATH or on PATH, which must never be asked for anything that needs credentials."""

    def __init__(self, environ: Mapping[str, str], purpose: str) -> None:
        """`purpose` begins the sentence that says why one is needed (`template formats are printed`).

        Raises SvcError where there is none.
        """
        import shutil  # a run without kubectl does not pay for it

        found = environ.get("KUBECTL_PATH") or shutil.which("kubectl", path=environ.get("PATH"))
        if not found:
            raise SvcError(f"{purpose} by kubectl, which is not on PATH: install it or set KUBECTL_PATH")
        self._path = found
        self._environ = {**environ, "KUBECTL_KUBERC": "false"}

    def run(self, *words: str, stdin: bytes = b"") -> Outcome:
        """One run to its end. Raises SvcError where kubectl cannot be started."""
        import subprocess  # as above

        try:
            done = subprocess.run(
                (self._path, *words), input=stdin, capture_output=True, env=self._environ, check=False
            )
        except OSError as error:
            raise SvcError(f"cannot run {self._path}: {error.strerror}") from error
        return Outcome(output=done.stdout, errors=done.stderr.decode("utf-8", "replace"), code=done.returncode)

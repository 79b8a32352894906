"""The data files of load balancer providers: ours, and those in a folder of the user's own."""

from __future__ import annotations

import json
import os

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.load_balancers.model import read_provider

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.load_balancers.model import Provider

FOLDER_VARIABLE = "KUBECTL_SVC_PROVIDERS"
"""Names a folder with data files of one's own, which add providers or take the place of ours."""
_OURS = os.path.join(os.path.dirname(__file__), os.pardir, "load_balancers", "providers")
_ENDING = ".json"


class Providers:
    """All providers that there are files of. Files are read when they are needed, each once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Raises SvcError for a folder that the environment names and that cannot be read."""
        self._paths = {name: os.path.join(_OURS, name + _ENDING) for name in _names_in(_OURS)}
        own = environ.get(FOLDER_VARIABLE, "")
        try:
            self._own = {name: os.path.join(own, name + _ENDING) for name in _names_in(own)} if own else {}
        except OSError as error:
            raise SvcError(f"{FOLDER_VARIABLE}: {own}: {error.strerror}") from None
        self._read: dict[str, Provider] = {}

    def all(self) -> list[Provider]:
        """Every provider, by name. Raises SvcError for a file that is none."""
        return [self._provider(name) for name in sorted({**self._paths, **self._own})]

    def find(self, word: str) -> Provider:
        """The provider of that name or alias, in any case. Raises SvcError, with the nearest names, for no such one."""
        folded = word.lower()
        for name in (*self._own, *self._paths):
            if name.lower() == folded:
                return self._provider(name)
        providers = self.all()
        for provider in providers:
            if folded in (alias.lower() for alias in provider.aliases):
                return provider
        from kubectl_svc.load_balancers.spelling import did_you_mean  # only mistakes need it

        names = [name for provider in providers for name in (provider.name, *provider.aliases)]
        meant = did_you_mean(word, names, 2)
        known = ", ".join(one.name for one in providers)
        raise SvcError(f"no load balancer provider is called {quote(word)}{meant} (there are {known})")

    def _provider(self, name: str) -> Provider:
        if name not in self._read:
            own = self._own.get(name)
            self._read[name] = _read_own(name, own) if own else read_provider(_load(self._paths[name]))
        return self._read[name]


def _names_in(folder: str) -> list[str]:
    return [name.removesuffix(_ENDING) for name in os.listdir(folder) if name.endswith(_ENDING)]


def _load(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _read_own(name: str, path: str) -> Provider:
    try:
        document = _load(path)
    except OSError as error:
        raise SvcError(f"{FOLDER_VARIABLE}: {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise SvcError(f"{FOLDER_VARIABLE}: {path}: not JSON: {error}") from None
    from kubectl_svc.load_balancers.schema import find_problems  # ours are right: a test asks it of them

    problems = find_problems(document)
    if not problems and document["name"] != name:
        problems = [f"it is the file of {name}, and its name is {document['name']}"]
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise SvcError(f"{FOLDER_VARIABLE}: {path}: {problems[0]}{more}")
    return read_provider(document)

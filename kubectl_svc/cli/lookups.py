"""What TAB offers out of kubeconfigs, data files, manifests and the cluster."""

from __future__ import annotations

from kubectl_svc.completion.answer import NO_FILES, NO_SPACE, NOTHING, Answer, Candidate, offer
from kubectl_svc.flags import EXPOSABLE_TYPES
from kubectl_svc.flags.service_flags import TRANSPORT_OF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kubectl_svc.cli.quiet_cluster import QuietCluster
    from kubectl_svc.completion.question import Question
    from kubectl_svc.workloads.model import Workload


class Lookups:
    """The answers to one question."""

    def __init__(self, question: Question, environ: Mapping[str, str], seconds: float) -> None:
        """A cluster has so many seconds for all that it is asked."""
        self._question = question
        self._word = question.word
        self._line = question.before
        self._environ = environ
        self._seconds = seconds
        self._asked: QuietCluster | None = None

    @property
    def _cluster(self) -> QuietCluster:
        if self._asked is None:
            from kubectl_svc.cli.quiet_cluster import QuietCluster  # most kinds are known without one

            self._asked = QuietCluster(self._line, self._environ, self._seconds)
        return self._asked

    def close(self) -> None:
        """Nothing is waited for any more."""
        if self._asked is not None:
            self._asked.close()

    def answer(self) -> Answer:
        """The answer. Raises whatever keeps it from being had."""
        flag = self._question.flag
        asked: Callable[[], Answer] | None
        if flag is None:
            asked = {
                "expose": self._expose_argument,
                "status": self._status_argument,
                "providers": self._provider_argument,
            }.get(self._line.command.name)
        else:
            asked = {
                "namespace": lambda: self._plain(map(_word, self._cluster.namespaces())),
                "context": lambda: self._plain(map(_word, self._cluster.configured("contexts"))),
                "cluster": lambda: self._plain(map(_word, self._cluster.configured("clusters"))),
                "user": lambda: self._plain(map(_word, self._cluster.configured("users"))),
                "port": self._ports,
                "target-port": lambda: self._plain(self._targets()),
                "container": lambda: self._listed(_word(name) for one in self._workloads() for name in one.containers),
                "selector-key": lambda: self._listed(Candidate(word=key, about=value) for key, value in self._pods()),
                "selector": self._selector,
                "labels": lambda: self._listed(_pair(two) for one in self._workloads() for two in one.labels.items()),
                "workload-selector": lambda: self._listed(map(_pair, self._cluster.labels_of(self._type()))),
                "lb": lambda: self._plain(self._providers(with_auto=True)),
                "lb-set": self._settings,
            }.get(flag.name)
        return NOTHING if asked is None else asked()

    # --- forms of an answer

    def _plain(self, candidates: Iterable[Candidate], directive: int = NO_FILES) -> Answer:
        lead = self._question.lead
        return offer(lead + self._word, (one.but(word=lead + one.word) for one in candidates), directive)

    def _listed(self, candidates: Iterable[Candidate]) -> Answer:
        """Behind the last comma of a list, what was not typed yet."""
        before, comma, _ = self._word.rpartition(",")
        flag = self._question.flag
        typed = self._line.texts(flag.name) if flag and flag.repeats else ()
        taken = {one for text in (before, *typed) for one in text.split(",")}
        return self._plain(one.but(word=f"{before}{comma}{one.word}") for one in candidates if one.word not in taken)

    # --- data files

    def _providers(self, *, with_auto: bool) -> Iterator[Candidate]:
        from kubectl_svc.access.providers import Providers

        if with_auto:
            yield Candidate(word="auto", about="Find out by the cluster's nodes and APIs.")
        for provider in Providers(self._environ).all():
            yield Candidate(word=provider.name, about=provider.title)

    def _settings(self) -> Answer:
        """Names of settings with their `=`, and behind it the values that a setting may have."""
        from kubectl_svc.access.providers import Providers
        from kubectl_svc.load_balancers.offers import offered_values

        provider = Providers(self._environ).find(self._line.text("lb"))
        name, equals, typed = self._word.partition("=")
        if not equals:
            settable = (one for one in provider.settings if not one.written_by)
            # Of a name that is one for each port, say, as much as is the same for all.
            names = (_beginning(f"{one.name}=", one.meaning) for one in settable)
            return self._plain(names, NO_FILES | NO_SPACE)
        found = (one for one in provider.settings if name in (one.name, one.key))
        return self._plain(_word(f"{name}={value}") for one in found for value in offered_values(one.value, typed))

    # --- arguments

    def _expose_argument(self) -> Answer:
        args = self._line.args
        if self._line.texts("filename") or self._line.text("kustomize"):
            return NOTHING
        if "/" in self._word:
            return self._slashed()
        if not args:
            return self._listed(self._kinds())
        if "/" in args[0]:
            return self._plain(_with_slash(self._kinds()), NO_FILES | NO_SPACE)
        if "," in args[0] or self._line.flag("all") or self._line.text("workload-selector"):
            return NOTHING
        names = self._cluster.names(args[0])
        return self._plain(_word(name) for name in names if name not in args[1:])

    def _status_argument(self) -> Answer:
        args = self._line.args
        if self._line.text("selector") or self._line.flag("all-namespaces"):
            return NOTHING
        if "/" in self._word:
            return self._slashed()
        answer = self._plain(_word(name) for name in self._cluster.names("services") if name not in args)
        if answer.candidates or not self._word:
            return answer
        return self._plain(_with_slash(self._kinds()), NO_FILES | NO_SPACE)

    def _provider_argument(self) -> Answer:
        return self._plain(one for one in self._providers(with_auto=False) if one.word not in self._line.args)

    def _slashed(self) -> Answer:
        kind = self._word.partition("/")[0]
        found = (f"{kind}/{name}" for name in self._cluster.names(kind))
        return self._plain(_word(one) for one in found if one not in self._line.args)

    def _kinds(self) -> Iterator[Candidate]:
        """Built-in kinds, and those of other projects that kubectl's discovery cache knows: nobody is asked."""
        yield from map(_word, EXPOSABLE_TYPES)
        from kubectl_svc.access.cache_folder import cache_folder, has_met_others

        folder = cache_folder(self._line.text("cache-dir"), self._environ)
        if not has_met_others(folder):
            return
        from kubectl_svc.workloads.custom_kinds import CUSTOM_KINDS

        known = self._cluster.known(folder)
        for row in CUSTOM_KINDS:
            if not row.refused and known.mentions(row.group, row.kind):
                yield Candidate(word=row.kind.lower(), about=row.group)

    # --- what workloads say

    def _workloads(self) -> Iterator[Workload]:
        """Those of the files, else the first object that is named."""
        paths = [path for value in self._line.texts("filename") for path in value.split(",") if _is_local(path)]
        if not paths:
            kind, name = self._named()
            yield self._cluster.workload(kind, name)
            return
        from io import BytesIO

        from kubectl_svc.access.manifests import find_files, read_documents
        from kubectl_svc.cli.find_in_files import find_in_files
        from kubectl_svc.cli.items import Item
        from kubectl_svc.cli.quiet_cluster import nobody

        documents = read_documents(find_files(paths, self._line.flag("recursive")), BytesIO(), self._environ)
        found = find_in_files(documents, self._line.text("namespace"), None, nobody(), selects=False)
        yield from (one.workload for one in found.entries if isinstance(one, Item))

    def _named(self) -> tuple[str, str]:
        args = self._line.args
        if args and "/" in args[0]:
            kind, _, name = args[0].partition("/")
            return kind, name
        if len(args) < 2:
            raise LookupError("no object is named yet")
        return args[0], args[1]

    def _type(self) -> str:
        if not self._line.args:
            raise LookupError("no type is named yet")
        return self._line.args[0]

    def _pods(self) -> Iterator[tuple[str, str]]:
        """The labels of the pods that the workloads make."""
        return (label for one in self._workloads() for label in (one.template_labels or {}).items())

    def _targets(self) -> Iterator[Candidate]:
        """Numbers and names of the ports that the workloads declare."""
        containers = self._line.texts("container")
        for port in (port for one in self._workloads() for port in one.ports):
            if containers and port.container not in containers:
                continue
            where = f" of {port.container}" if port.container else ""
            yield Candidate(word=str(port.number), about=f"{port.name or 'port'}, {port.protocol}{where}")
            if port.name:
                yield Candidate(word=port.name, about=f"{port.number}, {port.protocol}{where}")

    def _ports(self) -> Answer:
        """A number, also behind a name; behind its colon a target, behind its slash a protocol."""
        place = max(map(self._word.rfind, ",=")) + 1
        start, word = self._word[:place], self._word[place:]
        number, slash, _ = word.rpartition("/")
        if slash:
            return self._plain(_word(f"{start}{number}/{one}") for one in TRANSPORT_OF)
        number, colon, _ = word.partition(":")
        if colon:
            return self._plain(one.but(word=f"{start}{number}:{one.word}") for one in self._targets())
        return self._plain(one.but(word=f"{start}{one.word}") for one in self._targets() if one.word.isdigit())

    def _selector(self) -> Answer:
        """Labels of pods for a Service's selector, those of Services for `status`."""
        if self._line.command.name == "status":
            pairs = self._cluster.labels_of("services")
        elif self._line.command.name == "create":
            from kubectl_svc.workloads.selectors import FLEETING_LABELS

            pairs = (pair for pair in self._cluster.labels_of("pods") if pair[0] not in FLEETING_LABELS)
        else:
            pairs = self._pods()
        return self._listed(map(_pair, pairs))


def _beginning(word: str, about: str) -> Candidate:
    return Candidate(word=word.partition("{")[0], about=about)


def _is_local(path: str) -> bool:
    """Whether TAB may read it: neither standard input nor a URL."""
    return path != "-" and "://" not in path


def _with_slash(kinds: Iterable[Candidate]) -> Iterator[Candidate]:
    return (one.but(word=f"{one.word}/") for one in kinds)


def _word(word: str) -> Candidate:
    return Candidate(word=word)


def _pair(label: tuple[str, str]) -> Candidate:
    return Candidate(word="=".join(label))

"""The whole command line as one value, checked as far as words alone can be checked.

Pure: text in, `ServiceRequest` out. Where kubectl's words would be refused by nobody, they pass as they are.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.flags import CREATE
from kubectl_svc.flags.model import CLUSTER
from kubectl_svc.flags.service_flags import TEMPLATE_FORMATS
from kubectl_svc.golang import parse_bool, quote
from kubectl_svc.service_options import ServiceOptions, read_service_options
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kubectl_svc.command_line import CommandLine
    from kubectl_svc.load_balancer_options import LoadBalancerOptions
    from kubectl_svc.load_balancers.choice import Chosen


_MOST_AT_ONCE = 256


class ClusterFlags(Value):
    """kubectl's global flags that choose cluster and identity, as typed; empty when not given.

    `as_user_extra` holds KEY=VALUE words. `request_timeout` is a Go duration or a plain number of seconds.
    """

    kubeconfig: str = ""
    context: str = ""
    cluster: str = ""
    user: str = ""
    namespace: str = ""
    server: str = ""
    token: str = ""
    as_user: str = ""
    as_groups: tuple[str, ...] = ()
    as_uid: str = ""
    as_user_extra: tuple[str, ...] = ()
    certificate_authority: str = ""
    client_certificate: str = ""
    client_key: str = ""
    insecure_skip_tls_verify: bool = False
    tls_server_name: str = ""
    username: str = ""
    password: str = ""
    request_timeout: str = ""
    disable_compression: bool = False

    @property
    def which(self) -> str:
        """The flags that say which cluster is meant and as whom, as a command line has them; no secrets."""
        named = {
            "kubeconfig": self.kubeconfig, "context": self.context, "cluster": self.cluster, "user": self.user,
            "server": self.server, "as": self.as_user, "as-uid": self.as_uid, "tls-server-name": self.tls_server_name,
            "certificate-authority": self.certificate_authority,
        }  # fmt: skip
        words = [(name, text) for name, text in named.items() if text]
        words += [("as-group", group) for group in self.as_groups]
        words += [("as-user-extra", extra) for extra in self.as_user_extra]
        end = ("--insecure-skip-tls-verify",) if self.insecure_skip_tls_verify else ()
        if not words and not end:
            return ""
        import shlex  # only what tells people what to type needs it

        return " ".join((*(f"--{name} {shlex.quote(text)}" for name, text in words), *end))

    def __repr__(self) -> str:
        """Without values: some of them are secret."""
        given = [field for field in self._fields if getattr(self, field)]
        return f"ClusterFlags({', '.join(given)})"


class OverrideOptions(Value):
    """How the finished Service is changed; an empty fragment changes nothing."""

    fragment: str = ""
    type: str = ""  # as typed; empty: merge

    def __repr__(self) -> str:
        """Without the fragment: people put secrets into annotations."""
        return f"OverrideOptions(type={self.type!r})"


class SourceOptions(Value):
    """Where the objects to expose are read from."""

    arguments: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()
    kustomize: str = ""
    recursive: bool = False
    all_objects: bool = False
    selector: str = ""  # a label selector, in the words of apimachinery `labels.Parse`; empty: none
    all_namespaces: bool = False

    @property
    def selects(self) -> bool:
        """Whether the objects of a type are meant instead of named ones."""
        return self.all_objects or bool(self.selector)


class OutputOptions(Value):
    """How the result is printed.

    `format` is one of message, name, json, yaml, kyaml, template; the words for kubectl stand in `template_words`.
    `done` is what the message says of a Service that was simply made: exposed or created.
    """

    format: str = "message"
    template_words: tuple[str, ...] = ()
    done: str = "exposed"
    show_managed_fields: bool = False


class SendingOptions(Value):
    """Whether and how the Service is sent.

    `dry_run` is one of none, client, server; `how` one of create, apply, diff: only create goes with client, and diff
    with server alone.
    """

    dry_run: str = "none"
    how: str = "create"
    force_conflicts: bool = False
    field_manager: str = ""
    save_config: bool = False
    change_cause: str = ""  # the command as --record keeps it; empty: not recorded
    wait_seconds: float | None = None  # until the Service is reached, at most; None: not at all


class ServiceRequest(Value):
    """Everything that one `kubectl svc expose` or `kubectl svc create` was asked to do."""

    source: SourceOptions | None  # None: there is no object behind the Service
    service: ServiceOptions
    load_balancer: LoadBalancerOptions | None = None
    chosen: Chosen | None = None
    """What its provider reads for that, once the provider is known (`cli.load_balancer`); `service` says it too."""
    overrides: OverrideOptions
    output: OutputOptions
    sending: SendingOptions
    cluster: ClusterFlags
    match_server_version: bool = False
    warnings_as_errors: bool = False
    cache_dir: str = ""
    verbosity: int = 0
    concurrency: int = 1  # requests at the same time, at least 1
    warnings: tuple[str, ...] = ()  # what the words themselves give reason to say
    flags: Mapping[str, str] = {}  # of the Service, as far as they were typed, each as messages repeat it

    @property
    def needs_cluster(self) -> bool:
        """Whether a server is asked for anything: not on a client dry run without objects that live there."""
        is_live = self.source is not None and not (self.source.filenames or self.source.kustomize)
        looks = self.load_balancer is not None and self.load_balancer.provider == "auto"
        return is_live or looks or self.sending.dry_run != "client"


def read_request(line: CommandLine, environ: Mapping[str, str]) -> ServiceRequest:
    """The request that the command line of `expose` or `create` makes.

    Raises SvcError for what kubectl refuses before it reads anything, a wrong --dry-run or --output, and for values
    and combinations that cannot be said as a Service.
    """
    dry_run, warnings = _dry_run(line.text("dry-run"))
    how = _how(line, dry_run)
    service = read_service_options(line)
    creates = line.command == CREATE
    source = None if creates else _source(line)
    cluster = read_cluster_flags(line)
    return ServiceRequest(
        source=source,
        service=service.but(name=line.args[0]) if creates else service,
        load_balancer=_load_balancer(line),
        overrides=OverrideOptions(fragment=line.text("overrides"), type=line.text("override-type")),
        output=_output(line, environ).but(done="created" if creates else "exposed"),
        sending=SendingOptions(
            dry_run="server" if how == "diff" else dry_run,
            how=how,
            force_conflicts=line.flag("force-conflicts"),
            field_manager=line.text("field-manager"),
            save_config=line.flag("save-config"),
            change_cause=_change_cause(line) if line.flag("record") else "",
            wait_seconds=_wait(line, how, dry_run),
        ),
        # All namespaces are more than the one that -n names, as in kubectl.
        cluster=cluster.but(namespace="") if source and source.all_namespaces else cluster,
        match_server_version=line.flag("match-server-version"),
        warnings_as_errors=line.flag("warnings-as-errors"),
        cache_dir=line.text("cache-dir"),
        verbosity=line.number("v"),
        concurrency=_concurrency(line.number("concurrency")),
        warnings=warnings,
        flags={name: line.words(name) for name in line.typed if line.declared[name].group != CLUSTER},
    )


def _wait(line: CommandLine, how: str, dry_run: str) -> float | None:
    if not (line.flag("wait") or line.given("timeout")):
        return None
    if how == "diff" or dry_run != "none":
        other = "--diff" if how == "diff" else f"--dry-run={dry_run}"
        raise SvcError(f"--wait cannot be combined with {other}: nothing is made that could be waited for")
    from kubectl_svc.waiting import read_wait  # few commands wait

    return read_wait(line)


def _load_balancer(line: CommandLine) -> LoadBalancerOptions | None:
    if not any(name.startswith("lb") for name in line.typed):
        return None
    from kubectl_svc.load_balancer_options import read_load_balancer_options  # most Services have none

    return read_load_balancer_options(line)


def _concurrency(number: int) -> int:
    if not 1 <= number <= _MOST_AT_ONCE:
        raise SvcError(f"--concurrency {number}: must be from 1 to {_MOST_AT_ONCE}")
    return number


def _source(line: CommandLine) -> SourceOptions:
    """Raises SvcError for flags that exclude each other (cli-runtime resource/builder.go `SelectAllParam`)."""
    selector = line.text("workload-selector").strip()
    if selector and line.flag("all"):
        raise SvcError("setting 'all' parameter but found a non empty selector. ")
    return SourceOptions(
        all_objects=line.flag("all"),
        selector=selector,
        all_namespaces=line.flag("all-namespaces"),
        arguments=line.args,
        filenames=line.texts("filename"),
        kustomize=line.text("kustomize"),
        recursive=line.flag("recursive"),
    )


def read_cluster_flags(line: CommandLine) -> ClusterFlags:
    """kubectl's global flags that say which cluster, as whom, and how."""
    return ClusterFlags(
        kubeconfig=line.text("kubeconfig"),
        context=line.text("context"),
        cluster=line.text("cluster"),
        user=line.text("user"),
        namespace=line.text("namespace"),
        server=line.text("server"),
        token=line.text("token"),
        as_user=line.text("as"),
        as_groups=line.texts("as-group"),
        as_uid=line.text("as-uid"),
        as_user_extra=line.texts("as-user-extra"),
        certificate_authority=line.text("certificate-authority"),
        client_certificate=line.text("client-certificate"),
        client_key=line.text("client-key"),
        insecure_skip_tls_verify=line.flag("insecure-skip-tls-verify"),
        tls_server_name=line.text("tls-server-name"),
        username=line.text("username"),
        password=line.text("password"),
        request_timeout=line.text("request-timeout"),
        disable_compression=line.flag("disable-compression"),
    )


def _dry_run(word: str) -> tuple[str, tuple[str, ...]]:
    """The strategy, and the warnings that old spellings earn (kubectl pkg/cmd/util `GetDryRunStrategy`)."""
    if word in ("none", "client", "server"):
        return word, ()
    if word == "unchanged":
        return "client", ("--dry-run is deprecated and can be replaced with --dry-run=client.",)
    try:
        strategy = "client" if parse_bool(word) else "none"
    except ValueError:
        raise SvcError(f'Invalid dry-run value ({word}). Must be "none", "server", or "client".') from None
    return strategy, (f"--dry-run={word} is deprecated (boolean value) and can be replaced with --dry-run={strategy}.",)


def _how(line: CommandLine, dry_run: str) -> str:
    """How the Service is sent. Raises SvcError for flags that exclude each other (kubectl `ApplyOptions.Validate`)."""
    apply, diff = line.flag("apply"), line.flag("diff")
    if apply and diff:
        raise SvcError(
            "--diff cannot be combined with --apply: it shows what --apply would change, and changes nothing"
        )
    flag = "--apply" if apply else "--diff"
    if not (apply or diff):
        if line.flag("force-conflicts"):
            raise SvcError("--force-conflicts only works with --apply or --diff")
        return "create"
    if dry_run == "client":
        raise SvcError(f"--dry-run=client doesn't work with {flag} (did you mean --dry-run=server instead?)")
    return flag.removeprefix("--")


def _output(line: CommandLine, environ: Mapping[str, str]) -> OutputOptions:
    """The printer that -o and --template ask for (cli-runtime genericclioptions `PrintFlags.ToPrinter`)."""
    word, template = line.text("output"), line.text("template")
    if template and not line.given("output"):
        word = "go-template"
    documents = ("json", "yaml") if environ.get("KUBECTL_KYAML", "").lower() == "false" else ("json", "yaml", "kyaml")
    managed = line.flag("show-managed-fields")
    if word.lower() in documents:
        return OutputOptions(format=word.lower(), show_managed_fields=managed)
    if word.lower() in ("", "name"):
        return OutputOptions(format=word.lower() or "message", show_managed_fields=managed)
    kind, equals, _ = word.partition("=")
    if kind in TEMPLATE_FORMATS and not (equals and template):
        missing = "true" if line.flag("allow-missing-template-keys") else "false"
        words = (
            "-o",
            word,
            *(("--template", template) if template else ()),
            f"--allow-missing-template-keys={missing}",
        )
        return OutputOptions(format="template", template_words=words, show_managed_fields=managed)
    formats = ",".join(sorted((*documents, "name", *TEMPLATE_FORMATS)))
    raise SvcError(
        f"unable to match a printer suitable for the output format {quote(line.text('output'))}, "
        f"allowed formats are: {formats}"
    )


def _change_cause(line: CommandLine) -> str:
    """The command as `kubectl expose --record` keeps it; ours where kubectl has none. Secrets are never kept.

    Source: cli-runtime genericclioptions/record_flags.go `parseCommandArguments`.
    """
    # A diff shows what --apply would write.
    flags = (f"--{'apply' if name == 'diff' else name}={value}" for name, value in line.written)
    command = line.command.path if line.command == CREATE else "kubectl expose"
    return " ".join((command, *line.args, *flags))

"""What a flag and a command are, in pflag's and cobra's terms, and the groups that help shows them in."""

from __future__ import annotations

from kubectl_svc.value import Value

PROGRAM = "kubectl svc"

KUBECTL = "kubectl's own"
MANY = "Many objects"
PORTS = "Ports"
ADDRESSES = "Addresses"
LOAD_BALANCER = "Load balancer"
TRAFFIC = "Traffic"
METADATA = "Selector and metadata"
SENDING = "Sending"
CLUSTER = "Cluster (global)"
OTHER = "Other"

GROUPS = (KUBECTL, MANY, PORTS, ADDRESSES, LOAD_BALANCER, TRAFFIC, METADATA, SENDING, CLUSTER, OTHER)
"""Titles of the groups of flags, in the order in which help shows them."""


class Flag(Value):
    """One flag, in pflag's terms.

    Types: "string" (the last one counts), "strings" (a string that counts every time), "stringArray" (the same, and
    kubectl's own), "stringSlice" (each value a CSV record), "bool", "int32" (decimal), "modules" (klog's --vmodule),
    "duration" (as Go's flag package reads it).
    """

    name: str
    shorthand: str = ""
    type: str = "string"
    default: str = ""
    """As text; empty for a list without values."""
    bare: str = ""
    """What the flag means without a value (pflag's NoOptDefVal); empty when it needs one."""
    metavar: str = ""
    values: tuple[str, ...] = ()
    """The words that it knows: help lists them, other cases are put right, and a client dry run warns of others."""
    usual: tuple[str, ...] = ()
    """Words that TAB offers where any other may stand as well."""
    help: str
    group: str
    deprecated: str = ""
    """What pflag says when the flag is used; such a flag is left out of help."""
    field: str = ""
    """The field of ServiceSpec that the flag sets to what was typed, with the API's own spelling of `values`."""
    refused: str = ""
    """Why this command cannot take the flag, which is read all the same; such a flag is left out of help."""
    classified: bool = False
    """The value is a secret: never recorded, never shown."""

    @property
    def is_shown(self) -> bool:
        """Whether help has it."""
        return not (self.deprecated or self.refused)

    @property
    def repeats(self) -> bool:
        """Whether each occurrence adds to the value; otherwise the last one counts."""
        return self.type in ("strings", "stringArray", "stringSlice")


class Command(Value):
    """One command. `flags` are all that it takes, the global ones and --help included."""

    name: str
    """The word that is typed; empty for the program itself."""
    usage: str
    """What follows the command's name."""
    short: str
    long: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    """Pairs: what it does, the command line."""
    forms: tuple[tuple[str, str], ...] = ()
    """What a value with a grammar may look like: title and grammar, then pairs of a value and its meaning."""
    arguments: int | None = None
    """How many there must be; None: any number."""
    words: tuple[str, ...] = ()
    """What the argument may be, where it is one of a few words."""
    flags: tuple[Flag, ...]

    @property
    def path(self) -> str:
        """The command as it is typed, for example `kubectl svc expose`."""
        return f"{PROGRAM} {self.name}".rstrip()


def normal_name(name: str) -> str:
    """A flag's name as it is declared, however it was typed (component-base `WordSepNormalizeFunc`)."""
    return name.replace("_", "-")


def switch(name: str, group: str, text: str, *, default: str = "false", field: str = "") -> Flag:
    """A bool, which is true when it stands alone."""
    return Flag(
        name=name, type="bool", default=default, bare="true", group=group, help=text, field=field,
        metavar="false" if default == "true" else "",  # the one thing that there is to say of it
    )  # fmt: skip


WAIT_TIMEOUT = Flag(
    name="timeout", default="60s", group=OTHER, metavar="TIME", usual=("30s", "1m", "5m"),
    help="How long to --wait, such as 30s, 5m or 600 seconds; 0 looks once, a negative time is a week.",
)  # fmt: skip
HELP = switch("help", OTHER, "Show this help.").but(shorthand="h")

"""A command line that was read: which command, which arguments, and the flags with what was typed for them. Pure."""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kubectl_svc.flags.model import Command, Flag

_LONGEST_WORD = 80  # characters of a value that a message repeats


class CommandLine(Value):
    """What was typed, by flag. The methods raise KeyError for a flag that the command does not declare."""

    command: Command
    """The program itself, which only shows help, or one of its commands."""
    help: bool
    """Whether the command's help is asked for; everything else is then without meaning."""
    args: tuple[str, ...] = ()
    written: tuple[tuple[str, str], ...] = ()
    """Name and value of every flag in the order typed (pflag `ParseAll`), secrets covered."""
    notices: tuple[str, ...] = ()
    """Lines for stderr."""
    declared: Mapping[str, Flag]
    typed: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        """Without `typed`, which holds the secrets."""
        return f"CommandLine(command={self.command.name!r}, args={self.args!r}, written={self.written!r})"

    def given(self, name: str) -> bool:
        """Whether the flag was typed (pflag's Changed)."""
        return self.declared[name].name in self.typed

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of the flag, or its default; a flag that does not repeat has one."""
        flag = self.declared[name]
        default = () if flag.repeats else (flag.default,)
        return self.typed.get(name, default)

    def text(self, name: str) -> str:
        """The flag's last value, or its default."""
        texts = self.texts(name)
        return texts[-1] if texts else ""

    def flag(self, name: str) -> bool:
        """The value of a bool."""
        from kubectl_svc.golang import parse_bool  # TAB hardly asks

        return parse_bool(self.text(name))

    def number(self, name: str) -> int:
        """The value of an int32 that was typed or has a default."""
        return int(self.text(name))

    def words(self, name: str) -> str:
        """The flag as messages repeat it: `--name value`, once for each value that was typed."""
        if self.declared[name].type == "bool":
            return " ".join(f"--{name}" if value == "true" else f"--{name}={value}" for value in self.typed[name])
        return " ".join(f"--{name} {_as_a_word(value)}" for value in self.typed[name])


def _as_a_word(value: str) -> str:
    """The value, quoted where it needs it, and no more of a long one than tells which it is."""
    from kubectl_svc.golang import quote  # only messages repeat what was typed

    text = value if value and value.isprintable() and " " not in value else quote(value)
    return text if len(text) <= _LONGEST_WORD else f"{text[:_LONGEST_WORD]}..."

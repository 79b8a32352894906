"""Label selectors as they are typed after -l: `key=value`, `key!=value`, `key in (a,b)`, `key>1`, `key` and `!key`.

Pure. Source: apimachinery pkg/labels/selector.go (`Parse`, `NewRequirement`, `Matches`), with the complaints of
pkg/api/validate/content and pkg/util/validation/field; cli-runtime pkg/resource/builder.go (`LabelSelectorParam`).
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import atoi, quote
from kubectl_svc.pflag import as_bytes
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SIGNS = frozenset("=!(),><")
_BLANKS = frozenset(" \t\r\n")
_STOPS = _SIGNS | _BLANKS
# unicode.IsSpace: all that Python strips, but for four separators of ASCII.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))

_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_ENDS = _LOWER | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MOST_BYTES = 63  # of a key's name and of a value
_MOST_PREFIX_BYTES = 253

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_ALPHANUMERIC = "and must start and end with an alphanumeric character"
_NAME_SIGNS = f"consist of alphanumeric characters, '-', '_' or '.', {_ALPHANUMERIC}"
_NO_NAME = f"must {_NAME_SIGNS} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_NAME}')"
_NO_VALUE = (
    f"a valid label must be an empty string or {_NAME_SIGNS} "
    f"(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '({_NAME})?')"
)
_NO_PREFIX = (
    f"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', {_ALPHANUMERIC} "
    f"(e.g. 'example.com', regex used for validation is '{_LABEL}(\\.{_LABEL})*')"
)


class Requirement(Value):
    """One term of a selector.

    `operator` is as it is typed, or `exists`; `values` are sorted, none for `exists` and `!`, one integer for > and <.
    """

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels meet it. A label that is not there is unequal to any value, and neither more nor less."""
        if self.key not in labels:
            return self.operator in ("!=", "notin", "!")
        value = labels[self.key]
        if self.operator in (">", "<"):
            try:
                over = atoi(value) - atoi(self.values[0])
            except ValueError:
                return False
            return over > 0 if self.operator == ">" else over < 0
        if self.operator in ("!=", "notin"):
            return value not in self.values
        return self.operator == "exists" or value in self.values


class LabelSelector(Value):
    """Which labels are meant: those that meet all requirements, so any labels where there are none."""

    requirements: tuple[Requirement, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these labels is selected."""
        return all(requirement.matches(labels) for requirement in self.requirements)


def parse_label_selector(text: str) -> LabelSelector:
    """The selector that the text spells; a blank one selects everything.

    Raises SvcError with all that kubectl says of a selector for files, which repeats the text.
    """
    trimmed = text.strip(_SPACE)
    try:
        return LabelSelector(requirements=_Parser(trimmed).requirements())
    except ValueError as problem:
        raise SvcError(f"the provided selector {quote(trimmed)} is not valid: {problem}") from None


def _tokens(text: str) -> list[str]:
    """The words and signs in order, then an empty one for the end (`Lexer`); no NUL comes from a command line."""
    tokens = []
    at = 0
    while at < len(text):
        end = at + 1
        if text[at] in _SIGNS:
            end += text[at : at + 2] in ("==", "!=")
        elif text[at] not in _BLANKS:
            while end < len(text) and text[end] not in _STOPS:
                end += 1
        if text[at] not in _BLANKS:
            tokens.append(text[at:end])
        at = end
    return [*tokens, ""]


def _is_word(token: str) -> bool:
    """Whether it can be a key or a value, as `in` and `notin` can too: neither a sign nor the end."""
    return token != "" and token[0] not in _SIGNS


class _Parser:
    """The tokens that wait. Each method takes those that it reads, and raises ValueError in apimachinery's words."""

    def __init__(self, text: str) -> None:
        self._waiting = _tokens(text)[::-1]

    def requirements(self) -> tuple[Requirement, ...]:
        found: list[Requirement] = []
        if self._next and not self._is_start():
            raise ValueError(f"found '{self._next}', expected: !, identifier, or 'end of string'")
        while self._next:
            try:
                found.append(self._requirement())
            except ValueError as problem:
                raise ValueError(f"unable to parse requirement: {problem}") from None
            comma = self._take()
            if comma not in ("", ","):
                raise ValueError(f"found '{comma}', expected: ',' or 'end of string'")
            if comma and not self._is_start():
                raise ValueError(f"found '{self._next}', expected: identifier after ','")
        return tuple(found)

    @property
    def _next(self) -> str:
        return self._waiting[-1]

    def _take(self) -> str:
        """The next token; the end stays."""
        return self._waiting.pop() if self._next else ""

    def _is_start(self) -> bool:
        return self._next == "!" or _is_word(self._next)

    def _requirement(self) -> Requirement:
        key = self._take()
        is_negated = key == "!"
        if is_negated:
            key = self._take()
        if not _is_word(key):
            raise ValueError(f"found '{key}', expected: identifier")
        if problems := _key_problems(key):
            raise ValueError(_invalid("<nil>", key, problems))  # the field that is not given, as Go prints it
        if is_negated or self._next in ("", ","):
            return Requirement(key=key, operator="!" if is_negated else "exists")
        operator = self._take()
        if operator not in ("in", "notin", "=", "==", "!=", ">", "<"):
            raise ValueError(f"found '{operator}', expected: in, notin, =, ==, !=, gt, lt")
        values = self._values() if operator in ("in", "notin") else {self._value()}
        requirement = Requirement(key=key, operator=operator, values=tuple(sorted(values, key=as_bytes)))
        if complaints := _complaints(requirement):
            raise ValueError(complaints[0] if len(complaints) == 1 else f"[{', '.join(complaints)}]")
        return requirement

    def _value(self) -> str:
        """What follows `=` and its like; nothing is an empty value."""
        if self._next in ("", ","):
            return ""
        value = self._take()
        if not _is_word(value):
            raise ValueError(f"found '{value}', expected: identifier")
        return value

    def _values(self) -> set[str]:
        """What follows `in` and `notin`: a list in parentheses, where nothing between two signs is an empty value."""
        opening = self._take()
        if opening != "(":
            raise ValueError(f"found '{opening}' expected: '('")
        if self._next not in (",", ")") and not _is_word(self._next):
            raise ValueError(f"found '{self._next}', expected: ',', ')' or identifier")
        values = {""} if self._next == ")" else set()
        while self._next != ")":
            taken = self._take()
            if _is_word(taken):
                values.add(taken)
                if self._next not in (",", ")"):
                    raise ValueError(f"found '{self._next}', expected: ',' or ')'")
            elif taken != ",":
                raise ValueError(f"found '{taken}', expected: ',', or identifier")
            elif not values or self._next in (",", ")"):
                values.add("")
        self._take()
        return values


def _complaints(requirement: Requirement) -> list[str]:
    """What is wrong with the values, each with its place among them."""
    complaints = []
    if requirement.operator in (">", "<"):
        try:
            atoi(requirement.values[0])
        except ValueError:
            problem = "for 'Gt', 'Lt' operators, the value must be an integer"
            complaints.append(_invalid("values[0]", requirement.values[0], [problem]))
    for index, value in enumerate(requirement.values):
        if problems := _value_problems(value):
            complaints.append(_invalid(f"values[{index}][{requirement.key}]", value, problems))
    return complaints


def _invalid(field: str, value: str, problems: Iterable[str]) -> str:
    return f"{field}: Invalid value: {quote(value)}: {'; '.join(problems)}"


def _key_problems(key: str) -> list[str]:
    """`IsLabelKey`."""
    prefix, slash, name = key.rpartition("/")
    if "/" in prefix:
        return [
            f"a valid label key {_NO_NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        ]
    problems = []
    if slash and not prefix:
        problems.append("prefix part must be non-empty")
    elif slash:
        problems += _too_long(prefix, _MOST_PREFIX_BYTES, "prefix part ")
        if not all(_consists(label, _LOWER, "-") for label in prefix.split(".")):
            problems.append(f"prefix part {_NO_PREFIX}")
    if not name:
        problems.append("name part must be non-empty")
    problems += _too_long(name, _MOST_BYTES, "name part ")
    if not _consists(name, _ENDS, "-_."):
        problems.append(f"name part {_NO_NAME}")
    return problems


def _value_problems(value: str) -> list[str]:
    """`IsLabelValue`."""
    problems = _too_long(value, _MOST_BYTES)
    if value and not _consists(value, _ENDS, "-_."):
        problems.append(_NO_VALUE)
    return problems


def _too_long(text: str, most: int, part: str = "") -> list[str]:
    return [f"{part}must be no more than {most} bytes"] if len(as_bytes(text)) > most else []


def _consists(text: str, ends: frozenset[str], between: str) -> bool:
    """Whether the text is one or more of `ends`, with signs of `between` anywhere but first and last."""
    return text != "" and text[0] in ends and text[-1] in ends and ends.union(between).issuperset(text)

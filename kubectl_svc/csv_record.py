"""The CSV record that pflag takes a value of a list flag for (encoding/csv reader.go `readRecord`)."""

from __future__ import annotations


class CsvRecord:
    """The first record of a text that is not empty, as Go's encoding/csv reads it.

    Lines and columns in its errors count from 1, columns in bytes.
    """

    def __init__(self, text: str) -> None:
        data = text.encode("utf-8", "surrogateescape")
        *ended, last = data.removesuffix(b"\r").replace(b"\r\n", b"\n").split(b"\n")
        self._lines = [*(line + b"\n" for line in ended), last]
        self._line_number = self._start = self._column = 1
        self._rest = self._lines[0]

    def fields(self) -> tuple[str, ...]:
        """The record. Raises ValueError in Go's words."""
        while self._rest in (b"", b"\n"):
            if not self._next_line():
                raise ValueError("EOF")
        self._start = self._line_number
        fields = []
        more = True
        while more:
            field, more = self._quoted() if self._rest.startswith(b'"') else self._plain()
            fields.append(field.decode("utf-8", "surrogateescape"))
        return tuple(fields)

    def _plain(self) -> tuple[bytes, bool]:
        """The field, and whether another one follows."""
        field, comma, _ = self._rest.partition(b",")
        if b'"' in field:
            raise self._error(self._column + field.index(b'"'), 'bare " in non-quoted-field')
        self._skip(len(field) + len(comma))
        return field if comma else field.removesuffix(b"\n"), bool(comma)

    def _quoted(self) -> tuple[bytes, bool]:
        """The field without its quotes, and whether another one follows."""
        misplaced = 'extraneous or missing " in quoted-field'
        field = b""
        self._skip(1)
        while self._rest:
            part, quoted, rest = self._rest.partition(b'"')
            field += part
            self._skip(len(part) + len(quoted))
            if not quoted:
                self._next_line()
            elif rest.startswith(b'"'):
                field += b'"'
                self._skip(1)
            elif rest.startswith(b","):
                self._skip(1)
                return field, True
            elif rest in (b"", b"\n"):
                return field, False
            else:
                raise self._error(self._column - 1, misplaced)
        raise self._error(self._column, misplaced)

    def _skip(self, count: int) -> None:
        self._rest = self._rest[count:]
        self._column += count

    def _next_line(self) -> bool:
        """Moves on, unless this was the last line: an empty rest behind the last newline is none."""
        if self._line_number == len(self._lines) or not self._lines[self._line_number]:
            return False
        self._rest = self._lines[self._line_number]
        self._line_number += 1
        self._column = 1
        return True

    def _error(self, column: int, problem: str) -> ValueError:
        record = f"record on line {self._start}; " if self._start != self._line_number else ""
        return ValueError(f"{record}parse error on line {self._line_number}, column {column}: {problem}")

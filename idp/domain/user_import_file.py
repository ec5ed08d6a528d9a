r"""The file of a user import: its header, its lines and their values.

UTF-8 without a byte-order mark, one user a line, values separated by commas; a comma inside a value is written `\,`, quotes
have no meaning, and blanks around a value are dropped.  Source: AWS Developer Guide, "Importing users into user pools from
a CSV file"; spec USER_POOLS section 11.4.

Unknown: where AWS puts the password hash; here it is the column `cognito:password_hash`, which a job with
PasswordHashingAlgorithm must have and another may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.domain.standard_attributes import STANDARD, UNWRITABLE

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool

USERNAME = "cognito:username"
MFA_ENABLED = "cognito:mfa_enabled"
PASSWORD_HASH = "cognito:password_hash"  # noqa: S105 - a column's name
OWN_COLUMNS = frozenset({USERNAME, MFA_ENABLED, PASSWORD_HASH})

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_LINE_CHARACTERS = 16_000
MAX_LINE_BYTES = 4 * MAX_LINE_CHARACTERS  # of UTF-8
MAX_USERS = 500_000

_SEPARATOR = re.compile(r"(?<!\\),")


class HeaderRefused(Exception):
    """The first line does not name the columns that it must."""


class LineRefused(Exception):
    """A line cannot be read; the message says why, without anything that stands there."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file.

    Attributes:
        content: without its end; cut when it is far too long.
        end: position in the file after it, in bytes.
    """

    content: bytes
    end: int


def csv_header(user_pool: UserPool) -> list[str]:
    """Return the columns of a pool's file, in GetCSVHeader's order."""
    standard = [name for name in STANDARD if name not in UNWRITABLE]
    custom = [name for name in user_pool.schema.attributes if name.startswith("custom:")]
    return [*standard, *custom, MFA_ENABLED, USERNAME]


def read_header(line: Line, user_pool: UserPool, *, has_hashes: bool) -> list[str]:
    """Return the columns in the file's order.

    Raises:
        HeaderRefused: one is missing, unknown or there twice.
    """
    try:
        columns = read_values(line)
    except LineRefused as error:
        raise HeaderRefused from error
    wanted = [*csv_header(user_pool), *([PASSWORD_HASH] if has_hashes else [])]
    if sorted(columns) != sorted(wanted):
        raise HeaderRefused
    return columns


def read_user(line: Line, columns: Sequence[str]) -> dict[str, str]:
    """Return a line's values by column; those that are empty are left out.

    Raises:
        LineRefused.
    """
    values = read_values(line)
    if len(values) != len(columns):
        raise LineRefused(f"The line has {len(values)} values; the header has {len(columns)}.")
    return {name: value for name, value in zip(columns, values, strict=True) if value}


def read_values(line: Line) -> list[str]:
    r"""Return a line's values, without their escapes and the blanks around them.

    Raises:
        LineRefused: it is too long, or no UTF-8 text.
    """
    if len(line.content) > MAX_LINE_BYTES:
        raise _too_long()
    try:
        text = line.content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LineRefused("The line is not valid UTF-8.") from error
    if len(text) > MAX_LINE_CHARACTERS:
        raise _too_long()
    if "\0" in text:
        raise LineRefused("The line contains a null character.")
    return [value.strip().replace("\\,", ",") for value in _SEPARATOR.split(text)]


def split_lines(pieces: Iterable[bytes], *, start: int) -> Iterator[Line]:
    """Yield the lines of a file, holding no more of it than a piece and a line.

    Args:
        pieces: the file from `start` on.
        start: position of the first byte of the pieces in the file.
    """
    kept, length = b"", 0  # of the line that has begun; what is far too long is counted, not kept
    for piece in pieces:
        parts = piece.split(b"\n")
        for part in parts[:-1]:
            length += len(part) + 1
            start += length
            yield Line(_joined(kept, part).removesuffix(b"\r"), start)
            kept, length = b"", 0
        kept, length = _joined(kept, parts[-1]), length + len(parts[-1])
    if length:
        yield Line(kept.removesuffix(b"\r"), start + length)


def _joined(kept: bytes, part: bytes) -> bytes:
    return (kept + part)[: MAX_LINE_BYTES + 2]


def _too_long() -> LineRefused:
    return LineRefused(f"The line is longer than {MAX_LINE_CHARACTERS} characters.")

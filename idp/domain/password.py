"""Password policy: what a pool asks of a password, checked in Cognito's order with Cognito's sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from idp.domain.errors import InvalidPassword

if TYPE_CHECKING:
    from idp.services import Random

SYMBOLS = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-"
MAX_LENGTH = 256
GENERATED_MIN_LENGTH = 12

_UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_LOWER = "abcdefghijkmnopqrstuvwxyz"
_DIGITS = "23456789"


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """A pool's PasswordPolicy.  Source: AWS API_PasswordPolicyType; spec USER_POOLS section 2.11."""

    minimum_length: int = 8
    require_uppercase: bool = True
    require_lowercase: bool = True
    require_numbers: bool = True
    require_symbols: bool = True
    temporary_password_validity_days: int = 0
    history_size: int = 0

    @classmethod
    def parse(cls, document: Mapping[str, Any] | None) -> PasswordPolicy:
        """Read the API's form: unset as a whole, everything is required; given, what it leaves out is not."""
        if document is None:
            return cls()
        return cls(
            minimum_length=document.get("MinimumLength", 8),
            require_uppercase=document.get("RequireUppercase", False),
            require_lowercase=document.get("RequireLowercase", False),
            require_numbers=document.get("RequireNumbers", False),
            require_symbols=document.get("RequireSymbols", False),
            temporary_password_validity_days=document.get("TemporaryPasswordValidityDays", 0),
            history_size=document.get("PasswordHistorySize", 0),
        )

    def check(self, password: str) -> None:
        """Check a proposed password.

        Raises:
            InvalidPassword: with the first rule it breaks, in the order of spec section 2.11.
        """
        if len(password) < self.minimum_length:
            raise _refusal("Password not long enough")
        if len(password) > MAX_LENGTH or password.strip(" ") != password:
            raise InvalidPassword(
                f"Password must be at most {MAX_LENGTH} characters, and not begin or end with a space."
            )
        for required, has, kind in self._rules():
            if required and not any(map(has, password)):
                raise _refusal(f"Password must have {kind} characters")

    def generate(self, random: Random) -> str:
        """Return a random password that satisfies the policy: a temporary one for AdminCreateUser."""
        length = max(self.minimum_length, GENERATED_MIN_LENGTH)
        required = [_UPPER, _LOWER, _DIGITS, "!@#%_+-="]
        alphabet = "".join(required[:3])
        letters = [_pick(random, letters) for letters in required]
        letters += [_pick(random, alphabet) for _ in range(length - len(letters))]
        return "".join(letters.pop(random.below(len(letters))) for _ in range(length))

    def _rules(self) -> tuple[tuple[bool, Callable[[str], bool], str], ...]:
        return (
            (self.require_uppercase, str.isupper, "uppercase"),
            (self.require_lowercase, str.islower, "lowercase"),
            (self.require_numbers, str.isdigit, "numeric"),
            (self.require_symbols, lambda letter: letter in SYMBOLS or letter == " ", "symbol"),
        )


def _refusal(reason: str) -> InvalidPassword:
    return InvalidPassword(f"Password did not conform with policy: {reason}")


def _pick(random: Random, letters: str) -> str:
    return letters[random.below(len(letters))]

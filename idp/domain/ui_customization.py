"""What classic hosted pages look like: a style sheet of few selectors, and a logo.

A style sheet goes into a page beside a password field, so it is read by a grammar of its own and everything else is
refused: other selectors, at-rules, and values that could fetch, run or escape.

Source: AWS API_SetUICustomization; AWS "Hosted UI (classic) branding"; spec USER_POOLS section 11.5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from idp.domain.errors import InvalidParameter
from idp.domain.images import is_image

ALL_CLIENTS = "ALL"
MAX_IMAGE_BYTES = 100 * 1024

_CLASSES = (
    "logo banner label textDescription idpDescription legalText submitButton errorMessage inputField idpButton "
    "socialButton redirect passwordCheck-notValid passwordCheck-valid background"
)
SELECTORS = frozenset(
    {f".{name}-customizable" for name in _CLASSES.split()}
    | {f".{name}-customizable:hover" for name in ("submitButton", "idpButton")}
    | {".inputField-customizable:focus"}
)

_PROPERTY = re.compile(r"-?[a-zA-Z][a-zA-Z0-9-]*")
_VALUE = re.compile(r"[\w\s#%.,()!'\"/+*-]+")
_FUNCTION = re.compile(r"([\w-]*)\s*\(")
_FUNCTIONS = frozenset(
    {"rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp", "linear-gradient", "radial-gradient"}
)
_RUNNING = frozenset({"behavior", "-moz-binding"})


@dataclass(frozen=True, slots=True)
class UiCustomization:
    """What pages of one client look like, or of all that have none of their own.

    Attributes:
        client_id: or `ALL`.
        css: as it was sent; None when there is none.
        image: the logo: PNG or JPEG.
    """

    pool_id: str
    client_id: str
    css: str | None
    image: bytes | None = field(repr=False)
    created_at: datetime
    updated_at: datetime

    @property
    def version(self) -> str:
        """Return CSSVersion: the moment of the last change.  Source: spec section 11.5, the samples."""
        return self.updated_at.strftime("%Y%m%d%H%M%S")


def check_css(css: str) -> None:
    """Check a style sheet.

    Raises:
        InvalidParameter.

    Unknown: the sentences.
    """
    *rules, tail = _without_comments(css).split("}")
    if tail.strip():
        raise _malformed()
    for rule in rules:
        selectors, opening, declarations = rule.partition("{")
        if not opening or "{" in declarations:
            raise _malformed()
        for selector in selectors.split(","):
            if selector.strip() not in SELECTORS:
                raise InvalidParameter(f"The CSS selector {selector.strip()!r} is not supported.")
        for declaration in declarations.split(";"):
            _check_declaration(declaration.strip())


def check_logo(image: bytes) -> None:
    """Check a logo; raises InvalidParameter.  Unknown: the sentences."""
    if len(image) > MAX_IMAGE_BYTES:
        raise InvalidParameter(f"The image must have at most {MAX_IMAGE_BYTES} bytes.")
    if not (is_image(image, "PNG") or is_image(image, "JPEG")):
        raise InvalidParameter("The image must be a PNG or JPEG file.")


def _check_declaration(declaration: str) -> None:
    if not declaration:
        return
    name, colon, value = declaration.partition(":")
    if not colon or _PROPERTY.fullmatch(name.strip()) is None or _VALUE.fullmatch(value) is None:
        raise _malformed()
    calls = {function.lower() for function in _FUNCTION.findall(value)}
    if not calls <= _FUNCTIONS or name.strip().lower() in _RUNNING:
        raise InvalidParameter(f"The CSS of {name.strip()} uses a value that is not supported.")


def _without_comments(css: str) -> str:
    """Return a style sheet without comments, in one pass."""
    first, *others = css.split("/*")
    kept = [first]
    for other in others:
        _, closing, after = other.partition("*/")
        if not closing:
            raise _malformed()
        kept.append(after)
    return " ".join(kept)


def _malformed() -> InvalidParameter:
    return InvalidParameter("The CSS is malformed.")

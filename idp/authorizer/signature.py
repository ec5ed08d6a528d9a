"""Read the Signature Version 4 that a request carries, in its header or in its query."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Literal
from urllib.parse import unquote

ALGORITHM = "AWS4-HMAC-SHA256"
MAX_EXPIRES_S = 604_800

RefusalCode = Literal[
    "MissingAuthenticationTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "ExpiredTokenException",
]

_BASIC_FORMAT = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_NO_PUNCTUATION = str.maketrans("", "", "-:")
_PART_SEPARATORS = re.compile(r"[, ]+")
_QUERY_PARAMETERS = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date")


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One HTTP request as it stood on the wire.

    Attributes:
        method: upper case, as sent.
        raw_path: before the `?`, still percent-encoded, before any routing.
        raw_query: after the `?`, still percent-encoded; empty when there is none.
        headers: in arrival order, names in any case, repeated ones repeated.
        body: all of it, transfer encoding removed.
    """

    method: str
    raw_path: str
    raw_query: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    _first: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_first", {name.lower(): value for name, value in reversed(self.headers)})

    def header(self, name: str) -> str | None:
        """Return the first value of a header, given its lower-case name."""
        return self._first.get(name)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as the client claims it; nothing in it is verified.

    Attributes:
        credential: the whole credential, for error texts; its parts are empty when there are not exactly five.
        amz_date: the request's time in ISO 8601 basic format, as the string to sign holds it.
        requested_at: the same as an aware UTC time.
        expires_in: only for a presigned request that says so.
    """

    algorithm: str
    credential: str
    access_key_id: str
    date: str
    region: str
    service: str
    terminator: str
    signed_headers: tuple[str, ...]
    signature: str = field(repr=False)
    amz_date: str
    requested_at: datetime
    session_token: str | None = field(repr=False)
    presigned: bool
    expires_in: timedelta | None


class SignatureRefused(Exception):
    """A request is not authentic; `code` is the name that AWS's JSON protocols use, `message` AWS's sentence."""

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def parse_signature(request: WireRequest, *, unsigned_message: str = "Missing Authentication Token") -> Signature:
    """Read the signature of a request.

    Args:
        request: as received.
        unsigned_message: the sentence for an unsigned request; services word it differently.

    Raises:
        SignatureRefused: there is none, there are two, or its parts are missing or malformed.

    Source: observed order and texts, spec/SIGV4.md section 5, steps 1 to 5.
    """
    authorization = request.header("authorization")
    parameters = _query_parameters(request.raw_query)
    if authorization is not None and "X-Amz-Algorithm" in parameters:
        raise SignatureRefused(
            "InvalidSignatureException",
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
        )
    if authorization is None and "X-Amz-Algorithm" in parameters:
        return _from_query(request, parameters)
    if authorization is None or not authorization.lstrip().startswith("AWS4-"):
        raise SignatureRefused("MissingAuthenticationTokenException", unsigned_message)
    return _from_header(request, authorization.strip())


def _from_header(request: WireRequest, authorization: str) -> Signature:
    algorithm, *parts = _PART_SEPARATORS.split(authorization)
    values = _key_values(parts, authorization)
    amz_date, date = request.header("x-amz-date"), request.header("date")
    missing = [
        f"Authorization header requires '{name}' parameter. "
        for name in ("Credential", "Signature", "SignedHeaders")
        if not values.get(name)
    ]
    if not amz_date and not date:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
    if missing:
        raise _incomplete(
            f"{''.join(missing)}(Hashed with SHA-256 and encoded with Base64) Authorization={_hashed(authorization)}"
        )
    return _signature(
        algorithm=algorithm,
        values=values,
        requested_at=_basic_time(amz_date) if amz_date else _date_header_time(date or ""),
        session_token=request.header("x-amz-security-token"),
    )


def _from_query(request: WireRequest, parameters: dict[str, str]) -> Signature:
    missing = [name for name in _QUERY_PARAMETERS if not parameters.get(name)]
    if missing:
        sentences = "".join(f"AWS query-string parameters must include '{name}'. " for name in missing)
        raise _incomplete(f"{sentences}Re-examine the query-string parameters.")
    return _signature(
        algorithm=parameters["X-Amz-Algorithm"],
        values={name: parameters[f"X-Amz-{name}"] for name in ("Credential", "Signature", "SignedHeaders")},
        requested_at=_basic_time(parameters["X-Amz-Date"]),
        session_token=parameters.get("X-Amz-Security-Token") or request.header("x-amz-security-token"),
        presigned=True,
        expires_in=_lifetime(parameters.get("X-Amz-Expires")),
    )


def _signature(
    *,
    algorithm: str,
    values: dict[str, str],
    requested_at: datetime,
    session_token: str | None,
    presigned: bool = False,
    expires_in: timedelta | None = None,
) -> Signature:
    credential = values["Credential"]
    parts = credential.split("/")
    access_key_id, date, region, service, terminator = parts if len(parts) == 5 else ("",) * 5
    return Signature(
        algorithm=algorithm,
        credential=credential,
        access_key_id=access_key_id,
        date=date,
        region=region,
        service=service,
        terminator=terminator,
        signed_headers=tuple(values["SignedHeaders"].split(";")),
        signature=values["Signature"],
        amz_date=amz_time(requested_at),
        requested_at=requested_at,
        session_token=session_token,
        presigned=presigned,
        expires_in=expires_in,
    )


def amz_time(moment: datetime) -> str:
    """Return an aware UTC time in ISO 8601 basic format, such as `20150830T123600Z`."""
    return moment.isoformat(timespec="seconds")[:19].translate(_NO_PUNCTUATION) + "Z"


def _key_values(parts: list[str], authorization: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in parts if part]
    if any(not equal_sign for _, equal_sign, _ in pairs):
        raise _incomplete(
            "Invalid key=value pair (missing equal-sign) in Authorization header "
            f"(hashed with SHA-256 and encoded with Base64): '{_hashed(authorization)}'."
        )
    return {name: value for name, _, value in pairs}


def _query_parameters(raw_query: str) -> dict[str, str]:
    if "X-Amz-" not in raw_query:
        return {}
    pairs = (part.partition("=") for part in raw_query.split("&"))
    return {name: unquote(value) for name, _, value in pairs if name.startswith("X-Amz-")}


def _basic_time(text: str) -> datetime:
    try:
        if _BASIC_FORMAT.fullmatch(text):
            year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
            return datetime(year, month, day, int(text[9:11]), int(text[11:13]), int(text[13:15]), tzinfo=UTC)
    except ValueError:
        pass
    raise _incomplete(
        f"Date must be in ISO-8601 'basic format'. Got '{text}'. See http://en.wikipedia.org/wiki/ISO_8601"
    )


def _date_header_time(text: str) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return _basic_time(text)


def _lifetime(text: str | None) -> timedelta | None:
    """Read X-Amz-Expires, in seconds.

    Unknown: the texts of services other than S3; these are S3's.
    """
    if text is None:
        return None
    if not re.fullmatch("-?[0-9]{1,9}", text):
        raise _incomplete("X-Amz-Expires should be a number")
    if int(text) < 1:
        raise _incomplete("X-Amz-Expires must be non-negative")
    if int(text) > MAX_EXPIRES_S:
        raise _incomplete("X-Amz-Expires must be less than a week (in seconds) that is 604800")
    return timedelta(seconds=int(text))


def _hashed(authorization: str) -> str:
    return b64encode(sha256(authorization.encode("utf-8", "surrogatepass")).digest()).decode("ascii")


def _incomplete(message: str) -> SignatureRefused:
    return SignatureRefused("IncompleteSignatureException", message)

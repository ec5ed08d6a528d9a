"""Put a request into the canonical form that Signature Version 4 signs."""

import re
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import quote, unquote_to_bytes

from idp.authorizer.signature import ALGORITHM, Signature, WireRequest

_Pairs = list[tuple[str, str]]
_BLANKS = re.compile(r"[ \t\r\n]+")
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
"""Paths, the most common ones, that no canonical form changes: nothing to encode, no empty or dot segment."""


def canonical_requests(
    request: WireRequest, signature: Signature, *, payload_hash: str, double_encode: bool = True
) -> Iterator[str]:
    """Yield every canonical request the signer may have meant, the one AWS documents first.

    Clients disagree on dot segments, on encoding the path once more, on re-encoding the query, and on signing the
    session token. All forms name the same request on the wire, so trying each does not weaken the check.

    Args:
        request: as received, before any rewriting.
        signature: the parsed signature of that request.
        payload_hash: lower-case hex SHA-256 of the body, or `UNSIGNED-PAYLOAD`.
        double_encode: encode the path once more, as every service but S3 does.

    Source: AWS IAM User Guide, "Create a signed AWS API request"; the fall-backs are observed, with botocore 1.43
    signing `?p=a+b` and `?x=%2f` as they stand and the `-unnormalized` cases of the public signing suite.
    """
    names = sorted({name.lower() for name in signature.signed_headers})
    headers = canonical_headers(request, names)
    pairs = _signed_pairs(request, signature)
    if not pairs and _PLAIN_PATH.fullmatch(request.raw_path):
        yield f"{request.method}\n{request.raw_path}\n\n{headers}\n{';'.join(names)}\n{payload_hash}"
        return
    tried: set[tuple[str, str]] = set()
    for path_form in _PATH_FORMS if double_encode else (_encoded_once,):
        for query_form in (_QUERY_FORMS + _PRESIGNED_QUERY_FORMS) if signature.presigned else _QUERY_FORMS:
            path, query = path_form(request.raw_path or "/"), query_form(pairs)
            if (path, query) not in tried:
                tried.add((path, query))
                yield f"{request.method}\n{path}\n{query}\n{headers}\n{';'.join(names)}\n{payload_hash}"


def string_to_sign(canonical_request: str, signature: Signature) -> str:
    """Return the text whose HMAC is the signature."""
    scope = f"{signature.date}/{signature.region}/{signature.service}/{signature.terminator}"
    return f"{ALGORITHM}\n{signature.amz_date}\n{scope}\n{sha256(_utf8(canonical_request)).hexdigest()}"


def canonical_headers(request: WireRequest, names: list[str]) -> str:
    """Return `name:value` lines in the order of `names`; a header that is absent has an empty value."""
    values: dict[str, list[str]] = {name: [] for name in names}
    for name, value in request.headers:
        held = values.get(name.lower())
        if held is not None:
            held.append(_BLANKS.sub(" ", value).strip(" "))
    return "".join(f"{name}:{','.join(values[name])}\n" for name in names)


def normalized_path(raw_path: str) -> str:
    """Remove empty and dot segments, keeping a trailing slash, as RFC 3986 section 5.2.4 does."""
    segments: list[str] = []
    for segment in raw_path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(segments) + ("/" if segments and raw_path.endswith("/") else "")


def _normalized_and_encoded(raw_path: str) -> str:
    return _encoded_again(normalized_path(raw_path))


def _encoded_again(raw_path: str) -> str:
    return quote(_utf8(raw_path), safe="/~")


def _encoded_once(raw_path: str) -> str:
    return "/".join(_reencoded(segment) for segment in raw_path.split("/"))


def _signed_pairs(request: WireRequest, signature: Signature) -> _Pairs:
    if not request.raw_query:
        return []
    pairs = [(name, value) for name, _, value in (part.partition("=") for part in request.raw_query.split("&"))]
    return [pair for pair in pairs if pair[0] != "X-Amz-Signature"] if signature.presigned else pairs


def _normalized_query(pairs: _Pairs) -> str:
    return _raw_query([(_reencoded(name), _reencoded(value)) for name, value in pairs if name or value])


def _raw_query(pairs: _Pairs) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _normalized_query_without_token(pairs: _Pairs) -> str:
    return _normalized_query(_without_token(pairs))


def _raw_query_without_token(pairs: _Pairs) -> str:
    return _raw_query(_without_token(pairs))


def _without_token(pairs: _Pairs) -> _Pairs:
    return [pair for pair in pairs if pair[0] != "X-Amz-Security-Token"]


def _reencoded(text: str) -> str:
    return quote(unquote_to_bytes(_utf8(text)), safe="~")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_PATH_FORMS = (_normalized_and_encoded, _encoded_again, _encoded_once)
_QUERY_FORMS = (_normalized_query, _raw_query)
_PRESIGNED_QUERY_FORMS = (_normalized_query_without_token, _raw_query_without_token)

"""Put a request into the canonical form that Signature Version 4 signs."""

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from urllib.parse import quote, unquote_to_bytes

from idp.authorizer.signature import ALGORITHM, Signature, WireRequest

_BLANKS = re.compile(r"[ \t\r\n]+")


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
    for path, query in product(_paths(request.raw_path, double_encode=double_encode), _queries(request, signature)):
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


def _paths(raw_path: str, *, double_encode: bool) -> list[str]:
    path = raw_path or "/"
    once = "/".join(_reencoded(segment) for segment in path.split("/"))
    if not double_encode:
        return [once]
    normalized = _encoded(normalized_path(path), safe="/")
    return list(dict.fromkeys((normalized, _encoded(path, safe="/"), once)))


def _queries(request: WireRequest, signature: Signature) -> list[str]:
    if not request.raw_query:
        return [""]
    pairs = [_split(part) for part in request.raw_query.split("&")]
    if signature.presigned:
        pairs = [(name, value) for name, value in pairs if name != "X-Amz-Signature"]
    forms = _query_forms(pairs)
    if signature.presigned and signature.session_token is not None:
        forms += _query_forms([pair for pair in pairs if pair[0] != "X-Amz-Security-Token"])
    return list(dict.fromkeys(forms))


def _query_forms(pairs: list[tuple[str, str]]) -> list[str]:
    encoded = [(_reencoded(name), _reencoded(value)) for name, value in pairs if name or value]
    return [_joined(encoded), _joined(pairs)]


def _split(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, value


def _joined(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _reencoded(text: str) -> str:
    return quote(unquote_to_bytes(_utf8(text)), safe="~")


def _encoded(text: str, *, safe: str) -> str:
    return quote(_utf8(text), safe=safe + "~")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

"""Settings: the environment, read once into one frozen object.

Every setting is a field below with its variable, its default and one sentence; `docs/settings.md` is generated from them.
An unknown `IDP_*` variable or a malformed value refuses to start. What makes `idp dev` lenient is a named setting too,
and `idp serve` refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from idp.domain.request_quota import parse_quotas

Mode = Literal["dev", "serve"]

MAX_PORT = 65535
ISSUER_PARTS = "{pool_id} must stand in it; {region} and {public_url} may, and nothing else in braces"


class SettingsRefused(Exception):
    """A setting is unknown, malformed, or not allowed in this mode; the message is one clear sentence."""


def _text(value: str) -> str:
    return value


def _integer(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise ValueError("a whole number is expected")
    return int(value)


def _count(value: str) -> int:
    if _integer(value) < 1:
        raise ValueError("one or more is expected")
    return int(value)


def _port(value: str) -> int:
    if not 1 <= _integer(value) <= MAX_PORT:
        raise ValueError(f"a port from 1 to {MAX_PORT} is expected")
    return int(value)


def _account(value: str) -> str:
    if re.fullmatch(r"[0-9]{12}", value) is None:
        raise ValueError("twelve digits are expected")
    return value


def _region(value: str) -> str:
    if re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}", value) is None:
        raise ValueError("the name of a region, such as eu-west-1, is expected")
    return value


def _file(value: str) -> Path:
    if not Path(value).is_file():
        raise ValueError("a file that is there is expected")
    return Path(value)


def _database_url(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("sqlite:///… or postgresql+psycopg://… is expected")
    return value


def _smtp_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("smtp://… or smtps://… is expected")
    return value


def _flag(value: str) -> bool:
    if value.lower() not in {"true", "false"}:
        raise ValueError("true or false is expected")
    return value.lower() == "true"


def _path(value: str) -> Path:
    return Path(value)


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("an http or https URL is expected")
    return value.rstrip("/")


def _synchronous(value: str) -> str:
    if value not in {"FULL", "NORMAL", "OFF"}:
        raise ValueError("FULL, NORMAL or OFF is expected")
    return value


def _quotas(value: str) -> str:
    parse_quotas(value)
    return value


def _issuer_template(value: str) -> str:
    if "{pool_id}" not in value:
        raise ValueError(ISSUER_PARTS)
    try:
        value.format(public_url="", region="", pool_id="")
    except (LookupError, ValueError, AttributeError) as error:
        raise ValueError(ISSUER_PARTS) from error
    return value.rstrip("/")


def _setting(
    default: Any, about: str, parse: Callable[[str], Any] = _text, *, secret: bool = False, lenient: bool = False
) -> Any:
    metadata = {"about": about, "parse": parse, "secret": secret, "lenient": lenient}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set, as `IDP_` and the field's name in capitals."""

    mode: Mode = "serve"
    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(9229, "TCP port to listen on.", _port)
    data: Path = _setting(Path(".idp"), "Folder of the SQLite database, unpacked functions and logs.", _path)
    keys: Path | None = _setting(
        None, "Folder of the master key; `keys/`, or `DATA/keys` when `--data` or `IDP_DATA` is given.", _path
    )
    master_key: str | None = _setting(
        None, "The master key itself (base64 of 32 bytes), in place of the file.", secret=True
    )
    database_url: str | None = _setting(
        None, "SQLAlchemy URL (`postgresql+psycopg://…`); SQLite in DATA when unset.", _database_url, secret=True
    )
    sqlite_synchronous: str | None = _setting(
        None, "`FULL`, `NORMAL` or `OFF`; FULL for `idp serve`, NORMAL for `idp dev`.", _synchronous
    )
    public_url: str | None = _setting(
        None, "What issuers, links and pages say; `http://localhost:PORT` when unset.", _url
    )
    issuer_template: str = _setting(
        "{public_url}/{pool_id}", "Issuer of a user pool, with {public_url}, {region} and {pool_id}.", _issuer_template
    )
    region: str = _setting("us-east-1", "Region of requests that name none.", _region)
    account: str = _setting("000000000000", "Account of requests that name none.", _account)
    workers: int = _setting(1, "Worker processes of `idp serve`.", _count)
    threads: int = _setting(4, "Threads of each worker process.", _count)
    argon2_memory_kib: int = _setting(19456, "argon2id memory of new password hashes, KiB.", _count)
    argon2_time: int = _setting(2, "argon2id passes of new password hashes.", _count)
    argon2_parallelism: int = _setting(1, "argon2id lanes of new password hashes.", _count)
    hash_slots: int = _setting(1, "Password hashes that may run at once in a process.", _count)
    smtp_url: str | None = _setting(
        None,
        "`smtp://user:password@host:port` or `smtps://…`; messages go to the outbox when unset.",
        _smtp_url,
        secret=True,
    )
    mail_from: str = _setting("no-reply@idp.localhost", "Sender of e-mail when a pool names none.")
    sms_webhook_url: str | None = _setting(
        None, "URL that takes SMS as JSON by POST; messages go to the outbox when unset.", _url
    )
    sms_webhook_token: str | None = _setting(None, "Bearer token sent to the SMS webhook.", secret=True)
    dynamodb_url: str | None = _setting(
        None, "DynamoDB-compatible URL to forward to; in-process tables when unset.", _url
    )
    dynamodb_secret: str | None = field(
        default=None, repr=False
    )  # of the tables that workers share; never set from outside
    jobs_interval_s: int = _setting(
        5,
        "Seconds between looks for work outside requests (imports, expiry, SAML metadata); 0 leaves it to `idp jobs`.",
        _integer,
    )
    compromised_passwords: Path | None = _setting(
        None, "File of passwords that attackers know, plain or as SHA-1, a line each; a short list is built in.", _file
    )
    quotas: str | None = _setting(
        None,
        "Requests a second in each worker process, by category: `default` for Cognito's, `UserRead=50,…` for some.",
        _quotas,
    )
    trusted_proxies: int = _setting(0, "Proxies in front whose X-Forwarded-For and -Proto are believed.", _integer)
    any_credentials: bool = _setting(False, "Accept any AWS credentials as the account's root.", _flag, lenient=True)
    open_outbox: bool = _setting(False, "Let anybody read the outbox.", _flag, lenient=True)
    python_triggers: bool = _setting(False, "Let pools name Python callables as triggers.", _flag, lenient=True)
    record_triggers: bool = _setting(
        False, "Keep the newest runs of triggers in the database, for `idp triggers`; `idp dev` always does.", _flag
    )
    local_metadata_clients: bool = _setting(
        False, "Take clients whose metadata document is at an http URL of this machine.", _flag, lenient=True
    )
    social_providers_url: str | None = _setting(
        None,
        "Stand-in for Google, Facebook, Amazon and Apple: `URL/<host>/<path>` is asked for `https://<host>/<path>`.",
        _url,
        lenient=True,
    )
    dev_doors: bool = _setting(False, "Serve `/_dev/` (outbox, reset, clock).", _flag, lenient=True)

    @property
    def base_url(self) -> str:
        """Return the URL that clients reach this server by, without a trailing slash."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def remembers_triggers(self) -> bool:
        """Say whether runs of triggers are kept."""
        return self.record_triggers or self.mode == "dev"

    @property
    def keys_directory(self) -> Path:
        """Return where the master key file is."""
        if self.keys is not None:
            return self.keys
        return Path("keys") if self.data == Path(".idp") else self.data / "keys"

    @property
    def sqlalchemy_url(self) -> str:
        """Return the database's URL."""
        return self.database_url or f"sqlite:///{self.data / 'idp.sqlite'}"

    @property
    def synchronous(self) -> str:
        """Return SQLite's synchronous level: acknowledged writes of `idp serve` survive a power cut."""
        return self.sqlite_synchronous or ("FULL" if self.mode == "serve" else "NORMAL")

    def issuer(self, pool_id: str) -> str:
        """Return the `iss` of a user pool's tokens.  Source: spec USER_POOLS section 4.1."""
        region = pool_id.partition("_")[0]
        return self.issuer_template.format(public_url=self.base_url, region=region, pool_id=pool_id)


def variables() -> Mapping[str, Mapping[str, Any]]:
    """Return every environment variable with its metadata (about, parse, secret, lenient) and default."""
    return {
        f"IDP_{each.name.upper()}": {**each.metadata, "default": each.default, "field": each.name}
        for each in fields(Settings)
        if each.metadata
    }


def from_environment(environ: Mapping[str, str], mode: Mode, **given: object) -> Settings:
    """Read the settings of a process.

    Args:
        environ: usually `os.environ`.
        mode: the command that runs; `dev` is lenient where `variables()` says so.
        given: values from the command line; None means not given.

    Raises:
        SettingsRefused: with one sentence that names the variable.
    """
    known = variables()
    unknown = sorted(name for name in environ if name.startswith("IDP_") and name not in known)
    if unknown:
        raise SettingsRefused(f"{unknown[0]} is not a setting of idp; docs/settings.md lists them.")
    values: dict[str, Any] = _leniencies() if mode == "dev" else {}
    for name, about in known.items():
        if name in environ:
            values[about["field"]] = _parse(name, environ[name], about)
    values |= {name: value for name, value in given.items() if value is not None}
    settings = Settings(mode=mode, **values)
    _refuse_leniency(settings)
    return settings


def _leniencies() -> dict[str, Any]:
    return {about["field"]: True for about in variables().values() if about["lenient"] and about["default"] is False}


def _parse(name: str, value: str, about: Mapping[str, Any]) -> object:
    try:
        return cast("Callable[[str], object]", about["parse"])(value)
    except ValueError as error:
        shown = "" if about["secret"] else f" (it is {value!r})"
        raise SettingsRefused(f"{name} is malformed: {error}{shown}.") from error


def _refuse_leniency(settings: Settings) -> None:
    if settings.mode == "dev" and settings.host not in {"127.0.0.1", "::1", "localhost"}:
        raise SettingsRefused(
            f"idp dev accepts any credentials, so it listens on loopback only, not on {settings.host}; use idp serve."
        )
    if settings.mode == "dev":
        return
    for name, about in variables().items():
        if about["lenient"] and getattr(settings, about["field"]):
            raise SettingsRefused(f"{name} is for idp dev; idp serve refuses it.")

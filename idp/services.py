"""What every flow is handed: one frozen object that holds all ports to the world.

A Protocol stands here only for what has two implementations (the real one and a fake, or two real ones).
`bootstrap.py` is the only place that builds a `Services`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from idp.domain.message import Message
    from idp.domain.trigger import TriggerCall
    from idp.outbound.background import Background
    from idp.outbound.compromised_passwords import CompromisedPasswords
    from idp.outbound.http import HttpClient
    from idp.outbound.keyring import KeyRing
    from idp.outbound.log_files import LogFiles
    from idp.outbound.openid_providers import OpenIdProviders
    from idp.outbound.request_quotas import RequestQuotas
    from idp.outbound.sealer import Sealer
    from idp.settings import Settings
    from idp.store.catalog import Catalog
    from idp.store.unit_of_work import UnitOfWork


SDK_UNKNOWN = "aws-sdk-unknown-unknown"


class Clock(Protocol):
    """Tells the time; everything that expires asks it."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class Random(Protocol):
    """The only source of randomness and ids."""

    def bytes(self, count: int) -> bytes:
        """Return `count` unpredictable bytes."""
        ...

    def digits(self, count: int) -> str:
        """Return `count` unpredictable decimal digits, leading zeros included."""
        ...

    def below(self, limit: int) -> int:
        """Return an unpredictable integer in [0, limit)."""
        ...

    def uuid(self) -> str:
        """Return a random UUID (RFC 9562 version 4) in lower case."""
        ...


class Mailer(Protocol):
    """Sends messages to people: an outbox table, SMTP, or a webhook for SMS."""

    def send(self, message: Message) -> None:
        """Hand the message over.

        Raises:
            CodeDeliveryFailed: the service did not take it.
        """
        ...


class Triggers(Protocol):
    """Runs the functions a pool calls."""

    def invoke(self, call: TriggerCall) -> Mapping[str, object]:
        """Run one trigger and return its whole answer.

        Raises:
            TriggerRefused, TriggerFailed, TriggerAnswerInvalid.
        """
        ...

    def enqueue(self, call: TriggerCall) -> None:
        """Run one trigger later, whose answer nobody waits for.

        Raises:
            TriggerFailed: too many wait.
        """
        ...


class SenderCodes(Protocol):
    """Encrypts the codes that go to pools' custom senders."""

    def encrypt(self, code: str, *, kms_key: str, pool_id: str) -> str:
        """Return a code as the event of a custom sender holds it.

        Args:
            kms_key: the pool's KMSKeyID.
        """
        ...


class Hasher(Protocol):
    """Hashes passwords (slow by design, bounded in parallel)."""

    def hash(self, password: str) -> str:
        """Return a modular-crypt text that holds algorithm, parameters and salt.

        Raises:
            TooManyRequests: no slot is free for one more hash.
        """
        ...

    def verify(self, password: str, password_hash: str) -> bool:
        """Say whether the password matches; costs the same for a wrong one."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Say whether the hash has another algorithm or other parameters than new hashes get."""
        ...

    def is_importable(self, algorithm: str, password_hash: str) -> bool:
        """Say whether the text is a hash that may be taken over from another system.

        Args:
            algorithm: `BCRYPT`, `SCRYPT`, `ARGON2ID` or `PBKDF2_SHA256`.
        """
        ...

    def verify_decoy(self, password: str) -> None:
        """Spend the time of one verification, for a user who does not exist."""
        ...


class AwsBackend(Protocol):
    """A mock AWS service that takes authorized requests (DynamoDB in process, or forwarded to a URL)."""

    def call(self, request: BackendRequest) -> BackendResponse:
        """Run one request that has been authorized already."""
        ...

    def reset(self) -> None:
        """Delete everything, if the service is ours alone."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


class Tables(AwsBackend, Protocol):
    """DynamoDB, with what decisions about its requests must know."""

    def partition_keys(self, account: str, region: str, table: str) -> Mapping[str | None, str]:
        """Return the name of the partition key of the table (None) and of each of its indexes; empty if there is no table."""
        ...


@dataclass(frozen=True, slots=True)
class BackendRequest:
    """An authorized request to a mock AWS service, in its own wire protocol."""

    service: str
    account: str
    region: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class BackendResponse:
    """The mock service's answer, to be passed on as it stands."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class FunctionResult:
    """What Invoke answers: see spec LAMBDA section 1, "Mapping to Invoke results"."""

    payload: bytes
    function_error: Literal["Unhandled", "Handled"] | None
    executed_version: str
    log_tail: bytes = b""


class Functions(Protocol):
    """Runs stored Lambda functions."""

    def invoke(
        self, arn: str, payload: bytes, *, timeout_s: float | None = None, client_context: str | None = None
    ) -> FunctionResult:
        """Run the function synchronously.

        Args:
            arn: function ARN, with or without qualifier.
            payload: JSON event, UTF-8.

        Raises:
            ResourceNotFound: no such function.
            TooManyRequests: no capacity is free.
        """
        ...

    def enqueue(self, arn: str, payload: bytes, *, client_context: str | None = None) -> None:
        """Run the function later, and again if it fails; arguments are those of `invoke`.

        Raises:
            ResourceNotFound: no such function.
            TooManyRequests: too many events wait.
        """
        ...

    def forget(self, arn: str) -> None:
        """Stop the function's processes: it was deleted or updated."""
        ...

    def reset(self) -> None:
        """Stop the processes of all functions: the database was emptied."""
        ...

    def close(self) -> None:
        """Stop all processes for good."""
        ...


class DatabaseState(Protocol):
    """Tells whether the database can be used."""

    def state(self) -> Literal["current", "outdated", "unreachable"]:
        """Return whether it answers and has the newest schema."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Every port of the process.  Flows take it first and reach the world only through it.

    Attributes:
        caller_sdk: the AWS SDK that the present request comes from, as triggers are told; requests that name theirs get
            services of their own.
    """

    settings: Settings
    clock: Clock
    random: Random
    database: DatabaseState
    unit_of_work: Callable[[], AbstractContextManager[UnitOfWork]]
    reading: Callable[[], AbstractContextManager[UnitOfWork]]
    catalog: Catalog
    sealer: Sealer
    keyring: KeyRing
    hasher: Hasher
    mailer: Mailer
    background: Background
    triggers: Triggers
    sender_codes: SenderCodes
    functions: Functions
    dynamodb: Tables
    http: HttpClient
    openid_providers: OpenIdProviders
    log_files: LogFiles
    compromised_passwords: CompromisedPasswords
    request_quotas: RequestQuotas
    caller_sdk: str = SDK_UNKNOWN

"""Metadata of SAML providers is read again when it is due, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from idp.app import mount_faces
from idp.jobs import saml_metadata
from idp.jobs.lease import held
from idp.jobs.saml_metadata import NAME
from idp.jobs.worker import run_once
from idp.outbound.http_answer import HttpAnswer, HttpFailed
from tests.federation.saml_provider import SIGN_ON, SamlProvider
from tests.sdk import client_of

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fakes import FakeClock

URL = "https://idp.example.com/metadata"
MOVED = "https://new.example.com/sso"


def nothing() -> None:
    """Do nothing."""


@dataclass
class Web:
    """The world, which has one document, or none."""

    document: bytes | None
    asked: int = 0
    meanwhile: Callable[[], object] = field(default=nothing)

    def request(self, method: str, url: str, **_: object) -> HttpAnswer:
        self.asked += 1
        self.meanwhile()
        if self.document is None:
            raise HttpFailed(url)
        return HttpAnswer(200, (), self.document)


@dataclass
class Company:
    """A pool with a provider whose metadata has an address."""

    web: Web
    services: Services
    idp: Any
    pool_id: str

    def add(self, name: str, details: dict[str, str]) -> None:
        self.idp.create_identity_provider(
            UserPoolId=self.pool_id, ProviderName=name, ProviderType="SAML", ProviderDetails=details
        )

    def work(self) -> None:
        run_once(self.services)

    @property
    def sign_on(self) -> str:
        described = self.idp.describe_identity_provider(UserPoolId=self.pool_id, ProviderName="Corp")
        url: str = described["IdentityProvider"]["ProviderDetails"]["SSORedirectBindingURI"]
        return url

    def rename(self) -> None:
        self.idp.update_identity_provider(
            UserPoolId=self.pool_id, ProviderName="Corp", IdpIdentifiers=["corp.example.com"]
        )

    @property
    def identifiers(self) -> list[str]:
        described = self.idp.describe_identity_provider(UserPoolId=self.pool_id, ProviderName="Corp")
        found: list[str] = described["IdentityProvider"]["IdpIdentifiers"]
        return found


def metadata(provider: SamlProvider, *, sign_on: str = SIGN_ON, attributes: str = "") -> bytes:
    return provider.metadata(attributes=attributes).replace(SIGN_ON, sign_on).encode()


@pytest.fixture(scope="module")
def provider() -> SamlProvider:
    return SamlProvider()


@pytest.fixture
def company(services: Services, provider: SamlProvider) -> Company:
    web: Any = Web(metadata(provider))
    wired = replace(services, http=web)
    idp = client_of(mount_faces(wired), "cognito-idp")
    made = Company(web, wired, idp, idp.create_user_pool(PoolName="company")["UserPool"]["Id"])
    made.add("Corp", {"MetadataURL": URL})
    return made


def test_metadata_is_read_again_after_six_hours(company: Company, provider: SamlProvider, clock: FakeClock) -> None:
    company.web.document = metadata(provider, sign_on=MOVED)
    clock.advance(timedelta(hours=6, seconds=-1))
    company.work()
    early = company.sign_on
    clock.advance(timedelta(seconds=1))
    company.work()

    assert (early, company.sign_on) == (SIGN_ON, MOVED)


def test_metadata_that_was_read_again_is_left_for_another_six_hours(company: Company, clock: FakeClock) -> None:
    clock.advance(timedelta(hours=6))
    company.work()
    clock.advance(timedelta(hours=5))
    company.work()

    assert company.web.asked == 2


def test_metadata_is_read_again_when_it_says_that_it_ends(
    company: Company, provider: SamlProvider, clock: FakeClock
) -> None:
    until = (clock.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    company.web.document = metadata(provider, attributes=f' validUntil="{until}"')
    company.idp.update_identity_provider(
        UserPoolId=company.pool_id, ProviderName="Corp", ProviderDetails={"MetadataURL": URL}
    )
    company.web.document = metadata(provider, sign_on=MOVED)
    clock.advance(timedelta(hours=1))
    company.work()

    assert company.sign_on == MOVED


@pytest.mark.parametrize("document", [None, b"<html>", b"\xff"])
def test_metadata_that_cannot_be_read_stays_and_is_tried_again(
    company: Company, provider: SamlProvider, clock: FakeClock, document: bytes | None
) -> None:
    company.web.document = document
    clock.advance(timedelta(hours=6))
    company.work()
    company.work()
    kept, asked = company.sign_on, company.web.asked
    company.web.document = metadata(provider, sign_on=MOVED)
    clock.advance(timedelta(minutes=5))
    company.work()

    assert (kept, asked, company.sign_on) == (SIGN_ON, 2, MOVED)


@pytest.mark.parametrize("location", ["https://[", "https://idp\u2100.example.com/sso"])
def test_addresses_that_are_none_hinder_no_other_provider(
    company: Company, provider: SamlProvider, clock: FakeClock, location: str
) -> None:
    company.add("Second", {"MetadataURL": URL})
    company.web.document = metadata(provider, sign_on=location)
    clock.advance(timedelta(hours=6))
    company.work()

    assert (company.web.asked, company.sign_on) == (2 + 2, SIGN_ON)


def test_metadata_that_was_sent_is_not_looked_for(company: Company, provider: SamlProvider, clock: FakeClock) -> None:
    company.add("Sent", {"MetadataFile": provider.metadata()})
    clock.advance(timedelta(hours=6))
    company.work()

    assert company.web.asked == 2  # for the other provider, and when that was made


def test_a_change_that_is_made_meanwhile_stays(company: Company, provider: SamlProvider, clock: FakeClock) -> None:
    company.web.document, company.web.meanwhile = metadata(provider, sign_on=MOVED), company.rename
    clock.advance(timedelta(hours=6))
    company.work()
    company.web.meanwhile = nothing
    meanwhile = company.identifiers, company.sign_on
    company.work()

    assert meanwhile == (["corp.example.com"], SIGN_ON)
    assert (company.identifiers, company.sign_on) == (["corp.example.com"], MOVED)


def test_what_another_worker_reads_is_left_to_it(company: Company, clock: FakeClock) -> None:
    clock.advance(timedelta(hours=6))
    with held(company.services, NAME, "another"):
        company.work()

    assert company.web.asked == 1


def test_what_is_too_much_at_once_is_read_the_next_time(
    company: Company, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saml_metadata, "AT_ONCE", 2)
    company.add("Second", {"MetadataURL": URL})
    company.add("Third", {"MetadataURL": URL})
    clock.advance(timedelta(hours=6))
    company.work()
    at_first = company.web.asked
    company.work()

    assert (at_first, company.web.asked) == (3 + 2, 3 + 3)

"""An upstream identity provider: who it is, what it needs to be told, and what users get from it.

Source: AWS API_CreateIdentityProvider, API_IdentityProviderType; spec USER_POOLS sections 10.1 and 10.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from idp.domain.apple_secret import apple_key
from idp.domain.errors import InvalidParameter
from idp.domain.provider_kinds import KINDS, OIDC, OWN_USERS, SAML, SOCIAL, Kind, is_endpoint
from idp.domain.saml.metadata import SamlMetadata, parse_metadata
from idp.domain.standard_attributes import UNWRITABLE

if TYPE_CHECKING:
    from idp.domain.schema import Schema

USERNAME = "username"
MAX_SCOPES_LENGTH = 1024


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """A stored provider.

    Attributes:
        type: OIDC, SAML, or the name of a social provider, which is then its name too.
        details: ProviderDetails as they were sent, without what answers add.
        attribute_mapping: attribute of the pool -> claim of the provider.
        acr_mapping: Level1 to Level4 -> the provider's `acr`.
        identifiers: further names by which a sign-in may ask for it.
        metadata: the SAML metadata document, whether it was sent or read from MetadataURL.
        metadata_due_at: when it is read again; None where it has no address.
    """

    pool_id: str
    name: str
    type: str
    details: Mapping[str, str] = field(repr=False)
    attribute_mapping: Mapping[str, str]
    acr_mapping: Mapping[str, str]
    identifiers: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    metadata: str | None = field(default=None, repr=False)
    version: int = 1
    metadata_due_at: datetime | None = None

    @property
    def kind(self) -> Kind:
        """Return what providers of its type have in common."""
        return KINDS[self.type]

    @property
    def encryption_owner(self) -> str:
        """Return whom the key ring knows by the key to which this provider encrypts its assertions."""
        return f"saml:{self.pool_id}/{self.name}"

    @property
    def group_name(self) -> str:
        """Return the name of the group that its users are put into.  Source: spec section 4.4."""
        return f"{self.pool_id}_{self.name}"

    @property
    def issuer(self) -> str | None:
        """Return what `identities` tells as the issuer: none for social providers.  Source: spec section 4.5."""
        if self.metadata is not None:
            return self.saml.entity_id
        return self.details.get("oidc_issuer")

    @property
    def saml(self) -> SamlMetadata:
        """Return what a SAML provider says of itself."""
        return parse_metadata(self.metadata or "")

    def described_details(self) -> dict[str, str]:
        """Return ProviderDetails as answers show them, but a SAML provider's encryption certificate."""
        shown = {**self.kind.added_to(self.details), **self.details}
        if self.metadata is not None:
            saml = self.saml
            shown["SSORedirectBindingURI"] = saml.sign_on_url
            if saml.logout_url is not None:
                shown["SLORedirectBindingURI"] = saml.logout_url
        return {name: value for name, value in shown.items() if name not in self.kind.hidden}


def check_name(name: str, kind: str) -> None:
    """Check the name of a new provider.

    Raises:
        InvalidParameter: social providers go by their own names, which nobody else may have; nor may any be `Cognito`.

    Unknown: the sentences.
    """
    if kind in SOCIAL:
        if name != kind:
            raise InvalidParameter(f"A provider of type {kind} must be named {kind}.")
        return
    if name.casefold() in {each.casefold() for each in (*SOCIAL, OWN_USERS)}:
        raise InvalidParameter(f"The provider name {name} is reserved.")


def checked_details(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return ProviderDetails as they are kept: what only answers hold is left out, so that an answer can be sent back.

    Raises:
        InvalidParameter: one is missing, unknown, or has a value that it cannot have.

    Unknown: the sentences.
    """
    rules = KINDS[kind]
    unknown = sorted(set(given) - rules.sent - set(rules.added))
    if unknown:
        raise InvalidParameter(f"The provider detail {unknown[0]} is not supported for {kind} providers.")
    kept = {name: value for name, value in given.items() if name in rules.sent and value}
    missing = sorted(rules.required - kept.keys())
    if missing:
        raise InvalidParameter(f"The provider detail {missing[0]} is required for {kind} providers.")
    if kind == SAML and ("MetadataURL" in kept) == ("MetadataFile" in kept):
        raise InvalidParameter("Either MetadataURL or MetadataFile is required for SAML providers.")
    for name, value in kept.items():
        _check_value(rules, name, value)
    return kept


def completed_mapping(schema: Schema, kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return AttributeMapping as it is kept: the username comes from the provider's subject.

    Raises:
        InvalidParameter: the pool has no such attribute, or sets it itself; or the username is to be another claim.

    Unknown: the sentences.  Source: spec section 10.2.
    """
    subject = KINDS[kind].subject_claim
    for attribute, claim in given.items():
        if attribute == USERNAME:
            if kind in {OIDC, SAML} and claim != subject:
                raise InvalidParameter(f"The username of {kind} providers can only be mapped to {subject}.")
        elif schema.find(attribute) is None or attribute in UNWRITABLE:
            raise InvalidParameter(f"Invalid attribute mapping: the user pool has no attribute {attribute} to map to.")
        if not claim:
            raise InvalidParameter(f"Invalid attribute mapping: {attribute} is mapped to nothing.")
    return {USERNAME: subject, **given}


def check_acr_mapping(kind: str, mapping: Mapping[str, str]) -> None:
    """Check AcrMapping; raises InvalidParameter, for only OpenID Connect has such levels here."""
    if mapping and kind != OIDC:
        raise InvalidParameter("Only OIDC providers support AcrMapping.")


def _check_value(rules: Kind, name: str, value: str) -> None:
    allowed = rules.choices.get(name)
    if allowed is not None and value not in allowed:
        raise InvalidParameter(f"The provider detail {name} must be one of {', '.join(allowed)}.")
    if name in rules.urls and not is_endpoint(value):
        raise InvalidParameter(f"The provider detail {name} must be an https URL.")
    if name == "authorize_scopes" and (len(value) > MAX_SCOPES_LENGTH or not value.isprintable()):
        raise InvalidParameter("The provider detail authorize_scopes is malformed.")
    if name == "private_key":
        apple_key(value)

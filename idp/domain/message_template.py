"""What messages say: the pool's templates, Cognito's defaults, and the masks of addresses.

Source: AWS API_VerificationMessageTemplateType, API_MessageTemplateType; spec USER_POOLS sections 2.5, 2.9 and 12.1.
"""

from __future__ import annotations

import html
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idp.domain.message import Medium
    from idp.domain.user_pool import UserPool

CODE = "{####}"
USERNAME = "{username}"
_LINK = re.compile(r"\{##(?P<text>[^#{}]+)##\}")
_PLACEHOLDER = re.compile(r"\{####\}|\{username\}")

VERIFICATION = "Your verification code is {####}. "
VERIFICATION_SUBJECT = "Your verification code"
LINK = "Please click the link below to verify your email address. {##Verify Email##} "
LINK_SUBJECT = "Your verification link"
AUTHENTICATION = "Your authentication code is {####}. "
AUTHENTICATION_SUBJECT = "Your authentication code"
INVITATION = "Your username is {username} and temporary password is {####}. "
INVITATION_SUBJECT = "Your temporary password"
WELCOME = "Your username is {username}. "
WELCOME_SUBJECT = "Your username"


@dataclass(frozen=True, slots=True)
class Template:
    """Subject (e-mail only) and body with placeholders."""

    subject: str
    body: str

    def carries_code(self, medium: Medium) -> bool:
        """Say whether the text has a place for the code, or in an e-mail for the link."""
        return CODE in self.body or (medium == "EMAIL" and _LINK.search(self.body) is not None)

    def filled(self, medium: Medium, *, code: str, username: str, link: str | None = None) -> Template:
        """Return the text with code, username and link in their places.

        The body of an e-mail is HTML, so what is put into it is escaped there.

        Args:
            link: URL for `{##text##}`; None leaves it as it stands.
        """
        body = self.body
        if link is not None and medium == "EMAIL":
            anchor = f'<a href="{html.escape(link)}">'
            body = _LINK.sub(lambda found: f"{anchor}{found['text']}</a>", body)
        escape = html.escape if medium == "EMAIL" else str
        values = {CODE: escape(code), USERNAME: escape(username)}
        body = _PLACEHOLDER.sub(lambda found: values[found[0]], body)
        return Template(self.subject.replace(USERNAME, username), body)


def verification(user_pool: UserPool, medium: Medium) -> Template:
    """Return the text that brings a confirmation, verification or reset code."""
    settings = user_pool.settings
    template = settings.get("VerificationMessageTemplate", {})
    if medium == "SMS":
        return Template("", template.get("SmsMessage") or settings.get("SmsVerificationMessage") or VERIFICATION)
    return Template(
        template.get("EmailSubject") or settings.get("EmailVerificationSubject") or VERIFICATION_SUBJECT,
        template.get("EmailMessage") or settings.get("EmailVerificationMessage") or VERIFICATION,
    )


def confirmation_link(user_pool: UserPool) -> Template | None:
    """Return the text that brings a confirmation link; None when the pool sends codes."""
    template = user_pool.settings.get("VerificationMessageTemplate", {})
    if template.get("DefaultEmailOption") != "CONFIRM_WITH_LINK":
        return None
    return Template(template.get("EmailSubjectByLink") or LINK_SUBJECT, template.get("EmailMessageByLink") or LINK)


def authentication(user_pool: UserPool, medium: Medium) -> Template:
    """Return the text that brings a code for a sign-in.  Source: AWS API_SmsMfaConfigType, API_EmailMfaConfigType."""
    if medium == "SMS":
        return Template("", user_pool.settings.get("SmsAuthenticationMessage") or AUTHENTICATION)
    template = user_pool.settings.get("EmailMfaConfiguration", {})
    return Template(template.get("Subject") or AUTHENTICATION_SUBJECT, template.get("Message") or AUTHENTICATION)


def invitation(user_pool: UserPool, medium: Medium, *, has_password: bool = True) -> Template:
    """Return the text that brings a temporary password, or to a user who needs none their name alone.

    Unknown: what AWS sends to users without a password where the pool's text has a place for one; ours is then used.
    """
    template = user_pool.settings.get("AdminCreateUserConfig", {}).get("InviteMessageTemplate", {})
    subject, body = (INVITATION_SUBJECT, INVITATION) if has_password else (WELCOME_SUBJECT, WELCOME)
    own = template.get("SMSMessage" if medium == "SMS" else "EmailMessage") or body
    text = own if has_password or CODE not in own else body
    return Template("" if medium == "SMS" else template.get("EmailSubject") or subject, text)


def mask(address: str, medium: Medium) -> str:
    """Return an address as CodeDeliveryDetails shows it: `t***@e***`, `+*******9934`.  Source: spec section 2.5."""
    if medium == "SMS":
        return f"+*******{address[-4:]}"
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain[:1]}***"


def mask_like(name: str, medium: Medium, digest: bytes) -> str:
    """Return a mask such as a user of that name might have, the same each time, for a user who does not exist.

    Args:
        name: as typed; an address is masked itself.
        digest: at least 4 unpredictable bytes that belong to the name.
    """
    if medium == "SMS":
        return mask(name if name.startswith("+") else f"{int.from_bytes(digest[:4], 'big') % 10_000:04}", medium)
    letters = string.ascii_lowercase
    stranger = f"{name[:1].lower()}@{letters[digest[0] % len(letters)]}"
    return mask(name if "@" in name else stranger, medium)

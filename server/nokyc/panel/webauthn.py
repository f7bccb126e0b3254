"""The ceremonies of WebAuthn (W3C Level 2, sections 7.1 and 7.2) for this installation's host name."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from nokyc.http.errors import ApiError

MAX_CREDENTIAL_CHARS = 20_000
"""A whole answer of an authenticator, as JSON; an attestation would be the largest part, and we ask for none."""
NAME = "NoKYCNumber"
UNFIT = "The passkey did not fit. Try again."


@dataclass(frozen=True, slots=True)
class Party:
    """Who authenticators know us as: the public URL's host, and pages of its origin alone."""

    rp_id: str
    origin: str

    def ask_to_register(self, user: bytes, user_name: str, known: Sequence[bytes]) -> tuple[bytes, str]:
        """A challenge, and what the browser is to do with it; `known` are the credentials that there are already."""
        options = generate_registration_options(
            rp_id=self.rp_id,
            rp_name=NAME,
            user_id=user,
            user_name=user_name,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        )
        return options.challenge, options_to_json(options)

    def check_registration(self, answer: str, challenge: bytes) -> VerifiedRegistration:
        """Raises ApiError 400."""
        try:
            return verify_registration_response(
                credential=_bounded(answer),
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            raise ApiError("parameter_invalid", UNFIT) from None

    def ask_to_sign_in(self) -> tuple[bytes, str]:
        """The same for somebody whose passkey says who they are."""
        options = generate_authentication_options(
            rp_id=self.rp_id, user_verification=UserVerificationRequirement.REQUIRED
        )
        return options.challenge, options_to_json(options)

    def check_sign_in(
        self, answer: AuthenticationCredential, challenge: bytes, passkey: Any, user: bytes
    ) -> VerifiedAuthentication:
        """Signature, challenge, origin, host, presence and verification of the user, and the count of uses. Raises
        ApiError 403."""
        if answer.response.user_handle not in (None, user):
            raise ApiError("scope_insufficient", UNFIT)
        try:
            return verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                credential_public_key=passkey["public_key"],
                credential_current_sign_count=passkey["uses"],
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            raise ApiError("scope_insufficient", UNFIT) from None


def party_of(public_url: str) -> Party | None:
    """None where browsers have no passkeys: for an address in the place of a name, or over plain HTTP."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return None
    if parts.scheme != "https" and host != "localhost":
        return None
    default = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return Party(host, f"{parts.scheme}://{host}{port}")


def read_sign_in(answer: str) -> AuthenticationCredential:
    """What the browser sent. Raises ApiError 403."""
    try:
        credential = parse_authentication_credential_json(_bounded(answer))
        credential_of(credential)  # which the library takes as it is
        return credential
    except (WebAuthnException, ValueError):
        raise ApiError("scope_insufficient", UNFIT) from None


def credential_of(answer: AuthenticationCredential) -> bytes:
    """The authenticator's id of the passkey."""
    return base64url_to_bytes(answer.id)


def _bounded(answer: str) -> str:
    if len(answer) > MAX_CREDENTIAL_CHARS:
        raise ValueError("too long")
    return answer

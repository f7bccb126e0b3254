# frozen_string_literal: true

# Made by sdks/generator from the API's contract. Do not edit.

module NoKYCNumber
  # The request is malformed or asks for something impossible.
  class InvalidRequestError < APIStatusError; end

  # There is no such object or path, or it is another account's.
  class NotFoundError < InvalidRequestError; end

  # The key is missing, unknown, expired or revoked.
  class AuthenticationError < APIStatusError; end

  # The key's scope does not allow this.
  class PermissionDeniedError < APIStatusError; end

  # The request contradicts another one.
  class ConflictError < APIStatusError; end

  # The idempotency key was used with another request, or is in use.
  class IdempotencyError < ConflictError; end

  # The object's state does not allow this.
  class ResourceError < APIStatusError; end

  # The balance, or a cap of the account's own, does not cover this.
  class PaymentRequiredError < ResourceError; end

  # More requests in a minute than the key allows.
  class RateLimitError < APIStatusError; end

  # A carrier or partner failed.
  class UpstreamError < APIStatusError; end

  # The server's own fault.
  class APIError < APIStatusError; end

  # The address leads elsewhere; not followed, since the key would go along.
  class RedirectError < APIStatusError; end

  # What the server's refusals become.
  # @private
  module Kinds
    # By error.type first, by the status second.
    def self.of(status, type, code)
      return RedirectError if status >= 300 && status <= 399
      return AuthenticationError if type == "authentication_error"
      return PermissionDeniedError if type == "authorization_error"
      return RateLimitError if type == "rate_limit_error"
      return PaymentRequiredError if type == "resource_error" && status == 402
      return ResourceError if type == "resource_error"
      return UpstreamError if type == "upstream_error"
      return APIError if type == "api_error"
      return NotFoundError if status == 404
      return IdempotencyError if status == 409 && code&.start_with?("idempotency_")
      return ConflictError if status == 409
      return InvalidRequestError if type == "invalid_request_error"
      return AuthenticationError if status == 401
      return PaymentRequiredError if status == 402
      return PermissionDeniedError if status == 403
      return RateLimitError if status == 429
      return APIError if status >= 500 && status <= 999

      InvalidRequestError
    end
  end
end

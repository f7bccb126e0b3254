# frozen_string_literal: true

require "openssl"

module NoKYCNumber
  # Verifies deliveries of events.
  module Webhook
    SIGNATURE_HEADER = "X-NoKYC-Signature"
    # Seconds that a delivery's time may be from ours, both ways.
    DEFAULT_TOLERANCE = 300

    class << self
      # Verifies a delivery and reads its event.
      #
      # @param payload [String] the request's body, byte for byte
      # @param header [String, nil] the request's X-NoKYC-Signature
      # @param secret [String, Array<String>] the endpoint's secret, or the old and the new one during a rotation
      # @param tolerance [Integer] seconds
      # @param now [Time, Integer]
      # @return [Event]
      # @raise [SignatureVerificationError] if the delivery cannot be trusted
      def construct_event(payload, header, secret, tolerance: DEFAULT_TOLERANCE, now: Time.now)
        verify(payload, header, secret, tolerance: tolerance, now: now)
        Event.from_hash(event(payload))
      end

      # Verifies a delivery without reading it.
      # @return [nil]
      # @raise [SignatureVerificationError] if the delivery cannot be trusted
      def verify(payload, header, secret, tolerance: DEFAULT_TOLERANCE, now: Time.now)
        unless payload.is_a?(String)
          raise ArgumentError, "the payload must be the raw body of the request, not #{payload.class}"
        end

        secrets = Array(secret)
        raise ArgumentError, "a webhook needs a secret; with an empty one anybody could sign" if secrets.empty? || secrets.include?("")

        signed_at, signatures = parse(header)
        age = now.to_i - signed_at
        refuse(:too_old, "The webhook was signed too long ago.") if age > tolerance
        refuse(:too_new, "The webhook was signed in the future.") if age < -tolerance
        mismatch(secrets) unless match?(payload, signed_at, signatures, secrets)
      end

      # Signs a payload as the server does, for tests of your own handler.
      def generate_test_header(payload, secret, timestamp = Time.now)
        "t=#{timestamp.to_i},v1=#{sign(payload, secret, timestamp.to_i)}"
      end

      private

      def parse(header)
        header = header.to_s.b # whatever a stranger sends: it need not be text
        refuse(:no_header, "The request carries no #{SIGNATURE_HEADER}.") if header.strip.empty?

        pairs = header.split(",").map { |part| part.strip.split("=", 2) }
        times = pairs.filter_map { |name, value| value.to_s if name == "t" }
        unless times.size == 1 && times.first.match?(/\A[0-9]+\z/)
          refuse(:malformed, "The header does not look like t=<seconds>,v1=<hex>.")
        end
        signatures = pairs.filter_map { |name, value| value.to_s if name == "v1" }
        refuse(:no_v1, "The header has no v1 signature.") if signatures.empty?
        [times.first.to_i, signatures]
      end

      # Compares every signature with every secret, in constant time.
      def match?(payload, signed_at, signatures, secrets)
        secrets.map do |secret|
          expected = sign(payload, secret, signed_at)
          signatures.map { |signature| same?(expected, signature) }.any?
        end.any?
      end

      def same?(expected, signature)
        # OpenSSL.fixed_length_secure_compare is younger than Ruby 2.7's OpenSSL.
        expected.bytesize == signature.bytesize &&
          expected.bytes.zip(signature.bytes).reduce(0) { |sum, (mine, theirs)| sum | (mine ^ theirs) }.zero?
      end

      def mismatch(secrets)
        message = "No signature matches: another secret signed it, or the body was changed (it must be the raw bytes)."
        message += " The secret has whitespace around it." if secrets.any? { |secret| secret.strip != secret }
        refuse(:mismatch, message)
      end

      def event(payload)
        content = Requester.decode(payload)
        return content if content.is_a?(Hash) && content["type"].is_a?(String)

        refuse(:malformed, "The webhook is signed, but its body is no event.")
      rescue JSON::ParserError
        refuse(:malformed, "The webhook is signed, but its body is no event.")
      end

      def refuse(reason, message)
        raise SignatureVerificationError.new(reason, message)
      end

      def sign(payload, secret, timestamp)
        OpenSSL::HMAC.hexdigest("SHA256", secret, "#{timestamp}.".b + payload.b)
      end
    end
  end
end

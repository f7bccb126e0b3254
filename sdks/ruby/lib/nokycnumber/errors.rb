# frozen_string_literal: true

require "json"

module NoKYCNumber
  # The base of everything that this library raises on purpose.
  class Error < StandardError; end

  # No answer came.
  class APIConnectionError < Error
    def initialize(message = nil, retryable: true)
      super(message)
      @retryable = retryable
    end

    # false for what another attempt cannot cure, such as a wrong certificate
    def retryable?
      @retryable
    end
  end

  # An attempt took too long.
  class APITimeoutError < APIConnectionError; end

  # An answer other than 2xx: "[402 balance_insufficient] message (request_id=req_…)".
  class APIStatusError < Error
    # @return [Response]
    attr_reader :response
    # @return [String, nil] of the answer's error; nil if the answer has none
    attr_reader :type, :code, :param, :doc_url, :request_id
    # @return [String] the answer's own words; {#message} has status, code and request id around them
    attr_reader :error_message

    # The error for an answer; its class is chosen by error.type first and by status second.
    def self.from(response)
      content = parse(response.body)
      Kinds.of(response.status, content["type"], content["code"]).new(response, content)
    end

    def initialize(response, content)
      @response = response
      @type, @code, @param, @doc_url = content.values_at("type", "code", "param", "doc_url")
      @request_id = content["request_id"] || response.request_id
      @error_message = content["message"] || "the answer holds no error"
      label = [status, code].compact.join(" ")
      super("[#{label}] #{error_message}#{" (request_id=#{request_id})" if request_id}")
    end

    def status
      response.status
    end

    def headers
      response.headers
    end

    def body
      response.body
    end

    # @return [Numeric, nil] seconds that the server asked to wait
    def retry_after
      RetryPolicy.retry_after(response["Retry-After"], Time.now)
    end

    # @return [Integer, nil] how many requests the key has in 60 seconds
    def limit
      number("X-Rate-Limit-Limit")
    end

    # @return [Integer, nil]
    def remaining
      number("X-Rate-Limit-Remaining")
    end

    # @return [Time, nil] when more requests are back
    def reset
      seconds = number("X-Rate-Limit-Reset")
      seconds && Time.at(seconds).utc
    end

    def inspect
      "#<#{self.class}: #{message}>"
    end

    class << self
      private

      def parse(body)
        content = JSON.parse(body)
        content = content["error"] if content.is_a?(Hash)
        content.is_a?(Hash) ? content.select { |_, value| value.is_a?(String) } : {}
      rescue JSON::ParserError
        {}
      end
    end

    private

    def number(header)
      value = response[header]
      Integer(value, 10) if value&.match?(/\A\d+\z/)
    end
  end

  # A webhook that cannot be trusted.
  class SignatureVerificationError < Error
    # @return [Symbol] :no_header, :malformed, :no_v1, :mismatch, :too_old or :too_new
    attr_reader :reason

    def initialize(reason, message)
      super(message)
      @reason = reason
    end
  end
end

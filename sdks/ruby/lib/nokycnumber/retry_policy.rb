# frozen_string_literal: true

require "time"

module NoKYCNumber
  # What is worth another attempt, and after how many seconds.
  class RetryPolicy
    STEP = 1.0 # 429 without Retry-After: 1 s, 2 s, 3 s, …
    BASE = 0.5 # anything else: 0.5 s, 1 s, 2 s, …
    MAX_DELAY = 8.0
    MAX_RETRY_AFTER = 60 # the longest that the server's limiter can ask for
    RETRY_AFTER_JITTER = 0.1 # upon Retry-After, never below it
    STATUSES = [429, 500, 502, 503, 504].freeze

    # Reads the header's two forms, seconds and HTTP-date (RFC 9110, section 10.2.3).
    # @return [Numeric, nil] seconds; nil if it says nothing usable
    def self.retry_after(value, now)
      seconds = value&.match?(/\A\d+\z/) ? Integer(value, 10) : value && (Time.httpdate(value) - now)
      seconds if seconds&.positive?
    rescue ArgumentError
      nil
    end

    def initialize(random:, clock:)
      @random = random
      @clock = clock
    end

    # @return [Numeric, nil] the delay before retry n (from 1) after an answer; nil if the answer is final
    def after_answer(n, response, code)
      return unless retryable?(response, code)

      after = self.class.retry_after(response["Retry-After"], @clock.call)
      return (after * (1 + (RETRY_AFTER_JITTER * @random.call)) if after <= MAX_RETRY_AFTER) if after

      response.status == 429 ? jittered(n * STEP) : after_failure(n)
    end

    # @return [Numeric] the delay before retry n (from 1) after a failed connection
    def after_failure(n)
      jittered(BASE * (2**(n - 1)))
    end

    private

    def retryable?(response, code)
      case response["NoKYC-Should-Retry"]&.downcase
      when "true" then true
      when "false" then false
      else STATUSES.include?(response.status) || (response.status == 409 && code == "idempotency_key_in_use")
      end
    end

    # 50 to 100 % of a delay.
    def jittered(delay)
      [delay, MAX_DELAY].min * (0.5 + (0.5 * @random.call))
    end
  end
end

# frozen_string_literal: true

require "uri"

module NoKYCNumber
  # Speaks to the API: client.numbers, client.sms, … Safe for use by several threads; make one and keep it.
  class Client
    include Resources

    # @param api_key [String, nil] taken from NOKYC_API_KEY if not given
    # @param base_url [String, nil] taken from NOKYC_BASE_URL if not given; https, unless it is loopback
    # @param max_retries [Integer] how often a failed request is sent again
    # @param timeout [Numeric] seconds for one attempt
    # @param allow_insecure [Boolean] permits plain http beyond loopback; the key then crosses the network in clear
    # @param app [String, nil] your program's "name/version", for the User-Agent
    # @param logger [Logger, nil] gets method, path, status and request id of every attempt at level debug
    # @param transport [#call, nil] sends a {Request} once and gives a {Response}
    # @param sleep [#call] waits the given seconds between attempts
    # @param random [#call] gives jitter from [0, 1)
    # @param clock [#call] gives the time
    # @raise [ArgumentError] without a key, or if the base URL is not safe
    def initialize(api_key: nil, base_url: nil, max_retries: 4, timeout: 30, allow_insecure: false, app: nil,
                   logger: nil, transport: nil, sleep: Kernel.method(:sleep), random: Kernel.method(:rand),
                   clock: Time.method(:now))
      api_key ||= ENV.fetch("NOKYC_API_KEY", "")
      base_url ||= ENV.fetch("NOKYC_BASE_URL", DEFAULT_BASE_URL)
      unless api_key.match?(/\A[!-~]+\z/)
        raise ArgumentError, "An API key is needed, without blanks: give api_key: or set NOKYC_API_KEY."
      end
      raise ArgumentError, "max_retries: must not be negative, timeout: positive." if max_retries.negative? || timeout <= 0

      @requester = Requester.new(
        api_key: api_key,
        base_url: check_base_url(base_url, allow_insecure),
        user_agent: [user_agent, app].compact.join(" "),
        max_retries: max_retries,
        timeout: timeout,
        transport: transport || Transport.new,
        policy: RetryPolicy.new(random: random, clock: clock),
        sleep: sleep,
        logger: logger
      )
    end

    # Sends any request with all of the client's retries: for what this version of the library does not know yet.
    #
    # @param path [String] begins with /v1/
    # @return [Response]
    def request(method, path, query: {}, body: nil, request_options: {})
      @requester.call(method.to_s.upcase, path, query: query, body: body, options: request_options)
    end

    # @return [String] where requests go, without /v1
    def base_url
      @requester.base_url
    end

    def inspect
      "#<NoKYCNumber::Client #{base_url}>"
    end

    private

    def check_base_url(text, allow_insecure)
      uri = URI.parse(text)
      raise ArgumentError, "The base URL must look like https://host." unless uri.is_a?(URI::HTTP) && uri.host
      if uri.scheme == "http" && !allow_insecure && !loopback?(uri.hostname)
        raise ArgumentError,
              "The base URL must be https, or the key crosses the network in clear (allow_insecure: permits it)."
      end

      text.sub(%r{/+\z}, "").delete_suffix("/v1")
    rescue URI::InvalidURIError
      raise ArgumentError, "The base URL must look like https://host."
    end

    def loopback?(host)
      host.casecmp?("localhost") || host == "::1" || host.match?(/\A127(\.\d{1,3}){3}\z/)
    end

    def user_agent
      os = RbConfig::CONFIG["host_os"]
      cpu = RbConfig::CONFIG["host_cpu"]
      "nokycnumber-ruby/#{VERSION} (ruby#{RUBY_VERSION}; #{os} #{cpu})"
    end
  end
end

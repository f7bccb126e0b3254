# frozen_string_literal: true

require "bigdecimal"
require "json"
require "securerandom"
require "time"
require "uri"

module NoKYCNumber
  # Sends requests for all resources, as often as it takes.
  # @private
  class Requester
    OPEN_TIMEOUT = 5
    OPTIONS = %i[idempotency_key timeout max_retries headers extra_query extra_body].freeze

    attr_reader :base_url

    def initialize(api_key:, base_url:, user_agent:, max_retries:, timeout:, transport:, policy:, sleep:, logger:)
      @api_key = api_key
      @base_url = base_url
      @user_agent = user_agent
      @max_retries = max_retries
      @timeout = timeout
      @transport = transport
      @policy = policy
      @sleep = sleep
      @logger = logger
      @warned = {} # deprecations that have been logged: each is once
    end

    # @return [Response] a successful one
    # @raise [Error]
    def call(method, path, query: {}, body: nil, options: {})
      unknown = options.keys - OPTIONS
      raise ArgumentError, "unknown request options: #{unknown.join(", ")}" unless unknown.empty?

      request = encode(method, path, query, body, options)
      max_retries = options.fetch(:max_retries, @max_retries)
      (1..).each do |attempt|
        response, error, delay = attempt(request, path, attempt)
        return response unless error
        raise error if delay.nil? || attempt > max_retries

        @logger&.debug { "nokyc: retry method=#{method} path=#{path} attempt=#{attempt} delay=#{delay.round(3)}" }
        @sleep.call(delay)
        request.headers["NoKYC-Retry-Count"] = attempt.to_s
      end
    end

    # The path of one object; ids are escaped as one segment, and never lead elsewhere.
    def self.path(pattern, *ids)
      raise ArgumentError, "an id must not be empty or dots" if ids.any? { |id| ["", ".", ".."].include?(id.to_s) }

      format(pattern, *ids.map { |id| URI.encode_www_form_component(id.to_s).gsub("+", "%20") })
    end

    # JSON with exact decimals.
    def self.decode(text)
      JSON.parse(text, decimal_class: BigDecimal)
    end

    def inspect
      "#<NoKYCNumber::Requester #{base_url}>"
    end

    private

    # One attempt: its answer, what is wrong with it, and after how many seconds another is worth while.
    def attempt(request, path, attempt)
      response = @transport.call(request)
      response.attempts = attempt
      @logger&.debug do
        "nokyc: answer method=#{request.method} path=#{path} status=#{response.status} request_id=#{response.request_id}"
      end
      warn_of(response.deprecation)
      if (200..299).cover?(response.status)
        response.content = content(response) unless response.status == 204
        return [response.freeze, nil, nil]
      end
      error = APIStatusError.from(response.freeze)
      [response, error, @policy.after_answer(attempt, response, error.code)]
    rescue APIConnectionError => e
      [nil, e, (@policy.after_failure(attempt) if e.retryable?)]
    end

    def warn_of(deprecation)
      return if deprecation.nil? || @warned[deprecation]

      @warned[deprecation] = true
      @logger&.warn("nokyc: this version of the API is deprecated: #{deprecation}")
    end

    def content(response)
      content = Requester.decode(response.body)
      content.is_a?(Hash) ? content : raise(JSON::ParserError)
    rescue JSON::ParserError
      raise APIConnectionError, "The answer is no JSON object."
    end

    def encode(method, path, query, body, options)
      raise ArgumentError, "a path begins with one slash" unless path.match?(%r{\A/[^/]})

      headers = headers(method, options)
      extra = options.fetch(:extra_body, {})
      body = given(body || {}).merge(given(extra)) if body || !extra.empty?
      headers["Content-Type"] = "application/json" if body
      query = given(query).merge(given(options.fetch(:extra_query, {}))).compact
      text = URI.encode_www_form(query.transform_values { |value| query_value(value) })
      Request.new(
        method: method,
        url: "#{base_url}#{path}#{"?#{text}" unless text.empty?}",
        headers: headers.merge(options.fetch(:headers, {})),
        body: body && generate(body),
        timeout: options.fetch(:timeout, @timeout),
        open_timeout: OPEN_TIMEOUT
      )
    end

    def generate(body)
      JSON.generate(json_value(body))
    rescue JSON::GeneratorError => e
      raise ArgumentError, "the parameters cannot be encoded: #{e.message}"
    end

    def headers(method, options)
      headers = {
        "Authorization" => "Bearer #{@api_key}",
        "Accept" => "application/json",
        "NoKYC-Version" => API_VERSION,
        "User-Agent" => @user_agent
      }
      headers["Idempotency-Key"] = options[:idempotency_key] || SecureRandom.uuid if method == "POST"
      headers
    end

    def given(parameters)
      parameters.transform_keys(&:to_s).reject { |_, value| OMIT.equal?(value) }
    end

    def query_value(value)
      case value
      when Array then value.map { |each| query_value(each) }
      when Time, DateTime then timestamp(value)
      else value.to_s
      end
    end

    def json_value(value)
      case value
      when Hash then given(value).transform_values { |each| json_value(each) }
      when Array then value.map { |each| json_value(each) }
      when Time, DateTime then timestamp(value)
      when BigDecimal then Digits.new(value)
      else value
      end
    end

    def timestamp(value)
      time = value.to_time.utc
      time.iso8601(time.nsec.zero? ? 0 : 6)
    end

    # A decimal as a JSON number with all of its digits.
    Digits = Struct.new(:value) do
      def to_json(*)
        value.frac.zero? ? value.to_i.to_s : value.to_s("F")
      end
    end
    private_constant :Digits
  end
end

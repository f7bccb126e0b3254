# frozen_string_literal: true

# Runs the cases that all SDKs share (sdks/conformance), or the suites that are named, and prints one line of JSON for
# each. It needs NOKYC_CONFORMANCE_URL.

require "net/http"
require_relative "../lib/nokycnumber"

SERVER = URI(ENV.fetch("NOKYC_CONFORMANCE_URL"))
INSTANTS = %w[send_at created_after created_before].freeze
DECIMALS = %w[balance_low_threshold_usd daily_spend_cap_usd].freeze

class Mismatch < StandardError; end

# One case: what it does, and how the outcome is compared.
class Case
  def initialize(content)
    @case = content
    @expect = content["expect"]
    @sleeps = []
    @items = []
  end

  def run
    if @case.key?("construct") then construct
    elsif @case.key?("generate") then same("header", @expect["header"], NoKYCNumber::Webhook.generate_test_header(*@case["generate"].values))
    elsif @case.key?("secrets") then webhook
    else
      call
    end
  end

  private

  def construct
    %w[NOKYC_API_KEY NOKYC_BASE_URL].each { |name| ENV[name] = @case.fetch("env", {})[name] }
    client = NoKYCNumber::Client.new(**@case["construct"].transform_keys(&:to_sym))
    same("client", @expect, { "base_url" => client.base_url })
  rescue ArgumentError
    same("client", @expect, { "error" => "usage" })
  end

  def webhook
    options = { tolerance: @case["tolerance"], now: @case["now"] }.compact
    event = NoKYCNumber::Webhook.construct_event(@case["payload"], @case["header"], @case["secrets"], **options)
    same("event", @expect, { "type" => event.type })
  rescue NoKYCNumber::SignatureVerificationError => e
    same("event", @expect, { "reason" => e.reason.to_s, "hint" => (@expect["hint"] if e.message.include?(@expect["hint"].to_s)) })
  rescue ArgumentError
    same("event", @expect, { "error" => "usage" })
  end

  def call
    script = exchange(Net::HTTP::Post.new("/scripts"), { replies: @case["replies"] })
    begin
      @result = invoke(client(script["base_url"]), @case["call"])
      iterate(@case["call"]["iterate"]) if @case["call"].key?("iterate")
    rescue NoKYCNumber::Error, ArgumentError => e
      raise unless @expect["error"]

      @error = e
    end
    @requests = exchange(Net::HTTP::Get.new("/scripts/#{script["id"]}"))["requests"]
    @expect.each { |name, wanted| send("compare_#{name}", wanted) }
  end

  def client(base_url)
    config = @case.fetch("client", {})
    options = {
      max_retries: config["max_retries"],
      timeout: config["timeout_ms"] && (config["timeout_ms"] / 1000.0),
      random: config["random"] && -> { config["random"] },
      clock: config["now"] && -> { Time.at(config["now"]) },
      app: config["app"]
    }.compact
    NoKYCNumber::Client.new(api_key: "sk_test_conformance", base_url: base_url, sleep: ->(seconds) { @sleeps << seconds }, **options)
  end

  def invoke(client, call)
    options = call.fetch("options", {}).transform_keys(&:to_sym)
    options[:timeout] = options.delete(:timeout_ms) / 1000.0 if options.key?(:timeout_ms)
    if call["operation"] == "request"
      return client.request(call["method"], call["url"], query: call.fetch("query", {}), body: call["body"], request_options: options)
    end

    *path, method = call["operation"].split(".")
    given = call.fetch("body", {}).merge(call.fetch("query", {})).to_h do |name, value|
      value = Time.iso8601(value) if INSTANTS.include?(name)
      value = BigDecimal(value.to_s) if DECIMALS.include?(name)
      [name.to_sym, value]
    end
    target = path.reduce(client) { |object, name| object.public_send(name) }
    target.public_send(method, *call.fetch("path", []), **given, request_options: options)
  end

  def iterate(limit)
    @result.auto_paging_each do |item|
      @items << item.id
      break if @items.size == limit
    end
  end

  def compare_requests(wanted)
    same("requests", wanted.size, @requests.size)
    wanted.zip(@requests).each do |each, got|
      each.each do |name, value|
        case name
        when "headers" then value.each { |header, rule| compare_header(header, rule, got["headers"][header]) }
        when "no_headers" then same(name, [], value & got["headers"].keys)
        when "query" then same(name, value.sort, got["query"].sort)
        when "json" then same(name, [value], [got["json"]], exact: true)
        else same(name, value, got[name])
        end
      end
    end
  end

  def compare_header(name, rule, got)
    matches = rule.is_a?(Hash) ? got.to_s.match?(Regexp.new(rule["matches"])) : rule == got
    raise Mismatch, "#{name}: #{got.inspect}" unless matches
  end

  def compare_error(wanted)
    wanted.fetch("is", []).each { |parent| raise Mismatch, "no #{parent}" unless @error.is_a?(error_class(parent)) }
    wanted.fetch("not_in_text", []).each do |secret|
      raise Mismatch, "#{secret} is in its text" if [@error.message, @error.inspect, @error.full_message].join.include?(secret)
    end
    got = { "class" => @error.is_a?(ArgumentError) ? "usage" : @error.class.name.split("::").last, "text" => @error.message }
    if @error.is_a?(NoKYCNumber::APIStatusError)
      %w[status type code param request_id retry_after limit remaining].each { |name| got[name] = @error.public_send(name) }
      got["reset"] = @error.reset&.to_i
    end
    same("error", wanted.reject { |name, _| %w[is not_in_text].include?(name) }, got)
  end

  def error_class(name)
    NoKYCNumber.const_get(name == "NoKYCError" ? "Error" : name)
  end

  def compare_typed(wanted)
    wanted.each { |path, value| same(path, value, tagged(walk(path))) }
  end

  def compare_response(wanted)
    response = @result.response
    same("response", wanted, { "status" => response.status, "request_id" => response.request_id, "deprecation" => response.deprecation, "headers" => response.headers })
  end

  def compare_count(wanted)
    same("count", wanted, @requests.size)
  end

  def compare_same_header(name)
    same(name, 1, @requests.map { |request| request["headers"].fetch(name) }.uniq.size)
  end

  def compare_sleeps(wanted)
    same("sleeps", wanted, @sleeps)
  end

  def compare_items(wanted)
    same("items", wanted, @items)
  end

  def compare_result(wanted)
    same("result", wanted, plain(@result))
  end

  def compare_raw(wanted)
    same("raw", wanted, @result.raw)
  end

  def compare_no_result(_wanted)
    same("result", nil, @result)
  end

  # Follows a path of wire names and positions through typed values.
  def walk(path)
    path.split(".").reduce(@result) { |value, part| part.match?(/\A\d+\z/) ? value[part.to_i] : value.public_send(part) }
  end

  def tagged(value)
    case value
    when BigDecimal then { "decimal" => value.frac.zero? ? value.to_i.to_s : value.to_s("F") }
    when Time then { "instant" => value.to_f }
    else plain(value)
    end
  end

  # A typed value as its JSON says it.
  def plain(value)
    case value
    when NoKYCNumber::Response then value.json
    when NoKYCNumber::Page
      value.raw.merge("data" => plain(value.data), "has_more" => value.has_more?, "next_cursor" => value.next_cursor)
    when NoKYCNumber::Model then value.to_h.to_h { |name, each| [name.to_s, plain(each)] }
    when Array then value.map { |each| plain(each) }
    when BigDecimal then value.to_f
    when Time then value.iso8601
    else value
    end
  end

  # Compares JSON values; objects may have more fields than wanted.
  def same(name, wanted, got, exact: false)
    raise Mismatch, "#{name}: #{got.to_json} instead of #{wanted.to_json}" unless fits?(wanted, got, exact)
  end

  def fits?(wanted, got, exact)
    case wanted
    when Hash
      got.is_a?(Hash) && (!exact || got.size == wanted.size) && wanted.all? { |name, value| fits?(value, got[name], exact) }
    when Array
      got.is_a?(Array) && got.size == wanted.size && wanted.zip(got).all? { |w, g| fits?(w, g, exact) }
    when Float then got.is_a?(Numeric) && (wanted - got).abs < 1e-9
    else wanted == got
    end
  end

  def exchange(request, body = nil)
    request.content_type = "application/json"
    request.body = body&.to_json
    JSON.parse(Net::HTTP.start(SERVER.host, SERVER.port) { |http| http.request(request) }.body)
  end
end

$stdout.sync = true
failed = false
Dir[File.join(__dir__, "../../conformance/*.json")].sort.each do |file|
  next unless ARGV.empty? || ARGV.include?(File.basename(file, ".json"))

  suite = JSON.parse(File.read(file))
  suite["cases"].each do |content|
    detail = begin
      Case.new(content).run
      ""
    rescue StandardError => e
      "#{e.class} #{e.message} #{e.backtrace.first unless e.is_a?(Mismatch)}"
    end
    failed ||= !detail.empty?
    puts({ suite: suite["suite"], case: content["name"], ok: detail.empty?, detail: detail }.to_json)
  end
end
exit(failed ? 1 : 0)

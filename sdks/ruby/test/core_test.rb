# frozen_string_literal: true

require "logger"
require "minitest/autorun"
require "nokycnumber/testing"
require "stringio"

# Answers of one status, and after them one that no test wants.
class Replies < NoKYCNumber::Testing::Replies
  def initialize(*bodies, status: 200)
    super()
    bodies.each { |body| add(status, body) }
  end

  def client(**options)
    super(api_key: "sk_test_secret", max_retries: 0, **options)
  end

  def call(request)
    add(599) if @replies.empty?
    super
  end
end

# What the conformance suite cannot say in any language: cancelling, certificates, logs, threads, and Ruby's own ways.
class CoreTest < Minitest::Test
  SMS = '{"id":"sms_1","object":"sms","from_e164":"+33612345678","status":"queued","cost_usd":0.012,"metadata":{"a":1.5}}'

  def test_a_wait_can_be_interrupted_and_nothing_more_is_sent
    replies = Replies.new("{}", status: 503)
    client = replies.client(max_retries: 4, sleep: ->(_) { raise Interrupt })
    assert_raises(Interrupt) { client.account.get }
    assert_equal 1, replies.requests.size
  end

  def test_an_attempt_can_be_interrupted
    silent = TCPServer.new("127.0.0.1", 0)
    client = NoKYCNumber::Client.new(api_key: "a", base_url: "http://127.0.0.1:#{silent.addr[1]}", sleep: ->(_) { flunk "it waits" })
    thread = Thread.new { client.account.get }
    thread.report_on_exception = false
    silent.accept
    thread.raise(Interrupt)
    assert_raises(Interrupt) { thread.join }
  ensure
    silent&.close
  end

  def test_a_time_limit_of_the_caller_is_its_own
    silent = TCPServer.new("127.0.0.1", 0)
    client = NoKYCNumber::Client.new(api_key: "a", base_url: "http://127.0.0.1:#{silent.addr[1]}", sleep: ->(_) { flunk "it waits" })
    assert_raises(Timeout::Error) { Timeout.timeout(0.05) { client.account.get } }
  ensure
    silent&.close
  end

  def test_an_answer_that_trickles_has_no_more_time_than_any_other
    server = TCPServer.new("127.0.0.1", 0)
    Thread.new { trickle(server.accept) }
    client = NoKYCNumber::Client.new(api_key: "a", base_url: "http://127.0.0.1:#{server.addr[1]}", max_retries: 0, timeout: 0.2)
    assert_raises(NoKYCNumber::APITimeoutError) { Timeout.timeout(10) { client.account.get } }
  ensure
    server&.close
  end

  def test_a_certificate_that_is_not_trusted_is_not_tried_again
    skip "needs UNTRUSTED_URL" unless ENV.key?("UNTRUSTED_URL")
    client = NoKYCNumber::Client.new(api_key: "a", base_url: ENV["UNTRUSTED_URL"], sleep: ->(_) { flunk "it waits" })
    error = assert_raises(NoKYCNumber::APIConnectionError) { client.account.get }
    refute_predicate error, :retryable?
  end

  def test_neither_key_nor_body_are_in_anything_that_is_shown
    log = StringIO.new
    replies = Replies.new(SMS)
    client = replies.client(logger: Logger.new(log))
    sms = client.sms.create(from: "num_1", to: "+33612345678", body: "for your eyes only")
    error = assert_raises(NoKYCNumber::APIError) { client.numbers.available(country: "fr", contains: "+33612345678") }
    shown = [client, client.sms, replies.requests, sms, sms.response, error].map { |each| "#{each.inspect} #{each}" }
    shown += [error.full_message, log.string]
    %w[sk_test_secret 33612345678 eyes].each { |secret| refute_includes shown.join, secret }
    assert_includes log.string, "path=/v1/sms status=200"
  end

  def test_threads_share_a_client
    server = TCPServer.new("127.0.0.1", 0)
    Thread.new { loop { Thread.new(server.accept) { |connection| echo(connection) } } }
    client = NoKYCNumber::Client.new(api_key: "a", base_url: "http://127.0.0.1:#{server.addr[1]}")
    got = Array.new(8) { |n| Thread.new { Array.new(10) { |m| client.sms.get("sms_#{n}_#{m}").id } } }.map(&:value)
    assert_equal Array.new(8) { |n| Array.new(10) { |m| "sms_#{n}_#{m}" } }, got
  ensure
    server&.close
  end

  def test_an_answer_that_is_too_large_is_not_asked_for_again
    server = TCPServer.new("127.0.0.1", 0)
    asked = 0
    Thread.new do
      loop do
        connection = server.accept
        asked += 1
        connection.write("HTTP/1.1 200 OK\r\n\r\n")
        connection.write(" " * 1_000_000) until connection.closed?
      rescue SystemCallError
        connection.close
      end
    end
    client = NoKYCNumber::Client.new(api_key: "a", base_url: "http://127.0.0.1:#{server.addr[1]}")
    assert_includes assert_raises(NoKYCNumber::APIConnectionError) { client.account.get }.message, "too large"
    assert_equal 1, asked
  ensure
    server&.close
  end

  def test_a_header_that_is_no_text_is_a_mismatch
    header = "t=#{Time.now.to_i},v1=\xFF"
    error = assert_raises(NoKYCNumber::SignatureVerificationError) { NoKYCNumber::Webhook.verify("{}", header, "whsec_a") }
    assert_equal :mismatch, error.reason
  end

  def test_what_cannot_be_encoded_is_a_wrong_argument
    assert_raises(ArgumentError) { Replies.new.client.sms.create(from: "num_1", to: "+33612345678", body: "\xFF") }
  end

  def test_what_is_sent
    replies = Replies.new
    client = replies.client
    {
      "{}" => -> { client.numbers.update("num_1") },
      '{"webhook_url":null}' => -> { client.numbers.update("num_1", webhook_url: nil) },
      '{"addons":[],"status":"paused","metadata":{}}' => -> { client.numbers.update("num_1", addons: [], status: :paused, metadata: {}) },
      '{"daily_spend_cap_usd":12345678901234.123456}' => -> { client.account.update(daily_spend_cap_usd: BigDecimal("12345678901234.123456")) },
      '{"seconds":60}' => -> { client.test.clock.advance(seconds: 60) },
      '{"from":"n","to":"t","body":"é","send_at":"2026-04-26T10:00:00Z"}' => lambda do
        client.sms.create(from: "n", to: "t", body: "é", send_at: Time.new(2026, 4, 26, 12, 0, 0, "+02:00"))
      end
    }.each do |body, call|
      assert_raises(NoKYCNumber::APIStatusError, &call)
      assert_equal body, replies.requests.last.body
    end
    assert_raises(ArgumentError) { client.account.get(request_options: { retries: 1 }) }
    assert_raises(ArgumentError) { client.sms.create(from: "n", to: "t", body: "b", sendat: Time.now) }
  end

  def test_objects_are_frozen_and_fit_patterns
    sms = Replies.new(SMS).client.sms.get("sms_1")
    assert_predicate sms, :frozen?
    assert_equal BigDecimal("0.012"), sms.cost_usd
    assert_equal({ "a" => 1.5 }, sms.metadata)
    assert_nil sms.delivered_at
    assert_equal "sms_1", sms.to_h[:id]
    assert_equal "sms_1", sms.raw["id"]
    found = case sms
            in { status: NoKYCNumber::SmsStatus::QUEUED, cost_usd: BigDecimal => cost } then cost
            end
    assert_equal sms.cost_usd, found
  end

  def test_objects_are_equal_by_what_they_hold
    one, same, other = ["sms_1", "sms_1", "sms_2"].map { |id| NoKYCNumber::Sms.from_hash({ "id" => id, "segments" => 1 }) }
    assert_equal [true, true, false], [one == same, one.hash == same.hash, one == other]
    assert_equal '{"id":"sms_1","segments":1}', one.to_json
    assert_equal({ id: "sms_1" }, one.deconstruct_keys(%i[id color]))
  end

  def test_a_client_without_a_network_tries_again_without_waiting
    replies = NoKYCNumber::Testing::Replies.new.add_failure.add(201, { id: "sms_1", object: "sms" })
    sms = replies.client.sms.create(from: "num_1", to: "+33612345678", body: "Hi")
    assert_equal ["sms_1", 1, [nil, "1"]], [sms.id, replies.slept.size, replies.requests.map { |request| request.headers["NoKYC-Retry-Count"] }]
    assert_raises(RuntimeError) { replies.client.account.get }
  end

  def test_an_attempt_has_5_seconds_to_connect_and_30_in_all
    replies = NoKYCNumber::Testing::Replies.new.add(200, {})
    replies.client.account.get
    assert_equal [5, 30], [replies.requests.first.open_timeout, replies.requests.first.timeout]
  end

  def test_values_of_other_types_stay_as_they_came
    body = '{"id":7,"segments":"two","created_at":"soon","cost_usd":"much","media_urls":{},"status":["x"]}'
    sms = Replies.new(body).client.sms.get("sms_1")
    assert_equal [7, "two", "soon", "much", {}, ["x"]], sms.to_h.values_at(:id, :segments, :created_at, :cost_usd, :media_urls, :status)
  end

  def test_pages_are_enumerable_and_lazy
    page = '{"data":[{"id":"sms_2"},{"id":"sms_1"}],"has_more":true,"next_cursor":"sms_1"}'
    replies = Replies.new(page, page)
    list = replies.client.sms.list(limit: 2)
    assert_equal %w[sms_2 sms_1], list.map(&:id)
    assert_equal 2, list.each.size
    assert_kind_of Enumerator::Lazy, list.auto_paging_each
    assert_equal %w[sms_2 sms_1 sms_2], list.auto_paging_each.map(&:id).first(3)
    assert_equal 2, replies.requests.size
  end

  def test_a_parsed_body_is_refused_with_advice
    error = assert_raises(ArgumentError) { NoKYCNumber::Webhook.verify({ "type" => "sms.received" }, "t=1,v1=00", "whsec_a") }
    assert_includes error.message, "raw body"
  end

  def test_an_event_of_another_shape_is_kept
    payload = '{"type":"number.paused","data":{"object":[1.5],"reason":"schedule"}}'
    event = NoKYCNumber::Webhook.construct_event(payload, NoKYCNumber::Webhook.generate_test_header(payload, "whsec_a"), "whsec_a")
    assert_equal [[1.5], "schedule"], [event.data.object, event.data.raw["reason"]]
  end

  def test_what_is_omitted_says_so
    assert_equal "NoKYCNumber::OMIT", NoKYCNumber::OMIT.inspect
  end

  private

  def trickle(connection)
    connection.write("HTTP/1.1 200 OK\r\nX-Long: ")
    loop do
      connection.write("a")
      connection.wait_readable(0.01)
    end
  rescue SystemCallError
    connection.close
  end

  def echo(connection)
    while (head = connection.gets("\r\n\r\n"))
      body = { object: "sms", id: head[%r{^GET /v1/sms/(\S+)}, 1] }.to_json
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}")
    end
  end
end

# frozen_string_literal: true

# One scenario against a real server in test mode, webhooks included; silent if all is well.
# NOKYC_API_KEY=sk_test_… NOKYC_BASE_URL=http://127.0.0.1:8080 ruby test/end_to_end.rb
# The server must be allowed to deliver to this machine (NOKYC_WEBHOOK_ALLOW_PRIVATE=1); NOKYC_LOSSY_URL is the same
# server behind a proxy that loses the first answer to every POST (tests/sdks/lossy.py).

require "socket"
require_relative "../lib/nokycnumber"

# The scenario, step by step.
class EndToEnd
  PATIENCE_SEC = 30
  OUTSIDE = "+33612345678"

  def initialize
    @client = NoKYCNumber::Client.new
    @deliveries = Queue.new
    @receiver = TCPServer.new("127.0.0.1", 0)
    Thread.new { loop { accept(@receiver.accept) } }
  end

  def run
    url = "http://127.0.0.1:#{@receiver.addr[1]}/hooks"
    @endpoint = @client.webhook_endpoints.create(url: url, enabled_events: %w[sms.received webhook_endpoint.test])
    lease
    change
    send_messages
    receive
    list_all
    lose
    refuse
    account
    @client.webhook_endpoints.delete(@endpoint.id)
    @client.numbers.delete(@number.id)
  end

  private

  def lease
    offer = @client.numbers.available(country: "fr", type: :mobile, limit: 5).first
    is(offer.prices.monthly.positive? && offer.expires_at > Time.now)
    metadata = { "order" => 1042, "weights" => [1.5] }
    @number = @client.numbers.create(available_id: offer.id, billing_period: :monthly, metadata: metadata)
    is([@number.number, @number.status, @number.metadata] == [offer.number, "active", metadata])
  end

  # What is left out stays, what is nil is cleared.
  def change
    changed = @client.numbers.update(@number.id, auto_renew: !@number.auto_renew, webhook_url: "https://example.com/")
    is(changed.webhook_url == "https://example.com/" && changed.auto_renew != @number.auto_renew)
    changed = @client.numbers.update(@number.id, webhook_url: nil)
    is(changed.webhook_url.nil? && changed.metadata == @number.metadata)
  end

  def send_messages
    preview = @client.sms.preview(from: @number.id, to: OUTSIDE, body: "Ça va ? 😀")
    is([preview.encoding, preview.segments.size, preview.verdict.ok] == ["ucs2", 1, true])
    message = { from: @number.id, to: OUTSIDE, body: "Hello", request_options: { idempotency_key: "ruby-1042" } }
    first = @client.sms.create(**message)
    is(first.id == @client.sms.create(**message).id && first.from == @number.id && first.response.status == 201)
    error = failure { @client.sms.create(**message, body: "Another text") }
    is(error.is_a?(NoKYCNumber::IdempotencyError) && error.code == "idempotency_key_mismatch")
    later = @client.sms.create(from: @number.id, to: OUTSIDE, body: "Later", send_at: Time.now + 3600)
    is(@client.sms.cancel(later.id).status == "failed")
    is(@client.sms.timeline(first.id).steps.first.type == "request")
  end

  # What the server really sent verifies, before and while the secret is rotated, and with no other secret.
  def receive
    came = @client.test.sms.create(from: OUTSIDE, to: @number.id, body: "Ça va 😀")
    event = NoKYCNumber::Webhook.construct_event(*delivery, @endpoint.secret)
    is(event.type == "sms.received" && !event.livemode && event.data.object.is_a?(NoKYCNumber::Sms))
    is([event.data.object.id, event.data.object.body] == [came.id, "Ça va 😀"])
    rotated = @client.webhook_endpoints.rotate_secret(@endpoint.id, expires_in: 3600)
    @client.webhook_endpoints.test(@endpoint.id)
    given = delivery
    [@endpoint.secret, rotated.secret].each { |secret| NoKYCNumber::Webhook.construct_event(*given, secret) }
    error = failure { NoKYCNumber::Webhook.construct_event(*given, "whsec_bm90IHRoZSBzZWNyZXQ=") }
    is(error.is_a?(NoKYCNumber::SignatureVerificationError) && error.reason == :mismatch)
    deliveries = @client.webhook_endpoints.deliveries(@endpoint.id).auto_paging_each
    is(deliveries.all? { |delivery| %w[succeeded pending].include?(delivery.status) })
  end

  def list_all
    3.times { |turn| @client.sms.create(from: @number.id, to: OUTSIDE, body: "Number #{turn}") }
    messages = @client.sms.list(number: @number.id, limit: 2).auto_paging_each.to_a
    is(messages.map(&:id).uniq.size == 6 && messages.size == 6)
    is(messages.map(&:created_at) == messages.map(&:created_at).sort.reverse)
    is(@client.sms.get(messages.first.id).segment_status.first.index == 1)
  end

  # An answer is lost after the server did its work: the repetition has the same key, and nothing is doubled.
  def lose
    before = @client.account.get.balance_usd
    slept = []
    unlucky = NoKYCNumber::Client.new(base_url: ENV.fetch("NOKYC_LOSSY_URL"), sleep: ->(seconds) { slept << seconds })
    sms = unlucky.sms.create(from: @number.id, to: OUTSIDE, body: "Only once")
    is(slept.size == 1 && sms.response.attempts == 2)
    is(@client.account.get.balance_usd == before - sms.cost_usd)
    found = @client.sms.list(number: @number.id).auto_paging_each.select { |each| each.body == "Only once" }
    is(found.map(&:id).to_a == [sms.id])
  end

  def refuse
    stranger = NoKYCNumber::Client.new(api_key: "sk_test_unknown", base_url: @client.base_url)
    {
      NoKYCNumber::NotFoundError => -> { @client.sms.get("sms_000000000000") },
      NoKYCNumber::InvalidRequestError => -> { @client.sms.create(from: "num_000000000000", to: "nobody", body: "") },
      NoKYCNumber::AuthenticationError => -> { stranger.account.get }
    }.each do |kind, call|
      error = failure(&call)
      is(error.is_a?(kind) && error.message.include?(error.request_id))
    end
  end

  def account
    is((1...100).cover?(@client.account.get.balance_usd))
    usage = @client.account.usage(period: :last_30d)
    is(usage.daily.sum(BigDecimal("0"), &:cost_usd) == usage.total_cost_usd)
    is(@client.test.clock.advance(seconds: 60).advanced_seconds == 60)
  end

  # The body and the signature of the next request that the server makes to us.
  def delivery
    Timeout.timeout(PATIENCE_SEC) { @deliveries.pop }
  end

  def accept(connection)
    head = connection.gets("\r\n\r\n")
    body = connection.read(head[/^Content-Length: (\d+)/i, 1].to_i)
    @deliveries << [body, head[/^X-NoKYC-Signature: (.*?)\r$/i, 1]]
    connection.write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
    connection.close
  end

  def failure
    yield
    nil
  rescue NoKYCNumber::Error => e
    e
  end

  def is(holds)
    raise "not so: #{caller(1..1).first}" unless holds
  end
end

EndToEnd.new.run

# frozen_string_literal: true

# A key of one's own, and what can go wrong.

require_relative "../lib/nokycnumber" # or require "nokycnumber"

client = NoKYCNumber::Client.new(max_retries: 2, timeout: 10)
begin
  options = { idempotency_key: "order-1042" }
  puts client.sms.create(from: "num_000000000000", to: "+33612345678", body: "Hello", request_options: options).id
rescue NoKYCNumber::PaymentRequiredError => e
  puts "top up first: #{e.message}"
rescue NoKYCNumber::NotFoundError => e
  puts "#{e.error_message} Support would ask for #{e.request_id}."
rescue NoKYCNumber::RateLimitError => e
  puts "try again in #{e.retry_after} seconds"
rescue NoKYCNumber::APIConnectionError => e
  puts "no answer; repeat it with the same key: #{e.message}"
end

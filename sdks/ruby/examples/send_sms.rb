# frozen_string_literal: true

# Find a number, activate it, send an SMS with it: NOKYC_API_KEY=sk_test_… ruby send_sms.rb

require_relative "../lib/nokycnumber" # or require "nokycnumber"

client = NoKYCNumber::Client.new
offer = client.numbers.available(country: "fr", type: :mobile).first
number = client.numbers.create(available_id: offer.id, billing_period: :monthly)
sms = client.sms.create(from: number.id, to: "+33612345678", body: "Bonjour. Your code is 482917.")
puts "#{sms.id} from #{number.display}: #{sms.status}, #{sms.segments} segment, #{sms.cost_usd.to_s("F")} USD"

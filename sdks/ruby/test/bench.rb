# frozen_string_literal: true

# Microseconds a call, bare Net::HTTP beside the SDK: ruby test/bench.rb URL COUNT ROUNDS (bench/sdks.py runs it).

require "json"
require "net/http"
require "securerandom"
require_relative "../lib/nokycnumber"

KEY = "sk_test_bench"
MESSAGE = { from: "num_8a4c2f1e9b3d", to: "+33612345678", body: "Hello" }.freeze

url = ARGV[0]
count = ARGV[1].to_i
rounds = ARGV[2].to_i
uri = URI("#{url}/v1/sms")
http = Net::HTTP.start(uri.host, uri.port, read_timeout: 30)
client = NoKYCNumber::Client.new(api_key: KEY, base_url: url)

bare = lambda do
  headers = { "Authorization" => "Bearer #{KEY}", "Content-Type" => "application/json",
              "NoKYC-Version" => NoKYCNumber::API_VERSION, "Idempotency-Key" => SecureRandom.uuid }
  JSON.parse(http.post(uri.path, MESSAGE.to_json, headers).body)["id"]
end
sdk = -> { client.sms.create(**MESSAGE).id }
timed = lambda do |call|
  (count / 10).times { call.call }
  began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  count.times { call.call }
  (Process.clock_gettime(Process::CLOCK_MONOTONIC) - began) / count * 1e6
end

figures = { bare_us: [], sdk_us: [] }
rounds.times do
  figures[:bare_us] << timed.call(bare)
  figures[:sdk_us] << timed.call(sdk)
end
puts figures.to_json

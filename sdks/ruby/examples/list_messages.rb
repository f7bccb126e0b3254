# frozen_string_literal: true

# Go through all messages; pages are fetched as they are needed.

require_relative "../lib/nokycnumber" # or require "nokycnumber"

client = NoKYCNumber::Client.new
total = 0
client.sms.list(direction: :outbound, limit: 100).auto_paging_each do |sms|
  puts "#{sms.id} #{sms.status} #{sms.created_at.iso8601}"
  total += 1
end
puts "#{total} messages"

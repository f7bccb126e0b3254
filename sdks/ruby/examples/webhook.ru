# frozen_string_literal: true

# A webhook receiver for any Rack server: WEBHOOK_SECRET=whsec_… rackup webhook.ru

require "nokycnumber"

run(lambda do |env|
  payload = env["rack.input"].read
  event = NoKYCNumber::Webhook.construct_event(payload, env["HTTP_X_NOKYC_SIGNATURE"], ENV.fetch("WEBHOOK_SECRET"))
  case event
  in { type: "sms.received", data: { object: { from_e164: } } } then warn "from #{from_e164}"
  else warn event.type
  end
  [204, {}, []]
rescue NoKYCNumber::SignatureVerificationError
  [400, {}, []]
end)

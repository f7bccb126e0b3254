# frozen_string_literal: true

# Made by sdks/generator from the API's contract. Do not edit.

module NoKYCNumber
  # The methods of numbers.
  class NumbersResource
    def initialize(requester)
      @requester = requester
    end

    # Find numbers for sale.
    #
    # GET /v1/numbers/available
    #
    # @param country [String]
    # @param type [String, Symbol]
    # @param tier [String, Symbol]
    # @param tier_pattern [String]
    # @param contains [String]
    # @param limit [Integer] How many objects to return.
    # @param starting_after [String] The last id of the previous page.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Page<AvailableNumber>]
    def available(country:, type: OMIT, tier: OMIT, tier_pattern: OMIT, contains: OMIT, limit: OMIT, starting_after: OMIT, request_options: {})
      Page.new(@requester, "/v1/numbers/available", { country: country, type: type, tier: tier, tier_pattern: tier_pattern, contains: contains, limit: limit, starting_after: starting_after }, AvailableNumber, request_options)
    end

    # Activate a number.
    #
    # POST /v1/numbers
    #
    # @param available_id [String]
    # @param billing_period [String, Symbol]
    # @param addons [Array]
    # @param webhook_url [String]
    # @param auto_renew [Boolean]
    # @param metadata [Hash]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Number]
    def create(available_id:, billing_period:, addons: OMIT, webhook_url: OMIT, auto_renew: OMIT, metadata: OMIT, request_options: {})
      response = @requester.call("POST", "/v1/numbers", body: { available_id: available_id, billing_period: billing_period, addons: addons, webhook_url: webhook_url, auto_renew: auto_renew, metadata: metadata }, options: request_options)
      Number.from_hash(response.content, response)
    end

    # List your numbers.
    #
    # GET /v1/numbers
    #
    # @param country [String]
    # @param type [String, Symbol]
    # @param status [String, Symbol]
    # @param limit [Integer] How many objects to return.
    # @param starting_after [String] The last id of the previous page.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Page<Number>]
    def list(country: OMIT, type: OMIT, status: OMIT, limit: OMIT, starting_after: OMIT, request_options: {})
      Page.new(@requester, "/v1/numbers", { country: country, type: type, status: status, limit: limit, starting_after: starting_after }, Number, request_options)
    end

    # Retrieve a number.
    #
    # GET /v1/numbers/{id}
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Number]
    def get(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/numbers/%s", id), options: request_options)
      Number.from_hash(response.content, response)
    end

    # Update a number.
    #
    # PATCH /v1/numbers/{id}
    #
    # @param id [String]
    # @param auto_renew [Boolean]
    # @param webhook_url [String, nil]
    # @param addons [Array]
    # @param on_off [Hash, nil]
    # @param status [String, Symbol]
    # @param metadata [Hash, nil]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Number]
    def update(id, auto_renew: OMIT, webhook_url: OMIT, addons: OMIT, on_off: OMIT, status: OMIT, metadata: OMIT, request_options: {})
      response = @requester.call("PATCH", Requester.path("/v1/numbers/%s", id), body: { auto_renew: auto_renew, webhook_url: webhook_url, addons: addons, on_off: on_off, status: status, metadata: metadata }, options: request_options)
      Number.from_hash(response.content, response)
    end

    # Release a number.
    #
    # DELETE /v1/numbers/{id}
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [nil]
    def delete(id, request_options: {})
      @requester.call("DELETE", Requester.path("/v1/numbers/%s", id), options: request_options)
      nil
    end

    # Pay one more period.
    #
    # POST /v1/numbers/{id}/renew
    #
    # @param id [String]
    # @param billing_period [String, Symbol]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Number]
    def renew(id, billing_period: OMIT, request_options: {})
      response = @requester.call("POST", Requester.path("/v1/numbers/%s/renew", id), body: { billing_period: billing_period }, options: request_options)
      Number.from_hash(response.content, response)
    end
  end

  # The methods of sip_credentials.
  class SipCredentialsResource
    def initialize(requester)
      @requester = requester
    end

    # Make a number's SIP credentials, or a new password.
    #
    # POST /v1/numbers/{id}/sip_credentials
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [SipCredentials]
    def create(id, request_options: {})
      response = @requester.call("POST", Requester.path("/v1/numbers/%s/sip_credentials", id), options: request_options)
      SipCredentials.from_hash(response.content, response)
    end

    # Retrieve a number's SIP credentials and devices.
    #
    # GET /v1/numbers/{id}/sip_credentials
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [SipCredentials]
    def get(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/numbers/%s/sip_credentials", id), options: request_options)
      SipCredentials.from_hash(response.content, response)
    end

    # Let no device sign in any more.
    #
    # DELETE /v1/numbers/{id}/sip_credentials
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [nil]
    def delete(id, request_options: {})
      @requester.call("DELETE", Requester.path("/v1/numbers/%s/sip_credentials", id), options: request_options)
      nil
    end
  end

  # The methods of browser_sessions.
  class BrowserSessionsResource
    def initialize(requester)
      @requester = requester
    end

    # Let a browser be a number's softphone for some hours.
    #
    # POST /v1/numbers/{id}/browser_sessions
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [BrowserSession]
    def create(id, request_options: {})
      response = @requester.call("POST", Requester.path("/v1/numbers/%s/browser_sessions", id), options: request_options)
      BrowserSession.from_hash(response.content, response)
    end
  end

  # The methods of calls.
  class CallsResource
    def initialize(requester)
      @requester = requester
    end

    # Place a call.
    #
    # POST /v1/calls
    #
    # @param from [String]
    # @param to [String]
    # @param recording_enabled [Boolean]
    # @param callerid_mask [String] "hide", "rotate", or a number of yours in E.164.
    # @param metadata [Hash]
    # @param connect [Hash]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Call]
    def create(from:, to:, recording_enabled: OMIT, callerid_mask: OMIT, metadata: OMIT, connect: OMIT, request_options: {})
      response = @requester.call("POST", "/v1/calls", body: { from: from, to: to, recording_enabled: recording_enabled, callerid_mask: callerid_mask, metadata: metadata, connect: connect }, options: request_options)
      Call.from_hash(response.content, response)
    end

    # List calls.
    #
    # GET /v1/calls
    #
    # @param number [String]
    # @param direction [String, Symbol]
    # @param status [String, Symbol]
    # @param created_after [Time, String] RFC 3339 with a zone.
    # @param created_before [Time, String] RFC 3339 with a zone.
    # @param limit [Integer] How many objects to return.
    # @param starting_after [String] The last id of the previous page.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Page<Call>]
    def list(number: OMIT, direction: OMIT, status: OMIT, created_after: OMIT, created_before: OMIT, limit: OMIT, starting_after: OMIT, request_options: {})
      Page.new(@requester, "/v1/calls", { number: number, direction: direction, status: status, created_after: created_after, created_before: created_before, limit: limit, starting_after: starting_after }, Call, request_options)
    end

    # Retrieve a call.
    #
    # GET /v1/calls/{id}
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Call]
    def get(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/calls/%s", id), options: request_options)
      Call.from_hash(response.content, response)
    end

    # Everything that happened to a call.
    #
    # GET /v1/calls/{id}/timeline
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [CallTimeline]
    def timeline(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/calls/%s/timeline", id), options: request_options)
      CallTimeline.from_hash(response.content, response)
    end

    # End a call.
    #
    # POST /v1/calls/{id}/hangup
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Call]
    def hangup(id, request_options: {})
      response = @requester.call("POST", Requester.path("/v1/calls/%s/hangup", id), options: request_options)
      Call.from_hash(response.content, response)
    end
  end

  # The methods of test.calls.
  class TestCallsResource
    def initialize(requester)
      @requester = requester
    end

    # Receive a call from the outside world (test mode).
    #
    # POST /v1/test/calls
    #
    # @param from [String]
    # @param to [String]
    # @param say [String] What the caller says.
    # @param language [String]
    # @param voicemail [Boolean] Whether the caller leaves a message where there is a voicemail; if not, nobody speaks.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Call]
    def create(from:, to:, say: OMIT, language: OMIT, voicemail: OMIT, request_options: {})
      response = @requester.call("POST", "/v1/test/calls", body: { from: from, to: to, say: say, language: language, voicemail: voicemail }, options: request_options)
      Call.from_hash(response.content, response)
    end
  end

  # The methods of test.sms.
  class TestSmsResource
    def initialize(requester)
      @requester = requester
    end

    # Receive an SMS from the outside world (test mode).
    #
    # POST /v1/test/sms
    #
    # @param from [String]
    # @param to [String]
    # @param body [String]
    # @param media_urls [Array]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Sms]
    def create(from:, to:, body:, media_urls: OMIT, request_options: {})
      response = @requester.call("POST", "/v1/test/sms", body: { from: from, to: to, body: body, media_urls: media_urls }, options: request_options)
      Sms.from_hash(response.content, response)
    end
  end

  # The methods of test.clock.
  class TestClockResource
    def initialize(requester)
      @requester = requester
    end

    # Move the sandbox's clock.
    #
    # POST /v1/test/clock/advance
    #
    # @param seconds [Integer]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [TestClock]
    def advance(seconds:, request_options: {})
      response = @requester.call("POST", "/v1/test/clock/advance", body: { seconds: seconds }, options: request_options)
      TestClock.from_hash(response.content, response)
    end
  end

  # The methods of test.
  class TestResource
    # @return [TestCallsResource, TestSmsResource, TestClockResource]
    attr_reader :calls, :sms, :clock

    def initialize(requester)
      @requester = requester
      @calls = TestCallsResource.new(requester)
      @sms = TestSmsResource.new(requester)
      @clock = TestClockResource.new(requester)
    end
  end

  # The methods of sms.
  class SmsResource
    def initialize(requester)
      @requester = requester
    end

    # Send an SMS.
    #
    # POST /v1/sms
    #
    # @param from [String]
    # @param to [String]
    # @param body [String]
    # @param send_at [Time, String] RFC 3339 with a zone.
    # @param media_urls [Array]
    # @param metadata [Hash]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Sms]
    def create(from:, to:, body:, send_at: OMIT, media_urls: OMIT, metadata: OMIT, request_options: {})
      response = @requester.call("POST", "/v1/sms", body: { from: from, to: to, body: body, send_at: send_at, media_urls: media_urls, metadata: metadata }, options: request_options)
      Sms.from_hash(response.content, response)
    end

    # List messages.
    #
    # GET /v1/sms
    #
    # @param number [String]
    # @param direction [String, Symbol]
    # @param status [String, Symbol]
    # @param created_after [Time, String] RFC 3339 with a zone.
    # @param created_before [Time, String] RFC 3339 with a zone.
    # @param limit [Integer] How many objects to return.
    # @param starting_after [String] The last id of the previous page.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Page<Sms>]
    def list(number: OMIT, direction: OMIT, status: OMIT, created_after: OMIT, created_before: OMIT, limit: OMIT, starting_after: OMIT, request_options: {})
      Page.new(@requester, "/v1/sms", { number: number, direction: direction, status: status, created_after: created_after, created_before: created_before, limit: limit, starting_after: starting_after }, Sms, request_options)
    end

    # See encoding, segments and price without sending.
    #
    # POST /v1/sms/preview
    #
    # @param to [String]
    # @param body [String]
    # @param from [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Preview]
    def preview(to:, body:, from: OMIT, request_options: {})
      response = @requester.call("POST", "/v1/sms/preview", body: { to: to, body: body, from: from }, options: request_options)
      Preview.from_hash(response.content, response)
    end

    # Retrieve a message with its segments.
    #
    # GET /v1/sms/{id}
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [SmsDetail]
    def get(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/sms/%s", id), options: request_options)
      SmsDetail.from_hash(response.content, response)
    end

    # Everything that happened to a message.
    #
    # GET /v1/sms/{id}/timeline
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Timeline]
    def timeline(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/sms/%s/timeline", id), options: request_options)
      Timeline.from_hash(response.content, response)
    end

    # Cancel a scheduled message.
    #
    # POST /v1/sms/{id}/cancel
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Sms]
    def cancel(id, request_options: {})
      response = @requester.call("POST", Requester.path("/v1/sms/%s/cancel", id), options: request_options)
      Sms.from_hash(response.content, response)
    end
  end

  # The methods of voicemails.
  class VoicemailsResource
    def initialize(requester)
      @requester = requester
    end

    # List voicemails.
    #
    # GET /v1/voicemails
    #
    # @param number [String]
    # @param created_after [Time, String] RFC 3339 with a zone.
    # @param created_before [Time, String] RFC 3339 with a zone.
    # @param limit [Integer] How many objects to return.
    # @param starting_after [String] The last id of the previous page.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Page<Voicemail>]
    def list(number: OMIT, created_after: OMIT, created_before: OMIT, limit: OMIT, starting_after: OMIT, request_options: {})
      Page.new(@requester, "/v1/voicemails", { number: number, created_after: created_after, created_before: created_before, limit: limit, starting_after: starting_after }, Voicemail, request_options)
    end

    # Retrieve a voicemail.
    #
    # GET /v1/voicemails/{id}
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Voicemail]
    def get(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/voicemails/%s", id), options: request_options)
      Voicemail.from_hash(response.content, response)
    end

    # Delete a voicemail and its audio.
    #
    # DELETE /v1/voicemails/{id}
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [nil]
    def delete(id, request_options: {})
      @requester.call("DELETE", Requester.path("/v1/voicemails/%s", id), options: request_options)
      nil
    end
  end

  # The methods of voicemail_greeting.
  class VoicemailGreetingResource
    def initialize(requester)
      @requester = requester
    end

    # Set what callers hear before the tone.
    #
    # POST /v1/numbers/{id}/voicemail_greeting
    #
    # @param id [String]
    # @param text [String]
    # @param voice [String]
    # @param audio_base64 [String] A WAV or MP3 file of up to 700 KB and 60 seconds.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Greeting]
    def set(id, text: OMIT, voice: OMIT, audio_base64: OMIT, request_options: {})
      response = @requester.call("POST", Requester.path("/v1/numbers/%s/voicemail_greeting", id), body: { text: text, voice: voice, audio_base64: audio_base64 }, options: request_options)
      Greeting.from_hash(response.content, response)
    end

    # Retrieve what callers hear before the tone.
    #
    # GET /v1/numbers/{id}/voicemail_greeting
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Greeting]
    def get(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/numbers/%s/voicemail_greeting", id), options: request_options)
      Greeting.from_hash(response.content, response)
    end

    # Back to the shipped greeting.
    #
    # DELETE /v1/numbers/{id}/voicemail_greeting
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [nil]
    def delete(id, request_options: {})
      @requester.call("DELETE", Requester.path("/v1/numbers/%s/voicemail_greeting", id), options: request_options)
      nil
    end
  end

  # The methods of ai.
  class AiResource
    def initialize(requester)
      @requester = requester
    end

    # Retrieve what a number's AI does.
    #
    # GET /v1/numbers/{id}/ai
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [AiConfig]
    def get(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/numbers/%s/ai", id), options: request_options)
      AiConfig.from_hash(response.content, response)
    end

    # Change what a number's AI does.
    #
    # PATCH /v1/numbers/{id}/ai
    #
    # @param id [String]
    # @param auto_pickup [Hash, nil]
    # @param screening [Hash, nil]
    # @param translator [Hash, nil]
    # @param voicemail_summary [Hash, nil]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [AiConfig]
    def update(id, auto_pickup: OMIT, screening: OMIT, translator: OMIT, voicemail_summary: OMIT, request_options: {})
      response = @requester.call("PATCH", Requester.path("/v1/numbers/%s/ai", id), body: { auto_pickup: auto_pickup, screening: screening, translator: translator, voicemail_summary: voicemail_summary }, options: request_options)
      AiConfig.from_hash(response.content, response)
    end
  end

  # The methods of account.
  class AccountResource
    def initialize(requester)
      @requester = requester
    end

    # Retrieve your account.
    #
    # GET /v1/account
    #
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Account]
    def get(request_options: {})
      response = @requester.call("GET", "/v1/account", options: request_options)
      Account.from_hash(response.content, response)
    end

    # Update your account.
    #
    # PATCH /v1/account
    #
    # @param balance_low_threshold_usd [BigDecimal, Numeric, nil]
    # @param default_country [String, nil]
    # @param daily_spend_cap_usd [BigDecimal, Numeric, nil] What a day (UTC) may cost; renewals that the account agreed to are paid all the same.
    # @param allowed_countries [Array, nil] Where messages and calls may go; null is anywhere.
    # @param destination_velocity_per_hour [Integer, nil] Messages in an hour to destinations that share their first six digits.
    # @param opt_out_everywhere [Boolean] Whether stop words count on all numbers, not only where carriers demand it.
    # @param max_segments [Integer]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Account]
    def update(balance_low_threshold_usd: OMIT, default_country: OMIT, daily_spend_cap_usd: OMIT, allowed_countries: OMIT, destination_velocity_per_hour: OMIT, opt_out_everywhere: OMIT, max_segments: OMIT, request_options: {})
      response = @requester.call("PATCH", "/v1/account", body: { balance_low_threshold_usd: balance_low_threshold_usd, default_country: default_country, daily_spend_cap_usd: daily_spend_cap_usd, allowed_countries: allowed_countries, destination_velocity_per_hour: destination_velocity_per_hour, opt_out_everywhere: opt_out_everywhere, max_segments: max_segments }, options: request_options)
      Account.from_hash(response.content, response)
    end

    # Usage by kind and day.
    #
    # GET /v1/account/usage
    #
    # @param period [String, Symbol]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Usage]
    def usage(period: OMIT, request_options: {})
      response = @requester.call("GET", "/v1/account/usage", query: { period: period }, options: request_options)
      Usage.from_hash(response.content, response)
    end
  end

  # The methods of webhook_endpoints.
  class WebhookEndpointsResource
    def initialize(requester)
      @requester = requester
    end

    # Register a webhook endpoint.
    #
    # POST /v1/webhook_endpoints
    #
    # @param url [String]
    # @param enabled_events [Array]
    # @param description [String]
    # @param number_id [String] Only this number's events.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Endpoint]
    def create(url:, enabled_events:, description: OMIT, number_id: OMIT, request_options: {})
      response = @requester.call("POST", "/v1/webhook_endpoints", body: { url: url, enabled_events: enabled_events, description: description, number_id: number_id }, options: request_options)
      Endpoint.from_hash(response.content, response)
    end

    # List webhook endpoints.
    #
    # GET /v1/webhook_endpoints
    #
    # @param limit [Integer] How many objects to return.
    # @param starting_after [String] The last id of the previous page.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Page<Endpoint>]
    def list(limit: OMIT, starting_after: OMIT, request_options: {})
      Page.new(@requester, "/v1/webhook_endpoints", { limit: limit, starting_after: starting_after }, Endpoint, request_options)
    end

    # Retrieve a webhook endpoint.
    #
    # GET /v1/webhook_endpoints/{id}
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Endpoint]
    def get(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/webhook_endpoints/%s", id), options: request_options)
      Endpoint.from_hash(response.content, response)
    end

    # Update a webhook endpoint.
    #
    # PATCH /v1/webhook_endpoints/{id}
    #
    # @param id [String]
    # @param url [String]
    # @param enabled_events [Array]
    # @param description [String, nil]
    # @param status [String, Symbol]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Endpoint]
    def update(id, url: OMIT, enabled_events: OMIT, description: OMIT, status: OMIT, request_options: {})
      response = @requester.call("PATCH", Requester.path("/v1/webhook_endpoints/%s", id), body: { url: url, enabled_events: enabled_events, description: description, status: status }, options: request_options)
      Endpoint.from_hash(response.content, response)
    end

    # Remove a webhook endpoint.
    #
    # DELETE /v1/webhook_endpoints/{id}
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [nil]
    def delete(id, request_options: {})
      @requester.call("DELETE", Requester.path("/v1/webhook_endpoints/%s", id), options: request_options)
      nil
    end

    # Give a webhook endpoint a new signing secret.
    #
    # POST /v1/webhook_endpoints/{id}/rotate_secret
    #
    # @param id [String]
    # @param expires_in [Integer] Seconds for which the old secret signs too.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Endpoint]
    def rotate_secret(id, expires_in: OMIT, request_options: {})
      response = @requester.call("POST", Requester.path("/v1/webhook_endpoints/%s/rotate_secret", id), body: { expires_in: expires_in }, options: request_options)
      Endpoint.from_hash(response.content, response)
    end

    # Send a test event.
    #
    # POST /v1/webhook_endpoints/{id}/test
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Event]
    def test(id, request_options: {})
      response = @requester.call("POST", Requester.path("/v1/webhook_endpoints/%s/test", id), options: request_options)
      Event.from_hash(response.content, response)
    end

    # List an endpoint's deliveries with their attempts.
    #
    # GET /v1/webhook_endpoints/{id}/deliveries
    #
    # @param id [String]
    # @param limit [Integer] How many objects to return.
    # @param starting_after [String] The last id of the previous page.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Page<Delivery>]
    def deliveries(id, limit: OMIT, starting_after: OMIT, request_options: {})
      Page.new(@requester, Requester.path("/v1/webhook_endpoints/%s/deliveries", id), { limit: limit, starting_after: starting_after }, Delivery, request_options)
    end
  end

  # The methods of events.
  class EventsResource
    def initialize(requester)
      @requester = requester
    end

    # List events of the last 30 days.
    #
    # GET /v1/events
    #
    # @param type [String] One type, or a family such as `sms.*`.
    # @param created_after [Time, String] RFC 3339 with a zone.
    # @param created_before [Time, String] RFC 3339 with a zone.
    # @param delivery_success [Boolean]
    # @param limit [Integer] How many objects to return.
    # @param starting_after [String] The last id of the previous page.
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Page<Event>]
    def list(type: OMIT, created_after: OMIT, created_before: OMIT, delivery_success: OMIT, limit: OMIT, starting_after: OMIT, request_options: {})
      Page.new(@requester, "/v1/events", { type: type, created_after: created_after, created_before: created_before, delivery_success: delivery_success, limit: limit, starting_after: starting_after }, Event, request_options)
    end

    # Retrieve an event.
    #
    # GET /v1/events/{id}
    #
    # @param id [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Event]
    def get(id, request_options: {})
      response = @requester.call("GET", Requester.path("/v1/events/%s", id), options: request_options)
      Event.from_hash(response.content, response)
    end

    # Deliver an event again.
    #
    # POST /v1/events/{id}/resend
    #
    # @param id [String]
    # @param endpoint [String]
    # @param request_options [Hash] see {Requester::OPTIONS}
    # @return [Event]
    def resend(id, endpoint: OMIT, request_options: {})
      response = @requester.call("POST", Requester.path("/v1/events/%s/resend", id), body: { endpoint: endpoint }, options: request_options)
      Event.from_hash(response.content, response)
    end
  end

  # The API's resources; a Client has them.
  module Resources
    # @return [NumbersResource]
    def numbers
      @numbers ||= NumbersResource.new(@requester)
    end

    # @return [SipCredentialsResource]
    def sip_credentials
      @sip_credentials ||= SipCredentialsResource.new(@requester)
    end

    # @return [BrowserSessionsResource]
    def browser_sessions
      @browser_sessions ||= BrowserSessionsResource.new(@requester)
    end

    # @return [CallsResource]
    def calls
      @calls ||= CallsResource.new(@requester)
    end

    # @return [TestResource]
    def test
      @test ||= TestResource.new(@requester)
    end

    # @return [SmsResource]
    def sms
      @sms ||= SmsResource.new(@requester)
    end

    # @return [VoicemailsResource]
    def voicemails
      @voicemails ||= VoicemailsResource.new(@requester)
    end

    # @return [VoicemailGreetingResource]
    def voicemail_greeting
      @voicemail_greeting ||= VoicemailGreetingResource.new(@requester)
    end

    # @return [AiResource]
    def ai
      @ai ||= AiResource.new(@requester)
    end

    # @return [AccountResource]
    def account
      @account ||= AccountResource.new(@requester)
    end

    # @return [WebhookEndpointsResource]
    def webhook_endpoints
      @webhook_endpoints ||= WebhookEndpointsResource.new(@requester)
    end

    # @return [EventsResource]
    def events
      @events ||= EventsResource.new(@requester)
    end
  end
end

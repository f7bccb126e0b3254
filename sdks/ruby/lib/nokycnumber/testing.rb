# frozen_string_literal: true

require_relative "../nokycnumber"

module NoKYCNumber
  # For the tests of programs that use this gem: require "nokycnumber/testing".
  module Testing
    # A client without a network: answers, given in their order; and what was asked.
    #
    #   replies = NoKYCNumber::Testing::Replies.new
    #   replies.add(201, { id: "sms_1", object: "sms", status: "queued" })
    #   replies.client.sms.create(from: "num_1", to: "+33612345678", body: "Hi").id # => "sms_1"
    #   replies.requests.first.url # => "…/v1/sms"
    class Replies
      # @return [Array<Request>]
      attr_reader :requests
      # @return [Array<Numeric>] seconds that the client would have waited between attempts; nothing waits
      attr_reader :slept

      def initialize
        @requests = []
        @slept = []
        @replies = []
      end

      # The next answer; a String is sent as it is.
      def add(status = 200, json = "", headers: {})
        body = json.is_a?(String) ? json : JSON.generate(json)
        @replies << Response.new(status: status, headers: headers.transform_keys(&:downcase), body: body, attempts: 1)
        self
      end

      # The next connection fails.
      def add_failure
        @replies << APIConnectionError.new("no connection")
        self
      end

      # @return [Client] that gets these answers; options as of {Client#initialize}
      def client(**options)
        Client.new(**{ api_key: "sk_test_none", transport: self, sleep: slept.method(:push) }, **options)
      end

      # @private
      def call(request)
        requests << request.dup.tap { |copy| copy.headers = request.headers.dup }
        reply = @replies.shift || raise("no reply is left for #{request.method}")
        reply.is_a?(Response) ? reply : raise(reply)
      end
    end
  end
end

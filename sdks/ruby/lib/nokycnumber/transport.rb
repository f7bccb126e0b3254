# frozen_string_literal: true

require "net/http"
require "openssl"
require "uri"

module NoKYCNumber
  # One attempt, as a transport gets it. Timeouts are seconds.
  Request = Struct.new(:method, :url, :headers, :body, :timeout, :open_timeout, keyword_init: true) do
    # Keeps key and content out of logs.
    def inspect
      "#<NoKYCNumber::Request #{method}>"
    end
    alias_method :to_s, :inspect
  end

  # What the server answered. `content` is the body of a success as objects, with exact decimals; nil if there is none.
  Response = Struct.new(:status, :headers, :body, :attempts, :content, keyword_init: true) do
    # @return [String, nil] a header, whatever the case of its name
    def [](name)
      name.is_a?(String) ? headers[name.downcase] : super
    end

    # @return [String, nil] what support asks for (req_…)
    def request_id
      self["Request-Id"]
    end

    # @return [String, nil] that the version spoken is not the current one, until when it works, and what follows it
    #   (NoKYC-Deprecation)
    def deprecation
      self["NoKYC-Deprecation"]
    end

    # @return [Hash]
    def json
      JSON.parse(body)
    end

    # Keeps content out of logs.
    def inspect
      "#<NoKYCNumber::Response #{status} #{request_id}>"
    end
    alias_method :to_s, :inspect
  end

  # Net::HTTP's time limits are for each read of a socket; this one's is for all of an answer, its headers too.
  # (Timeout.timeout would make a thread for every request.)
  class Connection < Net::HTTP
    # @return [Connection] not open yet
    def self.to(uri)
      new(uri.hostname, uri.port).tap do |http|
        http.use_ssl = uri.scheme == "https"
        http.max_retries = 0 # Net::HTTP's own would be beside ours
        http.ignore_eof = false if http.respond_to?(:ignore_eof=) # half an answer is none
      end
    end

    # @param timeout [Numeric] seconds that the next request and its answer may take together
    def give(timeout)
      @deadline = now + timeout
      self.write_timeout = timeout
    end

    # @return [Numeric] seconds
    # @raise [Net::ReadTimeout] if none are left
    def left
      left = @deadline - now
      left.positive? ? left : raise(Net::ReadTimeout)
    end

    private

    def connect
      super
      connection = self
      @socket.define_singleton_method(:rbuf_fill) do
        self.read_timeout = connection.left
        super()
      end
    end

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
  private_constant :Connection

  # Sends requests through Net::HTTP, each once, without following redirects. Connections are kept; each is one
  # thread's as long as its request takes.
  class Transport
    MAX_IDLE = 16
    MAX_ANSWER_BYTES = 32_000_000
    FAILURES = [SystemCallError, SocketError, IOError, Net::HTTPBadResponse, Net::HTTPHeaderSyntaxError,
                Net::ProtocolError, Zlib::Error].freeze

    def initialize
      @lock = Mutex.new
      @idle = []
      @pid = Process.pid
    end

    # @param request [Request]
    # @return [Response]
    # @raise [APIConnectionError] if no answer comes
    def call(request)
      perform(URI.parse(request.url), request)
    rescue Net::OpenTimeout, Net::ReadTimeout, Net::WriteTimeout, Errno::ETIMEDOUT
      raise APITimeoutError, "No answer in time."
    rescue OpenSSL::SSL::SSLError => e
      untrusted = e.message.include?("certificate verify failed") || e.message.include?("does not match")
      raise APIConnectionError.new("The connection failed: #{e.message}", retryable: !untrusted)
    rescue *FAILURES => e
      raise APIConnectionError, "The connection failed: #{e.class}"
    end

    private

    def perform(uri, request)
      http = take(uri) || Connection.to(uri)
      http.give(request.timeout)
      http.open_timeout = [request.open_timeout, request.timeout].min
      http.start unless http.started?
      outgoing = Net::HTTPGenericRequest.new(request.method, !request.body.nil?, true, uri.request_uri, request.headers)
      outgoing.body = request.body
      body = String.new
      incoming = http.request(outgoing) { |answer| answer.read_body { |piece| collect(body, piece) } }
      kept = give_back(http)
      Response.new(status: incoming.code.to_i, headers: incoming.each_header.to_h, body: body, attempts: 1)
    ensure
      http&.finish if http&.started? && !kept
    end

    def collect(body, piece)
      body << piece
      raise APIConnectionError.new("The answer is too large.", retryable: false) if body.bytesize > MAX_ANSWER_BYTES
    end

    def take(uri)
      @lock.synchronize do
        @idle.clear unless @pid == Process.pid # a forked child must not use its parent's connections
        @pid = Process.pid
        position = @idle.index { |http| [http.address, http.port, http.use_ssl?] == [uri.hostname, uri.port, uri.scheme == "https"] }
        position && @idle.delete_at(position)
      end
    end

    def give_back(http)
      @lock.synchronize { @idle.size < MAX_IDLE && @idle.push(http) }
    end
  end
end

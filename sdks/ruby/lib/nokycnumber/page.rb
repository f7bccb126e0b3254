# frozen_string_literal: true

module NoKYCNumber
  # One answer of a list endpoint. It enumerates its own items; {#auto_paging_each} goes on over all pages.
  class Page
    include Enumerable

    # @return [Array] this page's items
    attr_reader :data
    # @return [String, nil] where the next page begins
    attr_reader :next_cursor
    # @return [Response]
    attr_reader :response

    def initialize(requester, path, query, model, options)
      @requester = requester
      @path = path
      @query = query
      @model = model
      @options = options
      @response = requester.call("GET", path, query: query, options: options)
      content = @response.content
      @data = content.fetch("data", []).map { |item| model.from_hash(item) }.freeze
      @has_more = content["has_more"] == true
      @next_cursor = content["next_cursor"]
    end

    # @return [Hash] the answer as it came
    def raw
      @raw ||= Model.plain(response.content).freeze
    end

    def has_more?
      @has_more
    end

    def each(&block)
      return enum_for(:each) { data.size } unless block

      data.each(&block)
      self
    end

    # @return [Page, nil] the page after this one, with the same filters; nil if this is the last
    def next_page
      return if !has_more? || data.empty?

      cursor = next_cursor || response.content["data"].last["id"]
      self.class.new(@requester, @path, @query.merge(starting_after: cursor), @model, @options)
    end

    # This page's items and then those of the pages after it, each fetched when it is needed.
    # @return [Enumerator::Lazy] without a block
    def auto_paging_each(&block)
      return enum_for(:auto_paging_each).lazy unless block

      page = self
      while page
        page.data.each(&block)
        page = page.next_page
      end
      self
    end

    def inspect
      "#<NoKYCNumber::Page #{data.size} items, has_more=#{has_more?}>"
    end
  end
end

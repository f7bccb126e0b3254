# frozen_string_literal: true

require "bigdecimal"
require "json"
require "time"

module NoKYCNumber
  # What all objects of the API are: frozen, and read from the answer field by field, when one is asked for.
  class Model
    # @return [Response, nil] of the call that the object answers; nil for objects inside it
    attr_reader :response

    class << self
      # A class of objects: `Model.define(id: :string, segments: [:list, Segment])`.
      # A model's class stands for itself; `[:list, x]` is an array of x.
      def define(**types)
        Class.new(self) do
          const_set(:TYPES, types.freeze)
          types.each { |name, type| define_method(name) { field(name.to_s) { |value| Model.read(value, type) } } }
        end
      end

      # @param hash [Hash] parsed JSON
      def from_hash(hash, response = nil)
        new(hash, response)
      end

      # A value from JSON as the type wants it. What has another shape than expected stays as it came.
      def read(value, type)
        case value
        when Array then type.is_a?(Array) ? value.map { |each| read(each, type.last) }.freeze : plain(value)
        when Hash then type.is_a?(Class) ? type.from_hash(value) : plain(value)
        when Numeric then type == :decimal ? BigDecimal(value.to_s) : plain(value)
        when String then type == :time ? time(value) : value
        else value
        end
      end

      # With floats instead of BigDecimal: for free-form data.
      def plain(value)
        case value
        when Hash then value.transform_values { |each| plain(each) }
        when Array then value.map { |each| plain(each) }
        when BigDecimal then value.to_f
        else value
        end
      end

      private

      def time(text)
        Time.iso8601(text)
      rescue ArgumentError
        text
      end
    end

    def initialize(data, response = nil)
      @data = data
      @response = response
      @read = {} # fields that were asked for
      freeze
    end

    # @return [Hash] the object as it came, with fields that this version of the library does not know
    def raw
      @read[:raw] ||= Model.plain(@data).freeze
    end

    # @return [Hash{Symbol => Object}] the fields that this version of the library knows
    def to_h
      deconstruct_keys(nil)
    end

    # For `case sms in { status: "queued" }`.
    def deconstruct_keys(names)
      known = self.class::TYPES.keys
      (names ? known & names : known).to_h { |name| [name, public_send(name)] }
    end

    def to_json(*options)
      raw.to_json(*options)
    end

    def ==(other)
      other.class == self.class && other.raw == raw
    end
    alias eql? ==

    def hash
      [self.class, raw].hash
    end

    # Names the object, and keeps its content out of logs.
    def inspect
      "#<#{self.class} #{@data["id"]}>"
    end
    alias to_s inspect

    private

    def field(name)
      @read.fetch(name) { @read[name] = yield(@data[name]) }
    end
  end
end

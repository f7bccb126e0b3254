# frozen_string_literal: true

require "bigdecimal"
require "time"

module NoKYCNumber
  # What all objects of the API have. They are frozen Structs.
  module Model
    # @return [Hash] the object as it came, with fields that this version of the library does not know
    attr_reader :raw
    # @return [Response, nil] of the call that the object answers; nil for objects inside it
    attr_reader :response

    # A class of objects: `Model.define(id: :string, segments: [:list, Segment])`.
    # A model's class stands for itself; `[:list, x]` is an array of x.
    def self.define(**types)
      Struct.new(*types.keys, keyword_init: true) do
        include Model
        const_set(:TYPES, types.freeze)
        extend ClassMethods
      end
    end

    # Reading objects.
    module ClassMethods
      # @param hash [Hash] parsed JSON
      def from_hash(hash, response = nil)
        build(self::TYPES.to_h { |name, type| [name, Model.read(hash[name.to_s], type)] }, hash, response)
      end

      private

      def build(values, hash, response)
        object = new(**values)
        object.instance_variable_set(:@raw, Model.plain(hash).freeze)
        object.instance_variable_set(:@response, response)
        object.freeze
      end
    end

    # A value from JSON as the type wants it. What has another shape than expected stays as it came.
    def self.read(value, type)
      case value
      when nil then nil
      when Array then type.is_a?(Array) ? value.map { |each| read(each, type.last) }.freeze : plain(value)
      when Hash then type.is_a?(Class) ? type.from_hash(value) : plain(value)
      when Numeric then type == :decimal ? BigDecimal(value.to_s) : plain(value)
      when String then type == :time ? time(value) : value
      else value
      end
    end

    def self.time(text)
      Time.iso8601(text)
    rescue ArgumentError
      text
    end
    private_class_method :time

    # With floats instead of BigDecimal: for free-form data.
    def self.plain(value)
      case value
      when Hash then value.transform_values { |each| plain(each) }
      when Array then value.map { |each| plain(each) }
      when BigDecimal then value.to_f
      else value
      end
    end
  end
end

# frozen_string_literal: true

module NoKYCNumber
  # What an event is about: `object` as it was then, and what some types say beside it, in `raw`.
  class EventData < Model.define(object: :any)
    def self.from_hash(hash, response = nil)
      object = hash["object"]
      model = object.is_a?(Hash) && EVENT_OBJECTS[object["object"]]
      data = new(object: model ? model.from_hash(object) : Model.plain(object))
      data.instance_variable_set(:@raw, Model.plain(hash).freeze)
      data.instance_variable_set(:@response, response)
      data.freeze
    end
  end

  # A fact that happened. `data.object` is a model, or a Hash if this version of the library does not know it.
  class Event < Model.define(
    id: :string, object: :string, type: :string, created: :time, livemode: :boolean, data: EventData,
    request_id: :string, api_version: :string
  )
  end
end

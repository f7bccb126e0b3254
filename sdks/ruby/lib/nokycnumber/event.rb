# frozen_string_literal: true

module NoKYCNumber
  # What an event is about: `object` as it was then, a model, or a Hash if this version of the library does not know it.
  # What some types say beside it is in `raw`.
  class EventData < Model.define(object: :any)
    def self.from_hash(hash, response = nil)
      object = hash["object"]
      model = object.is_a?(Hash) && EVENT_OBJECTS[object["object"]]
      build({ object: model ? model.from_hash(object) : Model.plain(object) }, hash, response)
    end
  end
end

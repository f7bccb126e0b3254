# frozen_string_literal: true

module NoKYCNumber
  # What an event is about: `object` as it was then, a model, or a Hash if this version of the library does not know it.
  # What some types say beside it is in `raw`.
  class EventData < Model.define(object: :any)
    def object
      field("object") do |value|
        model = value.is_a?(Hash) && EVENT_OBJECTS[value["object"]]
        model ? model.from_hash(value) : Model.plain(value)
      end
    end
  end
end

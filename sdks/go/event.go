package nokyc

import "encoding/json"

// EventData is what an event is about. What some types say beside the object is in Raw.
type EventData struct {
	Meta
	// Object is the object as it was then: *Number, *SMS, … or a map[string]any if this version of the library does not
	// know it.
	Object any `json:"object"`
}

// UnmarshalJSON makes the object's own type by its field "object".
func (d *EventData) UnmarshalJSON(data []byte) error {
	var given struct {
		Object json.RawMessage `json:"object"`
	}
	var kind struct {
		Object string `json:"object"`
	}
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	d.Raw = append(json.RawMessage(nil), data...)
	if len(given.Object) == 0 {
		return nil
	}
	// What is no object has no kind.
	_ = json.Unmarshal(given.Object, &kind)
	if create, known := eventObjects[kind.Object]; known {
		d.Object = create()
		return json.Unmarshal(given.Object, d.Object)
	}
	return json.Unmarshal(given.Object, &d.Object)
}

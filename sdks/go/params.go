package nokyc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// Ptr gives a pointer to a value, for optional parameters: nokyc.Ptr(nokyc.NumberStatusPaused).
func Ptr[T any](value T) *T { return &value }

// String gives a pointer to a string, for optional parameters.
func String(value string) *string { return &value }

// Int gives a pointer to an int, for optional parameters.
func Int(value int) *int { return &value }

// Bool gives a pointer to a bool, for optional parameters.
func Bool(value bool) *bool { return &value }

// Time gives a pointer to a time, for optional parameters.
func Time(value time.Time) *time.Time { return &value }

// marshalParams encodes a parameter struct: nil fields are left out, fields named in null are sent as null.
// An empty slice that is not nil is sent, which encoding/json's omitempty cannot express.
func marshalParams(params any, null []string) ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	write := func(name string, value any) error {
		encoded, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "%q:%s", name, encoded)
		return nil
	}
	cleared := map[string]bool{}
	for _, name := range null {
		cleared[name] = true
	}
	err := eachField(params, func(name string, value reflect.Value) error {
		if cleared[name] {
			return nil
		}
		return write(name, value.Interface())
	})
	if err != nil {
		return nil, err
	}
	for _, name := range null {
		if cleared[name] {
			cleared[name] = false
			if err := write(name, nil); err != nil {
				return nil, err
			}
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// queryOf encodes a parameter struct as a query; nil fields are left out.
func queryOf(params any) url.Values {
	query := url.Values{}
	_ = eachField(params, func(name string, value reflect.Value) error {
		value = reflect.Indirect(value)
		if value.Kind() != reflect.Slice {
			query.Set(name, queryValue(value))
			return nil
		}
		for i := range value.Len() {
			query.Add(name, queryValue(value.Index(i)))
		}
		return nil
	})
	return query
}

func queryValue(value reflect.Value) string {
	if instant, ok := value.Interface().(time.Time); ok {
		return instant.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprint(value.Interface())
}

// eachField visits the fields of a struct, or of a pointer to one, that have a JSON name and are not nil.
func eachField(params any, visit func(name string, value reflect.Value) error) error {
	value := reflect.Indirect(reflect.ValueOf(params))
	if !value.IsValid() {
		return nil
	}
	for i := range value.NumField() {
		name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
		field := value.Field(i)
		switch field.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
			if field.IsNil() {
				continue
			}
		}
		if name == "" || name == "-" {
			continue
		}
		if err := visit(name, field); err != nil {
			return err
		}
	}
	return nil
}

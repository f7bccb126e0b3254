package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	nokyc "github.com/nokycnumber/sdk-go"
)

// outcome is all that can be seen of a call.
type outcome struct {
	Requests []map[string]any `json:"requests"`

	result   any
	err      error
	items    []any
	sleeps   []any
	response nokyc.Response
}

// classes are what errors are called in the cases, the special before the general.
var classes = []struct {
	name string
	is   error
}{
	{"NotFoundError", nokyc.ErrNotFound}, {"IdempotencyError", nokyc.ErrIdempotency},
	{"PaymentRequiredError", nokyc.ErrPaymentRequired}, {"InvalidRequestError", nokyc.ErrInvalidRequest},
	{"ConflictError", nokyc.ErrConflict}, {"AuthenticationError", nokyc.ErrAuthentication},
	{"PermissionDeniedError", nokyc.ErrPermission}, {"ResourceError", nokyc.ErrResource},
	{"RateLimitError", nokyc.ErrRateLimit}, {"UpstreamError", nokyc.ErrUpstream}, {"APIError", nokyc.ErrAPI},
	{"RedirectError", nokyc.ErrRedirect}, {"usage", nokyc.ErrUsage},
}

func className(err error) string {
	for _, class := range classes {
		if errors.Is(err, class.is) {
			return class.name
		}
	}
	var failed *nokyc.ConnectionError
	if errors.As(err, &failed) && failed.Timeout {
		return "APITimeoutError"
	} else if failed != nil {
		return "APIConnectionError"
	}
	return fmt.Sprint(err)
}

func (o *outcome) compare(expect map[string]any) string {
	if o.err != nil && expect["error"] == nil {
		return "failed: " + o.err.Error()
	}
	for name, value := range expect {
		if detail := o.part(name, value); detail != "" {
			return detail
		}
	}
	return ""
}

func (o *outcome) part(name string, value any) string {
	switch name {
	case "requests":
		return o.compareRequests(value.([]any))
	case "count":
		return differs(name, value, float64(len(o.Requests)))
	case "same_header":
		for _, request := range o.Requests {
			if detail := differs(name, header(o.Requests[0], value.(string)), header(request, value.(string))); detail != "" {
				return detail
			}
		}
	case "sleeps":
		return differs(name, value, o.sleeps)
	case "items":
		return differs(name, value, o.items)
	case "result":
		return differs(name, value, plain(o.result))
	case "raw":
		return differs(name, value, plain(attribute(o.result, "Raw")))
	case "no_result":
		return differs(name, nil, plain(o.result))
	case "typed":
		for path, wanted := range value.(map[string]any) {
			if detail := differs(path, wanted, tagged(walk(o.result, path), wanted)); detail != "" {
				return detail
			}
		}
	case "response":
		headers := map[string]any{}
		for name, values := range o.response.Header {
			headers[strings.ToLower(name)] = values[0]
		}
		return differs(name, value, map[string]any{"status": float64(o.response.StatusCode), "request_id": o.response.RequestID, "deprecation": o.response.Deprecation, "headers": headers})
	case "error":
		return o.compareError(value.(map[string]any))
	default:
		return "an expectation that is not known: " + name
	}
	return ""
}

func (o *outcome) compareRequests(wanted []any) string {
	if len(o.Requests) != len(wanted) {
		return fmt.Sprintf("%d requests instead of %d", len(o.Requests), len(wanted))
	}
	for at, each := range wanted {
		got := o.Requests[at]
		for name, value := range each.(map[string]any) {
			detail := ""
			switch name {
			case "headers":
				for header, value := range value.(map[string]any) {
					detail += matches(header, value, got["headers"].(map[string]any)[header])
				}
			case "no_headers":
				for _, header := range value.([]any) {
					detail += differs(header.(string), nil, got["headers"].(map[string]any)[header.(string)])
				}
			case "query":
				detail = differs(name, sorted(value), sorted(got[name]))
			case "json": // nothing more may have been sent
				detail = differs(name, value, got[name]) + differs(name, got[name], value)
			default:
				detail = differs(name, value, got[name])
			}
			if detail != "" {
				return fmt.Sprintf("request %d: %s", at, detail)
			}
		}
	}
	return ""
}

func (o *outcome) compareError(wanted map[string]any) string {
	var e *nokyc.Error
	errors.As(o.err, &e)
	got := map[string]any{"class": className(o.err)}
	if e != nil {
		limit, remaining, reset := e.RateLimit()
		got = map[string]any{
			"class": className(e), "status": float64(e.Status), "type": orNil(e.Type), "code": orNil(e.Code), "param": orNil(e.Param),
			"request_id": orNil(e.RequestID), "retry_after": orNil(e.RetryAfter().Seconds()), "text": e.Error(),
			"limit": orNil(float64(limit + 1)), "remaining": orNil(float64(remaining + 1)), "reset": nil,
		}
		if limit >= 0 {
			got["limit"], got["remaining"], got["reset"] = float64(limit), float64(remaining), float64(reset.Unix())
		}
	}
	for name, value := range wanted {
		switch name {
		case "is":
			for _, parent := range value.([]any) {
				at := slices.IndexFunc(classes, func(c struct {
					name string
					is   error
				}) bool {
					return c.name == parent
				})
				if e == nil || (at >= 0 && !errors.Is(e, classes[at].is)) {
					return fmt.Sprintf("%s is no %s", className(o.err), parent)
				}
			}
		case "not_in_text":
			for _, secret := range value.([]any) {
				if strings.Contains(fmt.Sprintf("%v %+v", o.err, o.err), secret.(string)) {
					return fmt.Sprintf("%q is in its text", secret)
				}
			}
		default:
			if detail := differs(name, value, got[name]); detail != "" {
				return detail
			}
		}
	}
	return ""
}

// differs compares JSON values; objects may have more fields than wanted.
func differs(name string, wanted, got any) string {
	if fits(wanted, got) {
		return ""
	}
	w, _ := json.Marshal(wanted)
	g, _ := json.Marshal(got)
	return fmt.Sprintf("%s: %s instead of %s", name, g, w)
}

func fits(wanted, got any) bool {
	switch w := wanted.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		for name, value := range w {
			ok = ok && fits(value, g[name])
		}
		return ok
	case []any:
		g, ok := got.([]any)
		ok = ok && len(g) == len(w)
		for at := 0; ok && at < len(w); at++ {
			ok = fits(w[at], g[at])
		}
		return ok
	case float64:
		g, ok := got.(float64)
		return ok && math.Abs(g-w) < 1e-9
	}
	return reflect.DeepEqual(wanted, got)
}

func matches(name string, wanted, got any) string {
	if rule, ok := wanted.(map[string]any); ok {
		text, _ := got.(string)
		if !regexp.MustCompile(rule["matches"].(string)).MatchString(text) {
			return fmt.Sprintf("%s: %q does not match", name, text)
		}
		return ""
	}
	return differs(name, wanted, got)
}

// walk follows a path of wire names and positions through typed values.
func walk(value any, path string) any {
	for _, part := range strings.Split(path, ".") {
		value = attribute(value, part)
	}
	return value
}

// attribute is a struct's field by its wire name or its own, or a slice's item; nil if there is none.
func attribute(value any, name string) any {
	v := reflect.Indirect(reflect.ValueOf(value))
	if v.Kind() == reflect.Slice {
		at, _ := strconv.Atoi(name)
		return v.Index(at).Interface()
	}
	field := v.FieldByName(name)
	for i := 0; i < v.NumField(); i++ {
		if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); tag == name {
			field = v.Field(i)
		}
	}
	if !field.IsValid() || (field.Kind() == reflect.Pointer && field.IsNil()) {
		return nil
	}
	return reflect.Indirect(field).Interface()
}

// tagged is a typed value as cases write it.
func tagged(value, wanted any) any {
	switch v := value.(type) {
	case nokyc.Decimal:
		return map[string]any{"decimal": v.String()}
	case time.Time:
		return map[string]any{"instant": float64(v.UnixNano()) / 1e9}
	}
	return plain(value)
}

// plain is a value as its JSON says it.
func plain(value any) any {
	var out any
	text, err := json.Marshal(value)
	check(err)
	check(json.Unmarshal(text, &out))
	return out
}

func header(request map[string]any, name string) any {
	return request["headers"].(map[string]any)[name]
}

func orNil[T comparable](value T) any {
	if value == *new(T) {
		return nil
	}
	return value
}

func sorted(pairs any) any {
	out := append([]any{}, pairs.([]any)...)
	slices.SortFunc(out, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return out
}

// Command conformance runs the cases that all SDKs share (sdks/conformance), or the suites that are named, and prints one
// line of JSON for each. It needs NOKYC_CONFORMANCE_URL.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	nokyc "github.com/nokycnumber/sdk-go"
)

type arguments = json.RawMessage

type testCase struct {
	Name      string
	Client    map[string]any
	Call      call
	Replies   []json.RawMessage
	Expect    map[string]any
	Construct map[string]any
	Env       map[string]string
	Generate  *struct {
		Payload, Secret string
		Timestamp       int64
	}
	Payload   string
	Header    string
	Secrets   []string
	Now       int64
	Tolerance *int64
}

type call struct {
	Operation, Method, URL string
	Path                   []string
	Body, Query            json.RawMessage
	Options                struct {
		IdempotencyKey string `json:"idempotency_key"`
		MaxRetries     *int   `json:"max_retries"`
		TimeoutMs      *int   `json:"timeout_ms"`
		Headers        map[string]string
		ExtraBody      map[string]any    `json:"extra_body"`
		ExtraQuery     map[string]string `json:"extra_query"`
	}
	Iterate json.RawMessage
}

func main() {
	server, failed := os.Getenv("NOKYC_CONFORMANCE_URL"), false
	files, _ := filepath.Glob(filepath.Join("..", "conformance", "*.json"))
	for _, file := range files {
		if len(os.Args) > 1 && !slices.Contains(os.Args[1:], strings.TrimSuffix(filepath.Base(file), ".json")) {
			continue
		}
		var suite struct {
			Suite string
			Cases []testCase
		}
		text, err := os.ReadFile(file)
		check(err)
		check(json.Unmarshal(text, &suite))
		for _, c := range suite.Cases {
			detail := c.run(server)
			failed = failed || detail != ""
			check(json.NewEncoder(os.Stdout).Encode(map[string]any{"suite": suite.Suite, "case": c.Name, "ok": detail == "", "detail": detail}))
		}
	}
	if failed || len(files) == 0 {
		os.Exit(1)
	}
}

// run says what is wrong; nothing if all is as expected.
func (c testCase) run(server string) (detail string) {
	switch {
	case c.Construct != nil:
		return c.construct()
	case c.Generate != nil:
		got := nokyc.GenerateTestHeader([]byte(c.Generate.Payload), c.Generate.Secret, time.Unix(c.Generate.Timestamp, 0))
		return differs("header", c.Expect["header"], got)
	case c.Secrets != nil:
		return c.webhook()
	}
	var script struct {
		ID      string
		BaseURL string `json:"base_url"`
	}
	exchange("POST", server+"/scripts", map[string]any{"replies": append([]json.RawMessage{}, c.Replies...)}, &script)
	seen := outcome{sleeps: []any{}}
	seen.result, seen.err = c.Call.make(&seen, newClient(c.Client, script.BaseURL, &seen))
	exchange("GET", server+"/scripts/"+script.ID, nil, &seen)
	return seen.compare(c.Expect)
}

func newClient(config map[string]any, baseURL string, seen *outcome) *nokyc.Client {
	options := []nokyc.ClientOption{nokyc.WithBaseURL(baseURL), nokyc.WithSleep(func(_ context.Context, delay time.Duration) error {
		seen.sleeps = append(seen.sleeps, delay.Seconds())
		return nil
	})}
	for name, value := range config {
		number, _ := value.(float64)
		switch name {
		case "random":
			options = append(options, nokyc.WithRandom(func() float64 { return number }))
		case "now":
			options = append(options, nokyc.WithClock(func() time.Time { return time.Unix(int64(number), 0) }))
		case "max_retries":
			options = append(options, nokyc.WithMaxRetries(int(number)))
		case "timeout_ms":
			options = append(options, nokyc.WithTimeout(time.Duration(number)*time.Millisecond))
		case "app":
			options = append(options, nokyc.WithAppInfo(value.(string)))
		}
	}
	client, err := nokyc.NewClient("sk_test_conformance", options...)
	check(err)
	return client
}

func (c call) make(seen *outcome, client *nokyc.Client) (any, error) {
	ctx := context.Background()
	options := []nokyc.CallOption{nokyc.ResponseInto(&seen.response)}
	if c.Options.IdempotencyKey != "" {
		options = append(options, nokyc.IdempotencyKey(c.Options.IdempotencyKey))
	}
	if c.Options.MaxRetries != nil {
		options = append(options, nokyc.MaxRetries(*c.Options.MaxRetries))
	}
	if c.Options.TimeoutMs != nil {
		options = append(options, nokyc.Timeout(time.Duration(*c.Options.TimeoutMs)*time.Millisecond))
	}
	for name, value := range c.Options.Headers {
		options = append(options, nokyc.Header(name, value))
	}
	for name, value := range c.Options.ExtraBody {
		options = append(options, nokyc.ExtraBody(name, value))
	}
	for name, value := range c.Options.ExtraQuery {
		options = append(options, nokyc.ExtraQuery(name, value))
	}
	given := c.Body
	if given == nil {
		given = c.Query
	}
	switch {
	case c.Operation == "request":
		query := url.Values{}
		for name, value := range parse(c.Query) {
			query.Set(name, fmt.Sprint(value))
		}
		answer, err := client.Request(ctx, c.Method, c.URL, query, parse(c.Body), options...)
		if err != nil {
			return nil, err
		}
		return parse(answer.Body), nil
	case c.Iterate != nil:
		limit := -1
		_ = json.Unmarshal(c.Iterate, &limit)
		var err error
		seen.items, err = walks[c.Operation](ctx, client, c.Path, given, limit, options...)
		return nil, err
	}
	return operations[c.Operation](ctx, client, c.Path, given, options...)
}

// take walks over a list until it has so many items, and gives their ids.
func take[T any](items iter.Seq2[*T, error], limit int) ([]any, error) {
	taken := []any{}
	if limit == 0 {
		return taken, nil
	}
	for item, err := range items {
		if err != nil {
			return taken, err
		}
		if taken = append(taken, attribute(item, "id")); len(taken) == limit {
			break
		}
	}
	return taken, nil
}

// decode makes a method's parameters; what is null in JSON is named in Null.
func decode[T any](given arguments) *T {
	params := new(T)
	if given == nil {
		return params
	}
	check(json.Unmarshal(given, params))
	if null := reflect.ValueOf(params).Elem().FieldByName("Null"); null.IsValid() {
		for name, value := range parse(given) {
			if value == nil {
				null.Set(reflect.Append(null, reflect.ValueOf(name)))
			}
		}
	}
	return params
}

func (c testCase) construct() string {
	for _, name := range []string{"NOKYC_API_KEY", "NOKYC_BASE_URL"} {
		check(os.Unsetenv(name))
	}
	for name, value := range c.Env {
		check(os.Setenv(name, value))
	}
	var options []nokyc.ClientOption
	if base, ok := c.Construct["base_url"].(string); ok {
		options = append(options, nokyc.WithBaseURL(base))
	}
	if c.Construct["allow_insecure"] == true {
		options = append(options, nokyc.WithAllowInsecure())
	}
	if retries, ok := c.Construct["max_retries"].(float64); ok {
		options = append(options, nokyc.WithMaxRetries(int(retries)))
	}
	key, _ := c.Construct["api_key"].(string)
	client, err := nokyc.NewClient(key, options...)
	if c.Expect["error"] != nil {
		return differs("error", c.Expect["error"], className(err))
	}
	if err != nil {
		return err.Error()
	}
	return differs("base_url", fmt.Sprintf("nokyc.Client(%s)", c.Expect["base_url"]), client.String())
}

func (c testCase) webhook() string {
	verifier := nokyc.NewWebhook(c.Secrets...).WithClock(func() time.Time { return time.Unix(c.Now, 0) })
	if c.Tolerance != nil {
		verifier = verifier.WithTolerance(time.Duration(*c.Tolerance) * time.Second)
	}
	event, err := verifier.ConstructEvent([]byte(c.Payload), c.Header)
	var refused *nokyc.SignatureError
	switch {
	case c.Expect["error"] != nil:
		return differs("error", c.Expect["error"], className(err))
	case errors.As(err, &refused):
		if hint, ok := c.Expect["hint"].(string); ok && !strings.Contains(err.Error(), hint) {
			return "no hint in: " + err.Error()
		}
		return differs("reason", c.Expect["reason"], refused.Reason)
	case err != nil:
		return err.Error()
	}
	return differs("type", c.Expect["type"], string(event.Type))
}

func exchange(method, address string, body, out any) {
	encoded, err := json.Marshal(body)
	check(err)
	request, err := http.NewRequest(method, address, bytes.NewReader(encoded))
	check(err)
	answer, err := http.DefaultClient.Do(request)
	check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(err)
	check(json.Unmarshal(text, out))
}

func parse(text []byte) map[string]any {
	var out map[string]any
	if text != nil {
		check(json.Unmarshal(text, &out))
	}
	return out
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

package nokyc

import "time"

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

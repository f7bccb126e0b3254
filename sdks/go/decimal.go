package nokyc

import (
	"bytes"
	"errors"
	"math/big"
	"strconv"
)

// Decimal is an exact amount, kept as the digits that the API sent. Amounts are US dollars.
type Decimal string

// UnmarshalJSON takes a JSON number, or a string that holds one.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	text := string(bytes.Trim(data, `"`))
	if _, ok := new(big.Rat).SetString(text); !ok {
		return errors.New("nokyc: not a decimal number")
	}
	*d = Decimal(text)
	return nil
}

// MarshalJSON gives a JSON number.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if _, ok := d.Rat(); !ok {
		return nil, errors.New("nokyc: not a decimal number: " + strconv.Quote(string(d)))
	}
	return []byte(d), nil
}

// Rat is the exact value, to calculate with. It fails on a Decimal that is no number.
func (d Decimal) Rat() (*big.Rat, bool) { return new(big.Rat).SetString(string(d)) }

// Float64 is the nearest float.
func (d Decimal) Float64() float64 {
	value, _ := strconv.ParseFloat(string(d), 64)
	return value
}

func (d Decimal) String() string { return string(d) }

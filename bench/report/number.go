package report

import (
	"math"
	"strconv"
	"strings"
)

// Number is v with six significant digits, in decimals from 1e-6 up to 1e21 and in
// powers beyond; zero has no sign. It is a JSON number for any finite v.
func Number(v float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 5, 64), 64) // a float again: even MaxFloat64 rounds down
	switch a := math.Abs(rounded); {
	case a == 0:
		return "0"
	case a < 1e-6 || a >= 1e21:
		return strconv.FormatFloat(rounded, 'e', -1, 64)
	default:
		return strconv.FormatFloat(rounded, 'f', -1, 64)
	}
}

// exact is a cell for programs, with strings as str makes them; absent is "".
func exact(cell any, str func(string) string) string {
	switch v := cell.(type) {
	case string:
		return str(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return Number(v)
	case bool:
		return strconv.FormatBool(v)
	case Raw:
		return string(v)
	default:
		return ""
	}
}

// friendly is a cell for people, with strings as str makes them; absent is dash.
func (c Column) friendly(cell any, dash string, str func(string) string) string {
	switch v := cell.(type) {
	case nil:
		return dash
	case Raw:
		return str(string(v))
	case float64:
		if math.Abs(v) >= 1e9 { // no column is that wide
			return Number(v)
		}
		digits := c.Digits
		if digits == 0 {
			digits = 3
		}
		s := strconv.FormatFloat(v, 'f', digits, 64)
		if strings.Trim(s, "-0.") == "" {
			s = strings.TrimPrefix(s, "-") // nothing is left of it but the sign
		}
		return s
	case bool:
		if v {
			return "yes"
		}
		return "no"
	default:
		return exact(v, str)
	}
}

package convert

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

// FuzzUnescape holds that valid strings are read as jsontext reads them, and that a
// string ends where it says.
func FuzzUnescape(f *testing.F) {
	for _, s := range []string{``, `a`, `\"\\\/\b\f\n\r\t`, `\u00e9\u0000\u2028\uFFfd`, `x\ud83d\ude00y\uD800\uDC00`, `\\"`, `\\\"`, `ü\n`, "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := []byte(`"` + s + `"`)
		if n, err := jsontext.AppendUnquote(nil, v); err == nil {
			require.Equal(t, string(n), string(appendUnescaped(nil, v[1:len(v)-1])))
			require.Equal(t, len(s), quotedLength([]byte(s+`",":[`)))
		}
		n := 0 // as a reader of single bytes finds it
		for n < len(s) && s[n] != '"' {
			if s[n] == '\\' {
				n++
			}
			n++
		}
		require.Equal(t, min(n, len(s)), quotedLength([]byte(s)))
	})
}

package plain_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/righting-bench/righting/schema/plain"
)

// hostile seeds every fuzz test.
var hostile = []string{
	"", " ", "  two  ", "plain words", "snake_case", "back\\slash", `\u202e`, "'", `"`,
	"\x1b[2J\x1b]0;title\a", "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "\u009b31m", "\x9b31m",
	"abc\u202edcba", "\u2066a\u2069", "\u200e\u200f\u061c", "a\u200bb\u200db", "line\u2028para\u2029", "\ufeffbom",
	"\ue000", "\U000f0000", "\U000e0041\U000e007f", "v\ufe0f", "\u034f\u115f\u3164\u2800\u3000\u00a0",
	"a\nb\rc\td\x00e\x7ff", "e\u0301", "\u0301", "a\u0301\u0301\u0301\u0301\u0301\u0301b", "가\u1161\u11a8", "模型 🙂",
	"\xff\xfe", "\xed\xa0\x80", "\ufffd", "=HYPERLINK(\"http://evil.example\")", "+1", "-0.5", "@SUM(A1)", "\t=1", "\r=1",
	"'=1", "''-", "＝1", "a|b", "||", `\|`, "`tick`", "``", "|`|", "[x](javascript:alert(1))", "![x](https://evil.example/x.png)",
	"<img src=x onerror=alert(1)>", "</script><!--", "&lt;", "https://evil.example", "www.1.example", "evil.example", "me@evil.example",
	"@user", "#1", "GH-1", ":smile:", "$x$", "# h", "- l", "+ l", "1. l", "1) l", "> q", "---", "***", "===", "~~~", ": d", "a: b", "*e*", "_e_",
	"NO", "y", "null", "~", "1.10", "1e3", "0x1f", "012", "1_000", "190:20:30", "2024-01-01", ".inf", "<<", "- a", "? a", "a #b", "%TAG", "!!str a", "&a", "*a",
	"{a: b}", "[a]", "a,b", "---\n", "...", "$&#_{}%^~", "--", "''", "::error::x", "end\n", "\n",
}

func TestTerminal(t *testing.T) {
	for s, want := range map[string]string{
		"":                   "",
		`a "b" \x1b`:         `a "b" \x1b`,
		"a\nb\rc\td":         `a\nb\rc\td`,
		"\x00\x1b[31m\x7f":   `\x00\x1b[31m\x7f`,
		"\u009b31m":          `\u009b31m`,
		"\x9b31m":            `\x9b31m`,
		"abc\u202edcba":      `abc\u202edcba`,
		"\u2066\u2069\u200f": `\u2066\u2069\u200f`,
		"\u200e\u061c\ufeff": `\u200e\u061c\ufeff`,
		"a\u200bb\u200d":     `a\u200bb\u200d`,
		"\u2028\u2029\u0085": `\u2028\u2029\u0085`,
		"\ue000\U00100000":   `\ue000\U00100000`,
		"\U000e0041":         `\U000e0041`,
		"☂\ufe0f":            `☂\ufe0f`,
		"\u3164\u115f\u2800": `\u3164\u115f\u2800`,
		"a\u00a0b\u3000":     `a\u00a0b\u3000`,
		"\xff\xed\xa0\x80":   `\xff\xed\xa0\x80`,
		"\ufffd":             "\ufffd",
		"é ü 模型 🙂 – € العربية": "é ü 模型 🙂 – € العربية",
		"e\u0301":                         "e\u0301",
		"\u0301e":                         `\u0301e`,
		"\x1b\u0301":                      `\x1b\u0301`,
		"a" + strings.Repeat("\u0301", 6): "a" + strings.Repeat("\u0301", 4) + `\u0301\u0301`,
	} {
		require.Equal(t, want, plain.Terminal(s), "%q", s)
	}
}

func TestLine(t *testing.T) {
	for _, c := range []struct {
		s       string
		columns int
		want    string
	}{
		{"abcdef", 6, "abcdef"},
		{"abcdef", 5, "abcd…"},
		{"abcdef", 1, "…"},
		{"abcdef", 0, ""},
		{"", 0, ""},
		{"模型模型", 8, "模型模型"},
		{"模型模型", 7, "模型模…"},
		{"模型模型", 6, "模型…"},
		{"ab\u202ecd", 8, `ab\u202e`[:2] + "…"},
		{"ab\u202e", 8, `ab\u202e`},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
	} {
		require.Equal(t, c.want, plain.Line(c.s, c.columns), "%q in %d", c.s, c.columns)
	}
}

func TestExcerpt(t *testing.T) {
	require.Equal(t, "abcdef", plain.Excerpt("abcdef", 6))
	require.Equal(t, "ab…", plain.Excerpt("abcdef", 5))
	require.Equal(t, "模…", plain.Excerpt("模型模型", 8))
	require.Equal(t, "", plain.Excerpt("abcdef", 2))
	require.Equal(t, "ab", plain.Excerpt("ab", 2))
	require.Len(t, plain.Excerpt(strings.Repeat("x", 1<<20), 80), 80)
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "abc": 3, "é": 1, "e\u0301": 1, "模型": 4, "ｆｕ": 4, "🙂": 2, "–…●├─┤": 6, "한": 2, "\u1112\u1161\u11ab": 2, "ไทย": 3, "שָׁ": 1,
	} {
		require.Equal(t, want, plain.Width(s), "%q", s)
	}
}

func TestMarkdown(t *testing.T) {
	for s, want := range map[string]string{
		"":                           "",
		"constraint_integrity":       "constraint_integrity",
		"kept 0.625 (n = 8), 5%":     `kept 0.625 (n \= 8), 5%`,
		"no rank: 4 common":          "no rank: 4 common",
		"gpt-4.1":                    "gpt-4.1",
		"_e_ *s* ~~d~~":              `\_e\_ \*s\* \~\~d\~\~`,
		"a|b":                        "a&#124;b",
		"[0, 1]":                     `\[0, 1\]`,
		"<b>&lt;":                    "&lt;b&gt;&amp;lt;",
		"1. x":                       `1\. x`,
		"12) x":                      `12\) x`,
		"- x":                        `\- x`,
		"---":                        `\-\-\-`,
		"# x":                        "`# x`",
		"`x`":                        "`` `x` ``",
		"[x](https://evil.example)":  "`[x](https://evil.example)`",
		"![x](//evil.example/a.png)": "`![x](//evil.example/a.png)`",
		"evil.example":               "`evil.example`",
		"www.1":                      "`www.1`",
		"me@host":                    "`me@host`",
		"@user #1 :smile: $x$":       "`@user #1 :smile: $x$`",
		"a\nb":                       "`a\\nb`",
		"`|<script>":                 "`` ` ``&#124;`<script>`",
		"|\\|":                       "&#124;`\\`&#124;",
		" x ":                        "`  x  `",
	} {
		require.Equal(t, want, plain.Markdown(s), "%q", s)
	}
}

func TestCSV(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "a=b": "a=b", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\tx": "'\tx", "\rx": "'\rx", "＝1": "'＝1",
		"'": "'", "'a": "'a", "'=1": "''=1", " =1": " =1",
	} {
		require.Equal(t, want, plain.CSV(s), "%q", s)
	}
	require.Equal(t, "'a", plain.FromCSV("'a"), "only what CSV added comes off")
}

func TestYAML(t *testing.T) {
	for s, want := range map[string]string{
		"": `""`, "words of mine": "words of mine", "v1.2/x_y-z": "v1.2/x_y-z", "NO": `"NO"`, "y": `"y"`, "null": `"null"`, "~": `"~"`,
		"1.10": `"1.10"`, "2024-01-01": `"2024-01-01"`, "190:20:30": `"190:20:30"`, " a": `" a"`, "a ": `"a "`, "a: b": `"a: b"`, "a #b": `"a #b"`,
		"a\n": `"a\n"`, "\x00\x85\u0085": `"\x00` + "\ufffd" + `\u0085"`, "\u2028\ufeff": `"\u2028\ufeff"`, `"\`: `"\"\\"`, "模型": `"模型"`, "\U000e0041": `"\U000e0041"`,
	} {
		require.Equal(t, want, plain.YAML(s), "%q", s)
	}
}

func TestJSON(t *testing.T) {
	for s, want := range map[string]string{
		"": `""`, `"\`: `"\"\\"`, "\x00\n\x7f": `"\u0000\n\u007f"`, "</script>&": `"\u003c/script\u003e\u0026"`, "\u2028\u202e": `"\u2028\u202e"`,
		"\U000e0041": `"\udb40\udc41"`, "模型 🙂": `"模型 🙂"`, "\xff": "\"\ufffd\"",
	} {
		require.Equal(t, want, plain.JSON(s), "%q", s)
	}
}

func TestLaTeX(t *testing.T) {
	for s, want := range map[string]string{
		"":               "",
		"5% of a_b & $c": `5\% of a\_b \& \$c`,
		`\input{/etc/x}`: `\textbackslash{}input\{/etc/x\}`,
		"[2em] *":        "{[}2em{]} {*}",
		"#^~<>|`\"":      `\#\textasciicircum{}\textasciitilde{}\textless{}\textgreater{}\textbar{}\textasciigrave{}\char34{}`,
		"a--b''":         "a-{}-b'{}'",
		"a\nb":           `a\textbackslash{}nb`,
	} {
		require.Equal(t, want, plain.LaTeX(s), "%q", s)
	}
}

func FuzzTerminal(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plain.Terminal(s)
		require.True(t, utf8.ValidString(got))
		for _, r := range got {
			require.True(t, unicode.IsPrint(r), "%q", r)
		}
		require.Equal(t, got, plain.Terminal(got), "twice is once")
		if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0 {
			require.Equal(t, s, got, "printable ASCII stays")
		}
		for _, n := range []int{0, 1, 2, 3, 10, 80} {
			require.LessOrEqual(t, plain.Width(plain.Line(s, n)), n)
			require.LessOrEqual(t, len(plain.Excerpt(s, n)), n)
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{plain.Markdown(s), plain.LaTeX(s)} {
			require.Equal(t, got, plain.Terminal(got))
		}
		require.NotContains(t, plain.Markdown(s), "|", "a pipe ends a cell")
	})
}

func FuzzYAML(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := string([]rune(s)) // U+FFFD for what is not UTF-8
		y := plain.YAML(s)
		require.Equal(t, y, plain.Terminal(y))
		for _, doc := range []string{y, "- " + y, "k: " + y, "[a, " + y + "]", "{k: " + y + "}"} {
			var v any
			require.NoError(t, yaml.Unmarshal([]byte(doc+"\n"), &v), "%s", doc)
			switch got := v.(type) {
			case []any:
				v = got[len(got)-1]
			case map[string]any:
				v = got["k"]
			}
			require.Equal(t, want, v, "%s", doc)
		}
		if len(s) < 100 { // YAML allows 1024 characters to a key
			var v map[string]int
			require.NoError(t, yaml.Unmarshal([]byte(y+": 1\n"), &v), "%s", y)
			require.Equal(t, map[string]int{want: 1}, v)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plain.JSON(s)
		require.Equal(t, got, plain.Terminal(got))
		require.NotContains(t, got, "<")
		var v string
		require.NoError(t, json.Unmarshal([]byte(got), &v), "%s", got)
		require.Equal(t, string([]rune(s)), v)
	})
}

func FuzzCSV(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plain.CSV(s)
		require.Equal(t, s, plain.FromCSV(got))
		require.NotEqual(t, 0, strings.IndexAny(got, "=+-@\t\r\n"), "%q", got)
	})
}

func ExampleTerminal() {
	fmt.Println(plain.Terminal("all clear\x1b[2J\nPASS \u202edaer"))
	// Output: all clear\x1b[2J\nPASS \u202edaer
}

func ExampleLine() {
	fmt.Println(plain.Line("a system with a rather long name", 20))
	// Output: a system with a rat…
}

func ExampleMarkdown() {
	fmt.Println(plain.Markdown("recovery_rate, all turns"))
	fmt.Println(plain.Markdown("see [here](https://evil.example) | @all"))
	// Output:
	// recovery_rate, all turns
	// `see [here](https://evil.example) `&#124;` @all`
}

func ExampleCSV() {
	fmt.Println(plain.CSV(`=HYPERLINK("https://evil.example")`))
	fmt.Println(plain.FromCSV("'=1"))
	// Output:
	// '=HYPERLINK("https://evil.example")
	// =1
}

func ExampleYAML() {
	fmt.Println(plain.YAML("main"), plain.YAML("NO"), plain.YAML("1.10"), plain.YAML("a: b\n"))
	// Output: main "NO" "1.10" "a: b\n"
}

func ExampleLaTeX() {
	fmt.Println(plain.LaTeX("100% of a_b"))
	// Output: 100\% of a\_b
}

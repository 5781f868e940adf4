package main

import (
	"fmt"
	"strconv"
)

// appendChat appends the i-th conversation as OpenAI's chat API has it, a line: a system
// prompt, exchanges of prose, code and quotes with all that JSON escapes, tool calls
// whose arguments are JSON in a string, and their results. About 8 kB.
func appendChat(b []byte, seed uint64, i int) []byte {
	d := newDraw(seed, uint64(i)|1<<59)
	system, scenario, repeat := i%systems, i/systems%scenarios, i/systems/scenarios
	b = fmt.Appendf(b, `{"id":"chat-%08d","model":"model-%02d","scenario":"scenario-%03d","repeat":%d,"messages":[`, i, system, scenario, repeat)
	b = append(b, `{"role":"system","content":"`...)
	b = prose(d, b, 60+d.below(60))
	b = append(b, `"}`...)
	for k := range 4 + d.below(8) {
		b = append(b, `,{"role":"user","content":"`...)
		b = prose(d, b, 15+d.below(50))
		b = append(b, `"}`...)
		if d.yes(.35) {
			b = fmt.Appendf(b, `,{"role":"assistant","content":null,"tool_calls":[{"id":"call_%d_%d","type":"function","function":{"name":"%s","arguments":"{\"query\":\"`, i, k, pick(d, tools))
			b = d.words(b, 3+d.below(6))
			b = append(b, `\",\"limit\":`...)
			b = strconv.AppendInt(b, int64(1+d.below(50)), 10)
			b = fmt.Appendf(b, `}"}}]},{"role":"tool","tool_call_id":"call_%d_%d","content":"{\"rows\":[`, i, k)
			for n := range 1 + d.below(6) {
				if n > 0 {
					b = append(b, ',')
				}
				b = fmt.Appendf(b, `{\"id\":%d,\"title\":\"`, d.part())
				b = d.words(b, 4+d.below(8))
				b = append(b, `\",\"ok\":true}`...)
			}
			b = append(b, `]}"}`...)
		}
		b = append(b, `,{"role":"assistant","content":"`...)
		b = prose(d, b, 40+d.below(140))
		if d.yes(.25) {
			b = append(b, "\\n\\n```go\\nfunc f(s string) error {\\n\\tif s == \\\"\\\" {\\n\\t\\treturn errors.New(\\\"empty \\\\n\\\")\\n\\t}\\n\\treturn nil\\n}\\n```"...)
		}
		b = append(b, `"}`...)
	}
	return append(b, "]}\n"...)
}

var tools = []string{"search", "read_file", "run_tests", "send_message", "lookup_policy"}

// prose appends words with sentence ends, line ends, quotes and letters beyond ASCII.
func prose(d *draw, b []byte, n int) []byte {
	for k := range n {
		if k > 0 {
			switch d.below(24) {
			case 0:
				b = append(b, ".\\n"...)
			case 1:
				b = append(b, ", "...)
			case 2:
				b = append(b, " – "...)
			case 3:
				b = append(b, " \\u00e9t\\u00e9 "...)
			case 4:
				b = append(b, ` \"quoted\" `...)
			default:
				b = append(b, ' ')
			}
		}
		b = append(b, vocabulary[d.below(len(vocabulary))]...)
	}
	return b
}

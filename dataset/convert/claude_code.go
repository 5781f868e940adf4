package convert

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/schema"
)

var claudeCode = &Format{
	Name: "claude-code",
	Doc: `sessions of Claude Code: a file of lines, each a message or a part of one

A line is {"type": "user", "uuid": …, "parentUuid": …, "sessionId": …, "message": {…}}. The
web export, {"loglines": […]}, is read too. A record is a line.

turns           the messages on the way from the last line back to the first, by parentUuid,
                where lines have it; contents as anthropic reads them; lines with one
                message.id are one turn
trajectories    /clear ends one and begins another; a subagent's lines (isSidechain) are one
                of their own; and so is a way that was left, if it has an answer (a branch,
                which repeats what came before it)
role            as written; system for what the user did not type: isMeta, commands and
                their output, and summaries of what came before (name is compact_summary)
prefilled       what the program says in the model's place (model <synthetic>)
source_id       uuid, the first one of several lines
trajectory_id   sessionId, #2 … for what comes after /clear, /agent of a subagent, ~uuid of
                a branch's last line
model           message.model, the last one there is; agent is claude-code
started_at      the first timestamp
metadata_json   cwd, gitBranch, version, slug; sidechain and branch are true for those

Templates may name {sessionId}, {cwd}, {gitBranch}, {version}, {slug}, {model}, {agentId},
{file} and {row}.`,
	Lost:    "usage, what tools returned beside their text (toolUseResult), summaries for lists of sessions, snapshots of files, attachments, that a session goes on in another file",
	Looks:   `lines with "type" user or assistant, "message", and "sessionId" or "parentUuid", or an object with a list "loglines" of those`,
	knows:   func(g glance) bool { return knowsClaude(g) || knowsLoglines(g) },
	holds:   knowsLoglines,
	list:    []string{"loglines"},
	gathers: func(glance) bool { return true },
	gather: func(s *source) gatherer {
		return &claude{source: s, uuids: map[string]int{}, names: map[string]string{}, roots: map[string]int{}}
	},
}

func knowsClaude(g glance) bool {
	switch g.get("type").text {
	case "user", "assistant":
		return (g.has("sessionId") || g.has("uuid", "parentUuid")) && g.get("message").has("role")
	}
	return false
}

func knowsLoglines(g glance) bool {
	lines := g.get("loglines")
	return lines.kind == jsontext.KindBeginArray && (len(lines.list) == 0 || slices.ContainsFunc(lines.list, func(l glance) bool { return l.has("type", "message") }))
}

// mostRepeated bounds what a file's branches repeat of what comes before them, in bytes.
const mostRepeated = 64 << 20

// A claude is the lines of a file so far.
type claude struct {
	source *source
	lines  []claudeNode
	uuids  map[string]int    // index of a line
	names  map[string]string // of tools, by the call's id
	roots  map[string]int    // trajectories of an id
	again  int               // bytes of branches so far
}

type claudeLine struct {
	Type    word           `json:"type"`
	Subtype word           `json:"subtype"`
	UUID    word           `json:"uuid"`
	Parent  jsontext.Value `json:"parentUuid"`
	Logical word           `json:"logicalParentUuid"`
	Session word           `json:"sessionId"`
	Agent   word           `json:"agentId"`
	Time    word           `json:"timestamp"`
	Side    bool           `json:"isSidechain"`
	Meta    bool           `json:"isMeta"`
	Summary bool           `json:"isCompactSummary"`
	CWD     word           `json:"cwd"`
	Branch  word           `json:"gitBranch"`
	Version word           `json:"version"`
	Slug    word           `json:"slug"`
	Message jsontext.Value `json:"message"`
}

type claudeMessage struct {
	Role    word   `json:"role"`
	ID      word   `json:"id"`
	Model   word   `json:"model"`
	Content blocks `json:"content"`
	Stop    word   `json:"stop_reason"`
}

// A claudeNode is a line, and where it stands.
type claudeNode struct {
	claudeLine
	place  schema.Place
	offset int64

	turns         []schema.Turn // none: it only links others
	role          string
	id, model     word // of the message
	stop          string
	media, hidden bool
	clear         bool // ends a conversation
	results       bool // holds results of tools only

	up   int // the message before, -1 = none
	size int // of all up to here, in bytes
	kids []int
	side []int // results of tools that are no way on
	last int   // the last line below
	used bool
}

func (c *claude) value(r *record) error {
	n := claudeNode{place: r.place, offset: r.offset}
	if err := r.into(&n.claudeLine); err != nil {
		return err
	}
	if n.Type == "" {
		return &fault{"type", errMissing}
	}
	if at, ok := c.uuids[string(n.UUID)]; ok && n.UUID != "" {
		return &fault{"uuid", errors.New(excerpt(string(n.UUID)) + " is the line " + strconv.Itoa(c.lines[at].place.Row) + " already")}
	}
	if n.Type == "user" || n.Type == "assistant" {
		var m claudeMessage
		if n.Message.Kind() != jsontext.KindBeginObject {
			return &fault{"message", errors.New("is no message")}
		}
		if err := inner(n.Message, &m); err != nil {
			return &fault{"message", errors.New("is not as Anthropic writes messages")}
		}
		if n.role = roles[string(cmp.Or(m.Role, n.Type))]; n.role == "" {
			return &fault{"message.role", errors.New("unknown role " + excerpt(string(m.Role)))}
		}
		n.settle(&m, c.names)
	}
	n.Message = nil
	n.Parent = n.Parent.Clone()
	if n.UUID != "" {
		c.uuids[string(n.UUID)] = len(c.lines)
	}
	c.lines = append(c.lines, n)
	if n.turns == nil || n.clear {
		return errSkip
	}
	return nil
}

// settle makes turns of a message, and says what it is besides what is written.
func (n *claudeNode) settle(m *claudeMessage, names map[string]string) {
	n.id, n.model, n.stop = m.ID, m.Model, string(m.Stop)
	n.guess(m)
	var d draft
	n.turns = spoken(&d, names, n.role, m.Content, some(n.UUID))
	n.media, n.hidden = d.media, len(d.rest) > 0
	switch {
	case n.role == "assistant" && m.Model == "<synthetic>":
		n.turns[0].Prefilled = ptr(true)
		n.model = ""
	case n.Summary:
		n.turns[0].Name = ptr("compact_summary")
	}
}

// guess tells what the user has typed from what the program says in the user's place.
func (n *claudeNode) guess(m *claudeMessage) {
	results := 0
	text := ""
	for _, b := range m.Content {
		if b.Type == "tool_result" {
			results++
		} else if s, ok := b.text(); ok && text == "" {
			text = s
		}
	}
	n.results = results > 0 && results == len(m.Content)
	if n.role != "user" || results > 0 {
		return
	}
	command := strings.HasPrefix(text, "<command-") || strings.HasPrefix(text, "<local-command-")
	n.clear = command && strings.Contains(text, "<command-name>/clear</command-name>")
	if n.Meta || command || n.Summary {
		n.role = "system"
	}
}

// link finds the message before each line.
func (c *claude) link() {
	type lane struct {
		session, agent word
		side           bool
	}
	last := map[lane]int{} // lines so far
	for i := range c.lines {
		n := &c.lines[i]
		at := lane{n.Session, n.Agent, n.Side}
		up, ok := last[at]
		if !ok {
			up = -1
		}
		last[at] = i
		var parent word
		named := len(n.Parent) > 0 && inner(n.Parent, &parent) == nil
		if j, known := c.uuids[string(parent)]; known && parent != "" && j < i {
			up = j
		} else if named && parent == "" {
			if j, known := c.uuids[string(n.Logical)]; known && n.Logical != "" && j < i {
				up = j
			} else if n.Subtype != "compact_boundary" {
				up = -1
			}
		}
		if up >= 0 && c.lines[up].clear {
			up = -1
		} else if up >= 0 && c.lines[up].turns == nil {
			up = c.lines[up].up
		}
		n.up, n.last = up, i
		n.size = n.weight()
		if up >= 0 {
			n.size += c.lines[up].size
		}
		if up >= 0 && n.turns != nil && !n.clear {
			c.lines[up].kids = append(c.lines[up].kids, i)
		}
	}
	for i := len(c.lines) - 1; i >= 0; i-- {
		n := &c.lines[i]
		n.aside(c.lines)
		for _, k := range n.kids {
			n.last = max(n.last, c.lines[k].last)
		}
	}
}

// weight is what the line takes, in bytes.
func (n *claudeNode) weight() int {
	size := 0
	for i := range n.turns {
		t := &n.turns[i]
		size += len(t.Text) + 256
		for _, s := range []*string{t.Reasoning, t.ToolCallsJSON} {
			if s != nil {
				size += len(*s)
			}
		}
	}
	return size
}

// aside takes the results of tools that are called at the same time off the ways on.
func (n *claudeNode) aside(lines []claudeNode) {
	var on, leaves []int
	for _, k := range n.kids {
		if lines[k].results && len(lines[k].kids) == 0 {
			leaves = append(leaves, k)
		} else {
			on = append(on, k)
		}
	}
	if len(on) == 0 && len(leaves) > 0 {
		on, leaves = leaves[len(leaves)-1:], leaves[:len(leaves)-1]
	}
	n.kids, n.side = on, leaves
}

func (c *claude) end(s *sink, take func(*gathered)) {
	c.link()
	for i := range c.lines {
		if n := &c.lines[i]; n.up < 0 && n.turns != nil && !n.clear {
			c.tree(s, i, take)
		}
	}
}

// tree hands over the conversations that begin with a line.
func (c *claude) tree(s *sink, root int, take func(*gathered)) {
	main := c.lines[root].last
	var leaves []int
	for todo := []int{root}; len(todo) > 0; {
		n := &c.lines[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		if len(n.kids) == 0 && n.last != main {
			leaves = append(leaves, n.last)
		}
		for i := len(n.kids) - 1; i >= 0; i-- {
			todo = append(todo, n.kids[i])
		}
	}
	id := c.id(root)
	take(c.path(s, main, id, false))
	for _, leaf := range leaves {
		take(c.path(s, leaf, id+"~"+cmp.Or(string(c.lines[leaf].UUID), strconv.Itoa(c.lines[leaf].place.Row)), true))
	}
}

// id names what begins with a line.
func (c *claude) id(root int) string {
	n := &c.lines[root]
	id := cmp.Or(string(n.Session), c.source.stem)
	if n.Side {
		stem := c.source.stem
		if !strings.HasPrefix(stem, "agent-") {
			stem = ""
		}
		id += "/" + cmp.Or(string(n.Agent), stem, string(n.UUID), strconv.Itoa(n.place.Row))
	}
	c.roots[id]++
	if i := c.roots[id]; i > 1 {
		id += "#" + strconv.Itoa(i)
	}
	return id
}

// path is the conversation that ends with a line; that of a branch without an answer of
// its own has no turns.
func (c *claude) path(s *sink, leaf int, id string, branch bool) *gathered {
	var way []int
	for i := leaf; i >= 0; i = c.lines[i].up {
		way = append(way, i)
	}
	g := &gathered{}
	d := &g.draft
	g.place, g.offset = c.lines[leaf].place, c.lines[leaf].offset
	answered := !branch
	var messages []word // of the turns
	tell := func(i int) {
		n := &c.lines[i]
		if !n.used {
			n.used = true
			if g.parts++; g.parts == 1 {
				g.place, g.offset = n.place, n.offset
			}
			answered = answered || n.role == "assistant"
		}
		n.say(d, &messages)
	}
	if branch {
		if c.again += c.lines[leaf].size; c.again > mostRepeated {
			s.note(c.source.name, c.lines[leaf].place.Row, fmt.Sprintf("branches beyond %d MiB in all are not read", mostRepeated>>20))
			way = way[:1]
		}
	}
	first := &c.lines[way[len(way)-1]]
	d.reset(first.place.Row, 1)
	for i := len(way) - 1; i >= 0; i-- {
		tell(way[i])
		for _, k := range c.lines[way[i]].side {
			tell(k)
		}
	}
	if !answered || branch && c.again > mostRepeated {
		d.turns = nil
		return g
	}
	d.id, d.Agent = id, ptr("claude-code")
	r := s.record(first.place)
	d.begins(r, "timestamp", string(first.Time))
	for _, m := range []struct {
		name string
		word word
	}{{"cwd", first.CWD}, {"gitBranch", first.Branch}, {"version", first.Version}, {"slug", first.Slug}} {
		d.know(m.name, some(m.word))
		d.keepText(r, m.name, string(m.word))
	}
	d.know("sessionId", some(first.Session))
	d.know("agentId", some(first.Agent))
	d.know("model", d.Model)
	if first.Side {
		d.keep("sidechain", "true")
	}
	if branch {
		d.keep("branch", "true")
	}
	return g
}

// say adds the turns of a line to a draft.
func (n *claudeNode) say(d *draft, messages *[]word) {
	turns := n.turns
	if n.role == "assistant" {
		if n.model != "" {
			d.Model = some(n.model)
		}
		d.Terminal = nil
		d.stopped(n.stop)
		i := len(d.turns) - 1
		for i >= 0 && d.turns[i].Role == "tool" {
			i--
		}
		if i >= 0 && n.id != "" && (*messages)[i] == n.id {
			merge(&d.turns[i], &turns[0])
			turns = turns[1:]
		}
	}
	for range turns {
		*messages = append(*messages, n.id)
	}
	d.turns = append(d.turns, turns...)
	d.media = d.media || n.media
	if n.hidden {
		d.keep("reasoning_hidden", "true")
	}
}

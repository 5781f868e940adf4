package annotate

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
)

// A dialogue is a conversation as it stands in a task for people.
type dialogue []utterance

type utterance struct {
	role string // user, assistant, another that we know, or "" = not known
	text string
}

// speakers are words for who speaks, beside our roles.
var speakers = map[string]string{
	"human": "user", "customer": "user", "client": "user", "prompter": "user",
	"gpt": "assistant", "model": "assistant", "agent": "assistant", "bot": "assistant", "ai": "assistant", "chatbot": "assistant",
	"user": "user", "assistant": "assistant", "system": "system", "developer": "system", "tool": "tool", "function": "tool",
}

// dialogueOf is the conversation among the members of a task's data: that under messages
// or the like, else the longest list of objects that speak. Without one it is nil.
func dialogueOf(data map[string]jsontext.Value) dialogue {
	var longest dialogue
	for _, name := range []string{"messages", "conversation", "dialogue", "dialog", "chat"} {
		if d := readDialogue(data[name]); d != nil {
			return d
		}
	}
	for _, name := range slices.Sorted(keysOf(data)) {
		if d := readDialogue(data[name]); len(d) > len(longest) {
			longest = d
		}
	}
	return longest
}

func keysOf(m map[string]jsontext.Value) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// readDialogue reads a list of objects with a speaker and a text; nil if it is none. A
// message without either only fills a template and is left out.
func readDialogue(v jsontext.Value) (d dialogue) {
	err := elements(v, func(e jsontext.Value) error {
		o, err := objectOf(e)
		if err != nil {
			return err
		}
		first := func(keys ...string) (string, bool) {
			for _, k := range keys {
				if o[k] != nil {
					return textOf(o[k]), true
				}
			}
			return "", false
		}
		who, speaks := first("role", "author", "from", "speaker")
		text, says := first("content", "text", "value", "message")
		if !speaks || !says {
			return errShape
		}
		if who != "" || text != "" {
			d = append(d, utterance{speakers[strings.ToLower(strings.TrimSpace(who))], text})
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return d
}

// at names the turn of the i-th message: its number among the assistant's, which does not
// depend on what stands before the conversation, or, where it is not the assistant's or
// nobody knows, its index.
func (d dialogue) at(i int) said {
	if i < 0 || i >= len(d) || d[i].role != "assistant" {
		return said{"turn": itoa(i)}
	}
	n := 0
	for _, u := range d[:i+1] {
		if u.role == "assistant" {
			n++
		}
	}
	return said{"assistant_turn": itoa(n)}
}

// A digest is of what user and assistant say in a conversation, but for white space.
type digest [sha256.Size]byte

func (d dialogue) digest() (digest, bool) {
	h := sha256.New()
	n := 0
	for _, u := range d {
		text := strings.Join(strings.Fields(u.text), " ")
		if text == "" || u.role != "user" && u.role != "assistant" {
			continue
		}
		n++
		h.Write([]byte(u.role + "\x00" + text + "\x00"))
	}
	var out digest
	h.Sum(out[:0])
	return out, n > 0
}

// find is the one trajectory with these messages; "" if there is none, or several.
func (x *index) find(ctx context.Context, d *dataset.Dataset, said dialogue) (string, error) {
	key, ok := said.digest()
	if !ok {
		return "", nil
	}
	if x.byText == nil {
		if err := x.texts(ctx, d); err != nil {
			return "", err
		}
	}
	if all := x.byText[key]; len(all) == 1 {
		return all[0], nil
	}
	return "", nil
}

// texts reads what the trajectories say.
func (x *index) texts(ctx context.Context, d *dataset.Dataset) error {
	x.byText = map[digest][]string{}
	for _, file := range d.Trajectories {
		for t, err := range dataset.Rows[spokenTurns](ctx, file) {
			if err != nil {
				return err
			}
			var all dialogue
			for _, u := range t.Turns {
				all = append(all, utterance{u.Role, u.Text})
			}
			if key, ok := all.digest(); ok {
				x.byText[key] = append(x.byText[key], strings.Clone(t.TrajectoryID))
			}
		}
	}
	return nil
}

type spokenTurns struct {
	TrajectoryID string        `parquet:"trajectory_id"`
	Turns        []schema.Turn `parquet:"turns,list"`
}

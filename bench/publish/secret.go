package publish

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/righting-bench/righting/dataset"
	"github.com/righting-bench/righting/schema"
	"github.com/righting-bench/righting/schema/plain"
)

// A Secret is a place in the texts where something stands that should not be published. It
// never holds what that is.
type Secret struct {
	schema.Place
	Kind   string // of SecretRules, or gitleaks- and that tool's rule
	Doc    string
	ID     string // of the place, the same as long as the dataset is
	Offset int    // in bytes, in the text
	Bytes  int
}

// String is `file:row: field: what, where (kind, id)`, on one printable line.
func (s Secret) String() string {
	where := ""
	if s.Bytes > 0 {
		where = fmt.Sprintf(", %d bytes at byte %d", s.Bytes, s.Offset)
	}
	return plain.Terminal(fmt.Sprintf("%s: %s%s (%s, %s)", s.Place, s.Doc, where, s.Kind, s.ID))
}

// A span is a part of a text that a rule matches.
type span struct {
	from, to int
	kind     string
	doc      string
}

// A scanner finds secrets in texts.
type scanner struct {
	rules    []*SecretRule
	literals []literal // of a gitleaks report
}

// A literal is a secret that somebody else found.
type literal struct {
	text  string
	kind  string
	place schema.Place
	id    string
	met   bool
}

// spans lists what is found in a text, in order, without overlaps: where two rules match,
// the first one does. Escapes such as \\n are no part of it, so that JSON stays JSON.
func (s *scanner) spans(text string) (found []span) {
	take := func(from, to int, kind, doc string) {
		if !slices.ContainsFunc(found, func(o span) bool { return from < o.to && o.from < to }) {
			found = append(found, span{from, to, kind, doc})
		}
	}
	for i := range s.literals {
		l := &s.literals[i]
		for at := 0; l.text != ""; at += len(l.text) {
			n := strings.Index(text[at:], l.text)
			if n < 0 {
				break
			}
			l.met = true
			at += n
			take(at, at+len(l.text), l.kind, "a finding of gitleaks")
		}
	}
	low, text := "", unescaped(text)
	for _, r := range s.rules {
		in := text
		if r.fold {
			if low == "" {
				low = lower(text)
			}
			in = low
		}
		for from, to := range r.places(in) {
			r.match(text, in, from, to, take)
		}
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return found
}

// unescaped is text with blanks for escapes of blanks and for backslashes: every byte stays
// at its place.
func unescaped(text string) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	b := []byte(text)
	for i, c := range b {
		if c != '\\' {
			continue
		}
		b[i] = ' '
		if i+1 < len(b) && (b[i+1] == 'n' || b[i+1] == 'r' || b[i+1] == 't') {
			b[i+1] = ' '
		}
	}
	return string(b)
}

// lower is text with its ASCII letters in lower case: every byte stays at its place.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// gaps end any key, token or number without spaces.
const gaps = " \t\"'<>"

// places yields the parts of a text, from and to, in which the rule may match: lines, of
// long ones the part around.
func (r *SecretRule) places(text string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		var next [8]int // where each word stands next
		for at := 0; at < len(text); {
			first := len(text)
			if r.near == nil {
				first = manyDigits(text, at)
			}
			for i, word := range r.near {
				if next[i] < at || at == 0 {
					if n := strings.Index(text[at:], word); n >= 0 {
						next[i] = at + n
					} else {
						next[i] = len(text)
					}
				}
				first = min(first, next[i])
			}
			if first == len(text) {
				return
			}
			from, to := at+strings.LastIndexByte(text[at:first], '\n')+1, len(text)
			if n := strings.IndexByte(text[first:], '\n'); n >= 0 && !r.lines {
				to = first + n
			}
			if !r.lines { // of a long line what is around, from a gap to a gap
				if far := first - 200; far > from {
					if n := strings.IndexAny(text[far:first], gaps); n >= 0 {
						from = far + n
					}
				}
				if far := first + 400; far < to {
					if n := strings.IndexAny(text[far:to], gaps); n >= 0 {
						to = far + n
					}
				}
			}
			if !yield(from, to) {
				return
			}
			at = to + 1
		}
	}
}

// manyDigits is where the next nine digits begin with nothing but blanks and hyphens in
// between, the text's end if there are none.
func manyDigits(text string, at int) int {
	first, n := -1, 0
	for i := at; i < len(text); i++ {
		switch c := text[i]; {
		case c == ' ' || c == '-':
		case c < '0' || c > '9':
			first, n = -1, 0
		default:
			if first < 0 {
				first = i
			}
			if n++; n == 9 {
				return first
			}
		}
	}
	return len(text)
}

// match takes what the rule finds between two places of a text, in being the text or the
// same in lower case.
func (r *SecretRule) match(text, in string, from, to int, take func(from, to int, kind, doc string)) {
	for _, m := range r.re.FindAllStringSubmatchIndex(in[from:to], -1) {
		a, b := m[0], m[1]
		if len(m) > 2 && m[2] >= 0 { // the value alone, where it is set apart
			a, b = m[2], m[3]
		}
		a, b = from+a, from+b
		b = a + len(strings.TrimRight(text[a:b], " \n"))
		if r.genuine == nil || r.genuine(text[a:b]) {
			take(a, b, r.Kind, r.Doc)
		}
	}
}

// A redaction makes what is found unreadable: the same value is the same number everywhere.
type redaction struct {
	numbers map[string]int // by kind and value
	last    map[string]int // by kind
	err     error
}

// number is the number of a value, a new one the first time.
func (r *redaction) number(kind, value string) int {
	n, there := r.numbers[kind+" "+value]
	if !there {
		r.last[kind]++
		n = r.last[kind]
		r.numbers[kind+" "+value] = n
	}
	return n
}

// A scan looks at the rows of one table and notes, or changes, what it finds.
type scan struct {
	p     *packing
	table string
	file  string
	row   int
	key   string
	write bool            // redact what was noted; else note
	dirty map[string]bool // rows in which something was noted, by table and key
	nth   map[string]int
}

// see is shown one text.
func (s *scan) see(field string, text *string, inJSON bool) {
	if s.write && !s.dirty[s.table+" "+s.key] {
		return
	}
	spans := s.p.scanner.spans(*text)
	if len(spans) == 0 {
		return
	}
	s.dirty[s.table+" "+s.key] = true
	var b strings.Builder
	end := 0
	for _, found := range spans {
		id := s.id(field, found.kind)
		if s.p.allows(found.kind, id) {
			continue
		}
		switch {
		case !s.p.o.Redact:
			s.p.out.Secrets = append(s.p.out.Secrets, Secret{schema.Place{File: s.file, Row: s.row, Field: field}, found.kind, found.doc, id, found.from, found.to - found.from})
			continue
		case !s.write:
			s.p.redact.number(found.kind, (*text)[found.from:found.to])
			s.p.kept.Redacted[found.kind]++
			continue
		}
		fmt.Fprintf(&b, "%s[REDACTED:%s:%d]", (*text)[end:found.from], found.kind, s.p.redact.number(found.kind, (*text)[found.from:found.to]))
		end = found.to
	}
	if end == 0 {
		return
	}
	b.WriteString((*text)[end:])
	if inJSON && json.Valid([]byte(*text)) && !json.Valid([]byte(b.String())) && s.p.redact.err == nil {
		s.p.redact.err = fmt.Errorf("%s of %s: would not be JSON any more when redacted; remove the secret at its source", field, plain.Excerpt(s.key, 120))
	}
	*text = b.String()
}

// id names a place by the row's key, its field and the how-manieth of the kind it is there.
func (s *scan) id(field, kind string) string {
	at := strings.Join([]string{s.table, s.key, field, kind}, "\x00")
	s.nth[at]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", at, s.nth[at]))
	return hex.EncodeToString(sum[:4])
}

// allows is whether a finding may stand, by its kind or id.
func (p *packing) allows(kind, id string) bool {
	for _, name := range []string{kind, id} {
		if slices.Contains(p.o.Allow, name) {
			if !slices.Contains(p.kept.Allowed, name) {
				p.kept.Allowed = append(p.kept.Allowed, name)
			}
			return true
		}
	}
	return false
}

// findSecrets looks at every text that would be published.
func (p *packing) findSecrets(ctx context.Context) error {
	p.scanner, p.dirty = &scanner{rules: SecretRules}, map[string]bool{}
	if err := p.readGitleaks(); err != nil {
		return err
	}
	p.redact = &redaction{numbers: map[string]int{}, last: map[string]int{}}
	if p.o.Redact {
		p.kept.Redacted = map[string]int{}
	}
	c, at := p.scanning(false)
	if err := scanTable(ctx, at, schema.Scenarios, p.d.ScenarioFiles, c.scenario); err != nil {
		return err
	}
	if err := scanTable(ctx, at, schema.Trajectories, p.d.Trajectories, c.trajectory); err != nil {
		return err
	}
	if err := scanTable(ctx, at, schema.Annotations, p.d.Annotations, c.annotation); err != nil {
		return err
	}
	p.scanSources()
	for _, l := range p.scanner.literals {
		if !l.met && !p.allows(l.kind, l.id) {
			p.out.Secrets = append(p.out.Secrets, Secret{Place: l.place, Kind: l.kind, Doc: "a finding of gitleaks whose secret stands in no text", ID: l.id})
		}
	}
	slices.Sort(p.kept.Allowed)
	for _, name := range p.o.Allow {
		if !slices.Contains(p.kept.Allowed, name) {
			p.out.Notices = append(p.out.Notices, "--allow "+plain.Terminal(name)+": allows nothing here")
		}
	}
	return nil
}

// scanTable shows a table's rows to the scan.
func scanTable[T any](ctx context.Context, at *scan, table string, files []string, see func(*T)) error {
	for _, file := range files {
		at.file, at.row, at.table = table+"/"+filepath.Base(file), 0, table
		for row, err := range dataset.Rows[T](ctx, file) {
			if err != nil {
				return err
			}
			at.row++
			see(&row)
		}
	}
	return nil
}

// scanning is a changer that withholds, where that is asked, and then notes or redacts what
// is found in what is left.
func (p *packing) scanning(write bool) (changer, *scan) {
	s := &scan{p: p, write: write, nth: map[string]int{}, dirty: p.dirty}
	return changer{
		scenario: func(r *schema.Scenario) {
			if p.o.LabelsOnly {
				withholdScenario(r)
			}
			s.table, s.key = schema.Scenarios, scenarioKey(r)
			scenarioTexts(r, s.see)
		},
		trajectory: func(r *schema.Trajectory) {
			if p.o.LabelsOnly {
				withholdTrajectory(r)
			}
			s.table, s.key = schema.Trajectories, r.TrajectoryID
			trajectoryTexts(r, s.see)
		},
		annotation: func(r *schema.Annotation) {
			if p.o.LabelsOnly {
				withholdAnnotation(r)
			}
			s.table, s.key = schema.Annotations, annotationKey(r)
			annotationTexts(r, s.see)
		},
	}, s
}

// changer is what becomes of the rows of the stored tables.
func (p *packing) changer() changer {
	c, _ := p.scanning(true)
	return c
}

// scanSources looks for keys in what is taken along as it is; names and addresses of people
// stand there on purpose. They are not redacted.
func (p *packing) scanSources() {
	keys := scanner{literals: p.scanner.literals}
	for _, r := range SecretRules {
		if !r.Personal {
			keys.rules = append(keys.rules, r)
		}
	}
	for name, data := range orderly(p.sources) {
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			for _, found := range keys.spans(line) {
				s := Secret{schema.Place{File: name, Row: n}, found.kind, found.doc, sourceID(name, n, found), found.from, found.to - found.from}
				if !p.allows(s.Kind, s.ID) {
					p.out.Secrets = append(p.out.Secrets, s)
				}
			}
		}
	}
}

func sourceID(name string, line int, found span) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s\x00%d", name, line, found.kind, found.from))
	return hex.EncodeToString(sum[:4])
}

// readGitleaks reads a report of gitleaks (gitleaks … --report-format json): what it found
// is found, wherever it stands in the texts.
func (p *packing) readGitleaks() error {
	if p.o.Gitleaks == "" {
		return nil
	}
	data, err := os.ReadFile(p.o.Gitleaks)
	if err != nil {
		return err
	}
	var report []struct {
		RuleID, File, Secret   string
		StartLine, StartColumn int
	}
	if err := json.Unmarshal(data, &report); err != nil {
		return fmt.Errorf("%s: is no JSON report of gitleaks: %w", p.o.Gitleaks, err)
	}
	for _, r := range report {
		kind := "gitleaks-" + strings.Map(func(c rune) rune {
			if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' {
				return c
			}
			return -1
		}, strings.ToLower(r.RuleID))
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%d", r.RuleID, r.File, r.StartLine, r.StartColumn))
		l := literal{text: r.Secret, kind: kind, place: schema.Place{File: r.File, Row: r.StartLine}, id: hex.EncodeToString(sum[:4])}
		if len(l.text) < 4 || strings.Contains(l.text, "REDACTED") || strings.Trim(l.text, "*.") == "" {
			l.text = "" // the report does not say what it found
		}
		p.scanner.literals = append(p.scanner.literals, l)
	}
	return nil
}

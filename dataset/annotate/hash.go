package annotate

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// Gold is the annotator of labels that a source marks as its ground truth.
const Gold = "gold"

// leastSalt is how many bytes a salt has: with less, a list of addresses and a few
// guesses would give the names back.
const leastSalt = 8

// hashed is the name under which a person stands in the dataset, if names are hashed.
// What a model or a rule is called is nobody's name.
func (j *join) hashed(l *label) {
	kind := l.AnnotatorKind
	if kind == "" {
		if kind = j.d.Manifest.Annotators[l.Annotator].Kind; kind == "" {
			kind = j.o.Kind
		}
	}
	if j.o.HashAnnotators == "" || kind == "model" || kind == "rule" || l.Annotator == Gold || l.Annotator == j.o.Annotator {
		return
	}
	h := hmac.New(sha256.New, []byte(j.o.HashAnnotators))
	h.Write([]byte(l.Annotator))
	l.Annotator = "h-" + hex.EncodeToString(h.Sum(nil)[:6])
}

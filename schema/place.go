package schema

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kinds of error that callers branch on.
var (
	// ErrVocabulary: a label outside its vocabulary.
	ErrVocabulary = errors.New("vocabulary")
	// ErrVersion: written by a schema this program does not read.
	ErrVersion = errors.New("schema version")
)

// vocabularyError is an ErrVocabulary that says only what is wrong.
type vocabularyError string

func (e vocabularyError) Error() string        { return string(e) }
func (e vocabularyError) Is(target error) bool { return target == ErrVocabulary }

// A Place is where in the input something stands.
type Place struct {
	File  string
	Row   int    // 1-based line or data row; 0 = the file as a whole
	Field string // column, key or path; "" = the row as a whole
}

// String is `file:row: field`, without the parts that are absent.
func (p Place) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Row > 0 {
		b.WriteString(":" + strconv.Itoa(p.Row))
	}
	if p.Field != "" {
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(p.Field)
	}
	return b.String()
}

// A RowError says why one row was not taken. Reading goes on after it.
type RowError struct {
	Place
	Err error
}

// Error is `file:row: field: why`.
func (e *RowError) Error() string { return fmt.Sprintf("%s: %v", e.Place, e.Err) }

// Unwrap gives errors.Is the kind.
func (e *RowError) Unwrap() error { return e.Err }

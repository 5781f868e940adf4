package recipe

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/righting-bench/righting/schema"
)

// What encoding/csv reads, we read as the same cells; what we read, so does it.
func FuzzCells(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a,b\r\n\"1\r\n\"\"\",\n\n,\"\"\r\n", "a\n\"x\ny\"", "a,b\n\"1\"2,3\n4,5\n", "a,b\n1\"2,3\n4,5\r", "a\n\"b\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		theirs, theirErr := csv.NewReader(strings.NewReader(text)).ReadAll()
		ours, ourErr := cells(text)
		if (theirErr == nil) != (ourErr == nil) && utf8.ValidString(text) && !strange(ourErr) {
			t.Fatalf("%q: encoding/csv says %v, we %v", text, theirErr, ourErr)
		}
		if theirErr == nil && ourErr == nil && len(theirs) > 0 {
			require.Equal(t, theirs[1:], ours, "%q", text)
		}
	})
}

// strange is an error about a header, on which we are stricter.
func strange(err error) bool {
	return err != nil && strings.Contains(err.Error(), "header") && !errors.As(err, new(*schema.RowError))
}

// cells is the data rows of a text; the error is the first, of the file or of a row.
func cells(s string) ([][]string, error) {
	c, err := openCSV("x", newLines("x", strings.NewReader(s)), ',', ',', false)
	if err != nil {
		return nil, err
	}
	out := [][]string{}
	for {
		var rec record
		switch err := c.next(&rec); {
		case err == io.EOF:
			return out, nil
		case err != nil:
			return nil, err
		}
		var row []string
		for _, c := range rec.cells {
			row = append(row, c.text)
		}
		out = append(out, row)
	}
}

func TestLongLine(t *testing.T) {
	long := strings.Repeat("x", maxRecord+10)
	in := newLines("x", strings.NewReader("a\n"+long+"\nb\r\nc"))
	for i, want := range []struct {
		text string
		err  error
	}{{"a", nil}, {long[:maxRaw], errLong}, {"b", nil}, {"c", nil}} {
		line, err := in.next()
		require.Equal(t, want.err, err)
		require.Equal(t, want.text, string(line))
		require.Equal(t, i+1, in.n)
	}
	_, err := in.next()
	require.Equal(t, io.EOF, err)
	require.EqualValues(t, 2+len(long)+1+3+1, in.offset)
	require.Less(t, cap(in.buf), 3*maxRecord)
}

func TestLongRecords(t *testing.T) {
	long := strings.Repeat("x", maxRecord)
	_, err := cells("a,b\n\"" + long + "\n\",1\n")
	require.EqualError(t, err, "x:2: longer than 64 MiB; is a line end or a closing quote missing?")
	_, err = cells("a,b\n1,\"" + strings.Repeat(strings.Repeat("x", 1<<20)+"\n", 65) + "\n")
	require.EqualError(t, err, "x:2: a quote opens here and never closes; close it, or double it inside a quoted cell")
}

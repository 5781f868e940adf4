package annotate

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/righting-bench/righting/schema"
)

// combine is what two rows of one annotator about one place say together: a column
// that one of them leaves open is the other's. Columns that differ are told, with
// both values. A judge that failed or refused said nothing, and may be asked again.
func combine(old, fresh schema.Annotation) (both schema.Annotation, differ string) {
	switch {
	case silent(&fresh):
		return old, ""
	case silent(&old):
		return fresh, ""
	}
	both = old
	a, b := reflect.ValueOf(&both).Elem(), reflect.ValueOf(&fresh).Elem()
	var out []string
	for i := range a.NumField() {
		x, y := a.Field(i), b.Field(i)
		switch {
		case reflect.DeepEqual(x.Interface(), y.Interface()), nullable(y) && y.IsNil():
		case nullable(x) && x.IsNil():
			x.Set(y)
		default:
			out = append(out, fmt.Sprintf("%s: %s, then %s", columns[i].Name, shown(x), shown(y)))
		}
	}
	return both, strings.Join(out, "; ")
}

var columns = schema.ColumnsOf[schema.Annotation]()

func nullable(v reflect.Value) bool { return v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice }

// silent is whether the row only says that a judge failed or refused.
func silent(a *schema.Annotation) bool {
	if a.Missing == nil || *a.Missing != "failed" && *a.Missing != "refused" || a.Value != nil || a.ValueText != nil {
		return false
	}
	v := reflect.ValueOf(a).Elem()
	for i, c := range columns {
		if slices.Contains(labels, c.Name) && !v.Field(i).IsNil() {
			return false
		}
	}
	return true
}

// same is whether two rows say the same in all columns.
func same(a, b *schema.Annotation) bool { return reflect.DeepEqual(a, b) }

// shown is a value for a message.
func shown(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	s := fmt.Sprint(v.Interface())
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80]) + "…"
	}
	return s
}

// spoken is a row's place, annotator and pass in words.
func spoken(a *schema.Annotation) string {
	s := fmt.Sprintf("trajectory %q", a.TrajectoryID)
	switch {
	case a.AssistantTurn != nil:
		s += fmt.Sprintf(" assistant turn %d", *a.AssistantTurn)
	case a.Turn != nil:
		s += fmt.Sprintf(" turn %d", *a.Turn)
	case a.Exchange != nil:
		s += fmt.Sprintf(" exchange %d", *a.Exchange)
	}
	if a.Measure != nil {
		s += " measure " + *a.Measure
	}
	s += fmt.Sprintf(" constraint %s, by %s", a.ConstraintID, a.Annotator)
	if a.Pass > 0 {
		s += fmt.Sprintf(" pass %d", a.Pass)
	}
	return s
}

package metrics

import (
	"fmt"

	"github.com/righting-bench/righting/schema"
)

// terms is a family with a share for each term of a vocabulary: name[term].
func terms(name, doc string, of func(Env) *schema.Enum, make func(e *schema.Enum, code int) Metric) *Family {
	return &Family{
		Name: name, Doc: doc,
		Default: func(e Env) []string {
			var out []string
			for _, term := range of(e).Names() {
				out = append(out, name+"["+term+"]")
			}
			return out
		},
		Make: func(e Env, at, term string) (*Metric, error) {
			enum := of(e)
			if at != "" || term == "" {
				return nil, fmt.Errorf("names one %s, such as %s[%s]", enum.Name, name, enum.Terms[0].Name)
			}
			if err := enum.Check(term); err != nil {
				return nil, err
			}
			code, _ := enum.Code(term)
			m := make(enum, code)
			m.Name = name + "[" + term + "]"
			return &m, nil
		},
	}
}

func always(e *schema.Enum) func(Env) *schema.Enum { return func(Env) *schema.Enum { return e } }

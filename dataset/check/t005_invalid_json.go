package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/righting-bench/righting/schema"
)

var invalidJSON = &Rule{
	Code: "T005", Name: "invalid-json", Severity: Warning,
	Doc: `a column that holds JSON holds something else

tool_calls_json is one JSON value and metadata_json one object. Whoever reads them
further on, stops at the first that cannot be parsed.`,
	Fix: `Write the value as JSON; what cannot be read from the source is a JSON string.`,
	Start: func(*Data) Visitor {
		turn := jsonColumns[schema.Turn]()
		trajectory := jsonColumns[schema.Trajectory]()
		scenario := jsonColumns[schema.Scenario]()
		return Visitor{
			Scenario: func(at *Row, s *schema.Scenario) { checkJSON(at, "", scenario, reflect.ValueOf(s).Elem()) },
			Trajectory: func(at *Row, t *schema.Trajectory) {
				checkJSON(at, "", trajectory, reflect.ValueOf(t).Elem())
				for i := range t.Turns {
					checkJSON(at, fmt.Sprintf("turns[%d].", i), turn, reflect.ValueOf(&t.Turns[i]).Elem())
				}
			},
		}
	},
}

// jsonColumns are the columns of T that hold JSON.
func jsonColumns[T any]() []column {
	var names []string
	for _, c := range schema.ColumnsOf[T]() {
		if strings.HasSuffix(c.Name, "_json") {
			names = append(names, c.Name)
		}
	}
	return columnsOf[T](names...)
}

func checkJSON(at *Row, path string, columns []column, row reflect.Value) {
	for _, c := range columns {
		v, ok := c.in(row)
		if !ok {
			continue
		}
		var value any
		err := json.Unmarshal([]byte(v.String()), &value)
		if _, object := value.(map[string]any); err == nil && !object && c.name == "metadata_json" {
			err = errors.New("not an object")
		}
		if err != nil {
			at.Report(path+c.name, "%s: %v", quote(v.String()), err)
		}
	}
}

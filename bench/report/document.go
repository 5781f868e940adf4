package report

import "encoding/json"

// Document is v as an indented JSON document that ends its last line. Strings read back as
// they were, and are written so that neither a terminal nor a page acts on them. The error
// is that of encoding/json.
func Document(v any) ([]byte, error) {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, err
	}
	return []byte(visible(string(text)) + "\n"), nil
}

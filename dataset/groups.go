package dataset

// A Group is one row group of a file.
type Group struct {
	Rows   int64
	Sorted bool // it declares the order of annotations
}

// Groups lists a file's row groups in file order. Errors as those of Rows.
func Groups(file string) ([]Group, error) {
	f, err := openParquet(file, noColumn)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := make([]Group, 0, len(f.RowGroups()))
	for i, g := range f.RowGroups() {
		out = append(out, Group{Rows: g.NumRows(), Sorted: declaresOrder(f, i)})
	}
	return out, nil
}

// SchemaOf is a file's physical schema as text: the same for files that lie the same.
// Errors as those of Rows.
func SchemaOf(file string) (string, error) {
	f, err := openParquet(file, noColumn)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return f.Schema().String(), nil
}

package publish

import (
	"slices"
	"strings"

	"github.com/righting-bench/righting/bench/report"
	"github.com/righting-bench/righting/schema"
)

// croissantContext is the @context of the specification 1.1 (appendix 1), and PROV.
func croissantContext() object {
	return object{
		"@language": "en", "@vocab": "https://schema.org/",
		"arrayShape": "cr:arrayShape", "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo",
		"containedIn": "cr:containedIn", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
		"data":        object{"@id": "cr:data", "@type": "@json"},
		"dataType":    object{"@id": "cr:dataType", "@type": "@vocab"},
		"dct":         "http://purl.org/dc/terms/",
		"description": object{"@container": "@language"}, "equivalentProperty": "cr:equivalentProperty",
		"examples": object{"@id": "cr:examples", "@type": "@json"},
		"extract":  "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
		"fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes", "isArray": "cr:isArray", "isLiveDataset": "cr:isLiveDataset",
		"jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "name": object{"@container": "@language"}, "parentField": "cr:parentField",
		"path": "cr:path", "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
		"replace": "cr:replace", "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
		"subField": "cr:subField", "transform": "cr:transform", "annotation": "cr:annotation", "prov": "http://www.w3.org/ns/prov#",
	}
}

// croissant is croissant.json: Croissant 1.1 with the vocabularies of responsible AI and of
// provenance. Files are named relative to it, so that it holds in the repository and in a
// folder alike.
func (c *content) croissant() ([]byte, error) {
	doc := object{
		"@context": croissantContext(), "@type": "sc:Dataset",
		"conformsTo":    []string{"http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"},
		"name":          c.title(),
		"keywords":      []string{"alignment", "benchmark", "multi-turn trajectories", "constraint integrity"},
		"isLiveDataset": false,
		"distribution":  c.distribution(), "recordSet": c.recordSets(),
		"citeAs": c.bibTeX(),
	}
	put := func(key, value string) {
		if value != "" {
			doc[key] = value
		}
	}
	put("description", c.m.Description)
	put("url", c.home())
	put("version", c.m.Version)
	put("datePublished", answer(c.m, "released"))
	put("license", licenseURL(c.m.License))
	if _, there := doc["license"]; !there {
		put("license", c.m.License)
	}
	if tags := c.languages(); len(tags) > 0 {
		doc["inLanguage"] = tags
	}
	var creators []object
	for _, a := range c.m.Authors {
		creators = append(creators, object{"@type": "sc:Organization", "name": a})
	}
	if creators != nil {
		doc["creator"] = creators
	}
	c.responsible(doc)
	return report.Document(doc)
}

// responsible adds the publisher's answers as properties of RAI and PROV, and what the
// labels say of who judged.
func (c *content) responsible(doc object) {
	for _, q := range Questions {
		a := answer(c.m, q.Key)
		if q.Property == "" || a == "" {
			continue
		}
		switch q.Property {
		case "rai:hasSyntheticData":
			if yes, ok := yesNo(a); ok {
				doc[q.Property] = yes
			}
		case "prov:wasDerivedFrom":
			doc[q.Property] = entities(a)
		case "prov:wasGeneratedBy":
			var steps []object
			for _, line := range answerLines(a) {
				steps = append(steps, object{"@type": "prov:Activity", "prov:label": line})
			}
			doc[q.Property] = steps
		default:
			doc[q.Property] = a
		}
	}
	var machines []string
	for _, name := range c.annotators() {
		if c.kinds[name] != "human" {
			machines = append(machines, name)
		}
	}
	if machines != nil {
		doc["rai:machineAnnotationTools"] = machines
	}
}

// entities are sources, one a line, the address first if there is one.
func entities(answer string) (out []object) {
	for _, line := range answerLines(answer) {
		e := object{"@type": "prov:Entity"}
		address, rest, _ := strings.Cut(line, " ")
		if checkURL(address) == nil {
			e["@id"] = address
			line = strings.TrimSpace(rest)
		}
		if line != "" {
			e["prov:label"] = line
		}
		out = append(out, e)
	}
	return out
}

// fileSetOf names the set of a table's files.
func fileSetOf(table string) string { return table + "-files" }

// distribution lists every Parquet file with its sum, and a set for each table that has
// several.
func (c *content) distribution() []object {
	out := []object{}
	for _, f := range c.files {
		out = append(out, object{
			"@type": "cr:FileObject", "@id": f.Path, "name": f.Path, "contentUrl": f.Path,
			"encodingFormat": "application/x-parquet", "sha256": f.SHA256,
		})
	}
	for _, table := range c.configs() {
		if len(c.tables(table)) > 1 {
			out = append(out, object{
				"@type": "cr:FileSet", "@id": fileSetOf(table), "name": fileSetOf(table),
				"encodingFormat": "application/x-parquet", "includes": table + "/*.parquet",
			})
		}
	}
	return out
}

// source is where a table's values come from.
func (c *content) source(table string, extract object) object {
	files := c.tables(table)
	if len(files) == 1 {
		return object{"fileObject": object{"@id": files[0].Path}, "extract": extract}
	}
	return object{"fileSet": object{"@id": fileSetOf(table)}, "extract": extract}
}

// recordSets are the splits, the vocabularies, and one set a table.
func (c *content) recordSets() []object {
	out := []object{c.splitSet()}
	used := map[string]*schema.Enum{}
	var tables []object
	for _, table := range c.configs() {
		tables = append(tables, c.recordSet(tableNamed(table), used))
	}
	for name, e := range orderly(used) {
		out = append(out, enumSet(name, e))
	}
	return append(out, tables...)
}

// splitSet lists the splits of all tables with Croissant's words for those it knows.
func (c *content) splitSet() object {
	known := map[string]string{
		"train": "cr:TrainingSplit", "training": "cr:TrainingSplit", "validation": "cr:ValidationSplit", "val": "cr:ValidationSplit",
		"dev": "cr:ValidationSplit", "test": "cr:TestSplit", "testing": "cr:TestSplit", "eval": "cr:TestSplit",
	}
	var names []string
	for _, table := range c.configs() {
		for _, s := range c.splits(table) {
			if !slices.Contains(names, s) {
				names = append(names, s)
			}
		}
	}
	slices.Sort(names)
	data := []object{}
	for _, s := range names {
		data = append(data, object{"splits/name": s, "splits/url": known[s]})
	}
	return object{
		"@type": "cr:RecordSet", "@id": "splits", "name": "splits", "dataType": "cr:Split", "key": object{"@id": "splits/name"},
		"field": []object{
			{"@type": "cr:Field", "@id": "splits/name", "name": "splits/name", "dataType": "sc:Text"},
			{"@type": "cr:Field", "@id": "splits/url", "name": "splits/url", "dataType": []string{"sc:Text", "sc:URL"}},
		},
		"data": data,
	}
}

// enumSet is a vocabulary with its meanings.
func enumSet(name string, e *schema.Enum) object {
	id := "enum_" + name
	data := []object{}
	for _, t := range e.Terms {
		data = append(data, object{id + "/name": t.Name, id + "/description": t.Doc})
	}
	return object{
		"@type": "cr:RecordSet", "@id": id, "name": id, "description": e.Doc, "dataType": "sc:Enumeration", "key": object{"@id": id + "/name"},
		"field": []object{
			{"@type": "cr:Field", "@id": id + "/name", "name": id + "/name", "dataType": "sc:Text"},
			{"@type": "cr:Field", "@id": id + "/description", "name": id + "/description", "dataType": "sc:Text"},
		},
		"data": data,
	}
}

// recordSet is one table. Vocabularies of its columns are put into used.
func (c *content) recordSet(t schema.Table, used map[string]*schema.Enum) object {
	fields := []object{}
	for i := range t.Columns {
		fields = append(fields, c.field(t.Name, &t.Columns[i], used))
	}
	if len(c.splits(t.Name)) > 1 {
		source := c.source(t.Name, object{"fileProperty": "fullpath"})
		source["transform"] = object{"regex": "(?:^|.*/)" + t.Name + "/([a-z0-9_]+)-[0-9]{5}-of-[0-9]{5}\\.parquet$"}
		f := object{
			"@type": "cr:Field", "@id": t.Name + "/split_of_file", "name": t.Name + "/split_of_file",
			"description": "the split in the file's name", "dataType": "sc:Text", "source": source,
		}
		if t.Name != schema.Scenarios { // where it would be joined on, mlcroissant takes the name apart twice
			f["references"] = object{"field": object{"@id": "splits/name"}}
		}
		fields = append(fields, f)
	}
	set := object{"@type": "cr:RecordSet", "@id": t.Name, "name": t.Name, "description": t.Doc, "field": fields}
	var keys []object
	for _, k := range keysOf(t.Name) {
		keys = append(keys, object{"@id": t.Name + "/" + k})
	}
	if keys != nil {
		set["key"] = keys
	}
	return set
}

// keysOf are the columns that name a row.
func keysOf(table string) []string {
	switch table {
	case schema.Trajectories:
		return []string{"trajectory_id"}
	case schema.Turns:
		return []string{"trajectory_id", "turn"}
	case schema.Readings:
		return []string{"trajectory_id", "constraint_id"}
	}
	return nil
}

// field is one column. A label is a cr:Label with whom it is from; a column with a
// vocabulary of its own refers to it.
func (c *content) field(table string, k *schema.Column, used map[string]*schema.Enum) object {
	id := table + "/" + k.Name
	f := object{"@type": "cr:Field", "@id": id, "name": id, "description": k.Doc}
	if k.Type == "LIST STRUCT" {
		f["isArray"], f["arrayShape"] = true, "-1"
		subs := []object{}
		for i := range k.Fields {
			sub := &k.Fields[i]
			source := c.source(table, object{"column": k.Name})
			source["transform"] = object{"jsonPath": sub.Name}
			subs = append(subs, object{
				"@type": "cr:Field", "@id": id + "/" + sub.Name, "name": id + "/" + sub.Name, "description": sub.Doc,
				"dataType": dataType(sub.Type), "source": source,
			})
		}
		f["subField"] = subs
		return f
	}
	f["dataType"] = dataType(k.Type)
	f["source"] = c.source(table, object{"column": k.Name})
	if k.Type == "LIST STRING" {
		f["isArray"], f["arrayShape"] = true, "-1"
	}
	e := c.enum(k)
	if e != nil {
		used[k.Enum] = e
	}
	if table == schema.Annotations && label(k) {
		f["dataType"] = []string{dataType(k.Type), "cr:Label"}
		f["annotation"] = object{
			"@type": "cr:Field", "@id": id + "/annotator", "name": id + "/annotator", "dataType": []string{"sc:Text", "prov:Agent"},
			"equivalentProperty": "prov:wasAttributedTo", "source": c.source(table, object{"column": "annotator"}),
		}
	}
	if e != nil && k.Type == "STRING" && (table != schema.Scenarios || c.designed(k.Name)) {
		f["references"] = object{"field": object{"@id": "enum_" + k.Enum + "/name"}}
	}
	return f
}

// designed is whether any scenario says something in a column: readers that join on a
// reference cannot do so on a column of nulls. Other tables refer to the setting first,
// which is never null.
func (c *content) designed(column string) bool {
	return slices.ContainsFunc(c.d.Scenarios, func(s schema.Scenario) bool {
		return column == "opening" && s.Opening != nil || column == "framing" && s.Framing != nil
	})
}

// label is whether a column of the annotations holds what somebody judged.
func label(k *schema.Column) bool {
	switch k.Name {
	case "setting", "terminal", "annotator_kind", "missing", "context":
		return false
	case "recognition", "ask", "contradicts_turn", "value", "value_text":
		return true
	}
	return k.Enum != ""
}

// dataType is Croissant's word for a column's type.
func dataType(kind string) string {
	switch kind {
	case "BOOLEAN":
		return "sc:Boolean"
	case "INT32", "INT64":
		return "sc:Integer"
	case "DOUBLE":
		return "sc:Float"
	case "TIMESTAMP":
		return "sc:DateTime"
	}
	return "sc:Text"
}

package decision

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"partnershipportal/internal/fault"
)

// reckoned are the fields of exported records that the register itself works out, or that only point somewhere.
var reckoned = []string{"schema", "made", "heading", "number", "computed", "exempt-parts", "without", "origin", "ref", "body", "body-name", "stage", "call-ins", "remarks",
	"exempt", "record", "body-slug", "publication", "published-at", "listed-on", "changed-at", "url", "path", "address", "demonstration", "id", "revision"}

// inRegister finds the body and the reference in a record's own address.
var inRegister = regexp.MustCompile(`/decisions/([a-z0-9-]+)/([a-z0-9-]+)$`)

var errJSON = fault.Field("file", "The file is not the JSON of a register: a list of records")

// json reads records in the layout of the register's JSON: a list of published contents, each with its body.
func (r *importReader) json(f Upload) error {
	records, err := jsonRecords(bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf")))
	if err != nil {
		return err
	}
	if len(records) == 0 {
		return fault.Field("file", "The file holds no record")
	}
	if len(records) > MaxImported {
		return errTooMany
	}
	for i, record := range records {
		r.record(fmt.Sprintf("Record %d", i+1), record)
	}
	return nil
}

// jsonRecords finds the records: the list itself, or the list in an object.
func jsonRecords(data []byte) ([]map[string]json.RawMessage, error) {
	var list []map[string]json.RawMessage
	err := one(data, &list)
	if err == nil {
		return list, nil
	}
	var whole map[string]json.RawMessage
	if one(data, &whole) != nil {
		return nil, errJSON.Because(err)
	}
	if _, ok := whole["subject"]; ok || len(whole["record"]) > 0 {
		return []map[string]json.RawMessage{whole}, nil
	}
	for _, name := range []string{"decisions", "records", "items"} {
		if inner, ok := whole[name]; ok {
			if err := one(inner, &list); err != nil {
				return nil, errJSON.Because(err)
			}
			return list, nil
		}
	}
	return nil, errJSON
}

// one reads a text that holds one value and nothing after it.
func one(data []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows")
	}
	return nil
}

// record reads one record. What is not known is a remark.
func (r *importReader) record(place string, record map[string]json.RawMessage) {
	if inner, ok := record["record"]; ok {
		var content map[string]json.RawMessage
		if json.Unmarshal(inner, &content) == nil {
			maps.Copy(content, record)
			record = content
		}
	}
	e := importEntry{Place: place, Fields: map[string]string{}, Exempt: map[Part]string{}}
	e.Body, e.Ref, e.Stage = or(jsonText(record["body-slug"]), jsonText(record["body"])), jsonText(record["ref"]), Stage(jsonText(record["stage"]))
	if m := inRegister.FindStringSubmatch(jsonText(record["address"])); m != nil {
		e.Body, e.Ref = m[1], m[2]
	}
	for _, name := range slices.Sorted(maps.Keys(record)) {
		value := record[name]
		f, known := importFieldOf(name)
		switch {
		case known:
			text, ok := jsonField(f, value)
			if !ok {
				r.fail(place, name, "This is not written as the register’s JSON has it")
			} else if text != "" {
				e.Fields[name] = text
			}
		case !slices.Contains(reckoned, name):
			e.Remarks = append(e.Remarks, Remark{Label: cut(or(strings.TrimSpace(name), "Without a name"), 300), Body: cut(jsonWords(value), longText)})
		}
	}
	e.Remarks = slices.DeleteFunc(e.Remarks, func(m Remark) bool { return m.Body == "" })
	if n := jsonText(record["number"]); n != "" && e.number() == "" {
		e.Fields["number-printed"] = n
	}
	r.jsonRest(&e, record)
	r.add(e, 0)
}

// jsonRest reads the call-ins, the remarks and the exempt passages of a record.
func (r *importReader) jsonRest(e *importEntry, record map[string]json.RawMessage) {
	if v, ok := record["call-ins"]; ok && json.Unmarshal(v, &e.CallIns) != nil {
		r.fail(e.Place, "call-ins", "These are not written as the register’s JSON has them")
	}
	var remarks []struct{ Label, Body string }
	if v, ok := record["remarks"]; ok && json.Unmarshal(v, &remarks) != nil {
		r.fail(e.Place, "remarks", "These are not a list of labels and bodies")
	}
	for _, m := range remarks {
		if said(m.Body) {
			e.Remarks = append(e.Remarks, Remark{Label: cut(or(strings.TrimSpace(m.Label), "Without a label"), 300), Body: cut(m.Body, longText)})
		}
	}
	var exempt map[string]string
	if v, ok := record["exempt"]; ok && json.Unmarshal(v, &exempt) != nil {
		r.fail(e.Place, "exempt", "This is not a text for each part")
	}
	for _, name := range slices.Sorted(maps.Keys(exempt)) {
		switch p := Part(name); {
		case !slices.Contains(exemptable, p):
			r.fail(e.Place, "exempt", fmt.Sprintf("“%s” is none of these: %s", shortText(name), listed(exemptable)))
		case said(exempt[name]):
			e.Exempt[p] = exempt[name]
		}
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// jsonText is a text or a number; empty for all else.
func jsonText(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return strings.TrimSpace(text)
	}
	var n json.Number
	if json.Unmarshal(value, &n) == nil {
		return n.String()
	}
	return ""
}

// jsonField is a field as a spreadsheet would hold it.
func jsonField(f importField, value json.RawMessage) (text string, ok bool) {
	if string(value) == "null" {
		return "", true
	}
	var yes bool
	if json.Unmarshal(value, &yes) == nil {
		return map[bool]string{true: "yes", false: "no"}[yes], true
	}
	switch f.name {
	case "limbs":
		var limbs []Limb
		if json.Unmarshal(value, &limbs) == nil {
			return limbsText(limbs), true
		}
	case "to-be-added":
		var parts []Part
		if json.Unmarshal(value, &parts) == nil {
			return strings.ReplaceAll(listed(parts), ", ", "; "), true
		}
	case "exempt-category":
		var n int
		if json.Unmarshal(value, &n) == nil {
			if n == 0 {
				return "", true
			}
			return strconv.Itoa(n), true
		}
	}
	var on Stated
	if bytes.HasPrefix(value, []byte("{")) && json.Unmarshal(value, &on) == nil {
		return dayText(on.Approx()), on.Precision.Known()
	}
	if json.Unmarshal(value, &text) != nil {
		return "", false
	}
	return strings.TrimSpace(text), true
}

// jsonWords is a value that is not understood, as a remark has it.
func jsonWords(value json.RawMessage) string {
	if text := jsonText(value); text != "" {
		return text
	}
	var b bytes.Buffer
	if json.Compact(&b, value) != nil || b.String() == "null" || b.String() == `""` {
		return ""
	}
	return b.String()
}

package sheet

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"partnershipportal/internal/fault"
)

const saveAsUTF8 = "In Excel choose Save As and the type “CSV UTF-8 (Comma delimited)”, or save it as .xlsx"

// decodeText makes UTF-8 of a text file. UTF-8, and UTF-16 that says so at its start, are read; guessing at anything
// else would put wrong letters into names.
func decodeText(data []byte) (string, *fault.Error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decodeUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decodeUTF16(data[2:], binary.BigEndian)
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return "", refuse("Line %d holds a character that no text has (NUL). %s", lineOf(data, i), saveAsUTF8)
	}
	if i := firstInvalid(data); i >= 0 {
		return "", refuse("Line %d is not in UTF-8, so its letters cannot be told. %s", lineOf(data, i), saveAsUTF8)
	}
	return string(data), nil
}

func decodeUTF16(data []byte, order binary.ByteOrder) (string, *fault.Error) {
	if len(data)%2 != 0 {
		return "", refuse("The file ends in the middle of a character. %s", saveAsUTF8)
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	text := string(utf16.Decode(units))
	for i, r := range text {
		if r == 0 || r == utf8.RuneError {
			return "", refuse("Line %d holds a character that cannot be read. %s", 1+strings.Count(text[:i], "\n"), saveAsUTF8)
		}
	}
	return text, nil
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func lineOf(data []byte, at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }

// tidy is the text of a cell without the space around it and with one kind of line end.
func tidy(text string) string {
	if strings.ContainsRune(text, '\r') {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return strings.TrimSpace(text)
}

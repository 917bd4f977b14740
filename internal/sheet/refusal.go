package sheet

import (
	"fmt"

	"partnershipportal/internal/fault"
)

// fileField is the form field that faults about the file as a whole belong to.
const fileField = "file"

// ErrTooLarge refuses a file over MaxFile. Fault: Invalid.
var ErrTooLarge = fault.Field(fileField, fmt.Sprintf("The file is larger than %d MB. Remove pictures and formatting, or split it", MaxFile>>20))

func refuse(format string, args ...any) *fault.Error {
	return fault.Field(fileField, fmt.Sprintf(format, args...))
}

var (
	errTooManyRows = refuse("The file has more than %d rows. Split it into several files", MaxRows)
	errDamaged     = refuse("The workbook is damaged and cannot be read. Open it, save it again as .xlsx, and choose that file")
	errZipBomb     = refuse("The workbook unpacks to far more than a list needs. Copy the list into a new workbook and save that")
)

package route

import "net/url"

// Paths of imports from spreadsheets. Templates and registers are files: with .csv or .xlsx behind them.
const (
	DeskImport         = "/desk/import"
	DeskImportTemplate = "/desk/import/templates/{register}"
	DeskImportRegister = "/desk/import/registers/{register}"
	DeskImportRun      = "/desk/import/{id}"
	DeskImportApply    = "/desk/import/{id}/apply"
	DeskImportUndo     = "/desk/import/{id}/undo"
)

// DeskImportTo is the page of one import.
func DeskImportTo[T ~int64](id T) string { return DeskImport + "/" + number(id) }

// DeskImportApplyTo is where an import is confirmed.
func DeskImportApplyTo[T ~int64](id T) string { return DeskImportTo(id) + "/apply" }

// DeskImportUndoTo is where an import is undone.
func DeskImportUndoTo[T ~int64](id T) string { return DeskImportTo(id) + "/undo" }

// DeskImportTemplateTo is the empty file of a register, without its extension.
func DeskImportTemplateTo(register string) string {
	return DeskImport + "/templates/" + url.PathEscape(register)
}

// DeskImportRegisterTo is a whole register with the columns of its import, without the extension.
func DeskImportRegisterTo(register string) string {
	return DeskImport + "/registers/" + url.PathEscape(register)
}

// DeskImportBefore lists the imports before one.
func DeskImportBefore[T ~int64](id T) string {
	return DeskImport + "?" + url.Values{"before": {number(id)}}.Encode()
}

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

// Paths of imports into the decisions register. The template is a file: with .csv or .xlsx behind it.
const (
	DeskImportDecisions         = "/desk/import/decisions"
	DeskImportDecisionsTemplate = "/desk/import/decisions/template"
	DeskImportDecisionsRun      = "/desk/import/decisions/{id}"
	DeskImportDecisionsApply    = "/desk/import/decisions/{id}/apply"
	DeskImportDecisionsUndo     = "/desk/import/decisions/{id}/undo"
)

// DeskImportDecisionsTo is the page of one import of records.
func DeskImportDecisionsTo[T ~int64](id T) string { return DeskImportDecisions + "/" + number(id) }

// DeskImportDecisionsApplyTo is where an import of records is confirmed.
func DeskImportDecisionsApplyTo[T ~int64](id T) string { return DeskImportDecisionsTo(id) + "/apply" }

// DeskImportDecisionsUndoTo is where an import of records is undone.
func DeskImportDecisionsUndoTo[T ~int64](id T) string { return DeskImportDecisionsTo(id) + "/undo" }

// DeskImportDecisionsBefore lists the imports of records before one.
func DeskImportDecisionsBefore[T ~int64](id T) string {
	return DeskImportDecisions + "?" + url.Values{"before": {number(id)}}.Encode()
}

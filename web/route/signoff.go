package route

import (
	"net/url"
	"strconv"
)

// Paths of the sign-off, for every kind of paper.
const (
	SignOff           = "/sign-off"
	SignOffRound      = "/sign-off/{round}"
	SignOffContent    = "/sign-off/{round}/content.json"
	SignOffWord       = "/sign-off/{round}/text.docx"
	SignOffSign       = "/sign-off/{round}/sign"
	SignOffDecline    = "/sign-off/{round}/decline"
	SignOffConfirm    = "/sign-off/{round}/confirm"
	SignOffReceipt    = "/sign-off/{round}/receipt"
	SignOffStatement  = "/sign-off/{round}/statement.json"
	SignOffScrutiny   = "/sign-off/{round}/scrutiny"
	SignOffRemarks    = "/sign-off/{round}/questions"
	SignOffAnswer     = "/sign-off/{round}/questions/{remark}/answer"
	ArrangementSign   = "/arrangements/{slug}/versions/{number}/sign" // leads to the round
	statementArgument = "?statement="
)

// SignOffRoundTo is the page of one round.
func SignOffRoundTo[T ~int64](round T) string {
	return SignOff + "/" + strconv.FormatInt(int64(round), 10)
}

// SignOffContentTo is the exact bytes of a round's text.
func SignOffContentTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/content.json" }

// SignOffWordTo is a round's text as a Word document.
func SignOffWordTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/text.docx" }

// SignOffSignTo is where an officer goes on from reading to signing.
func SignOffSignTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/sign" }

// SignOffDeclineTo is where an officer says why they decline.
func SignOffDeclineTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/decline" }

// SignOffConfirmTo is where an officer confirms a statement.
func SignOffConfirmTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/confirm" }

// SignOffConfirmOf is SignOffConfirmTo with the statement.
func SignOffConfirmOf[T ~int64](round T, statement string) string {
	return SignOffConfirmTo(round) + statementArgument + url.QueryEscape(statement)
}

// SignOffReceiptTo is the receipt of the reader's act.
func SignOffReceiptTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/receipt" }

// SignOffStatementTo is the exact bytes of the reader's statement.
func SignOffStatementTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/statement.json" }

// SignOffScrutinyTo is where the independent scrutineer files a statement.
func SignOffScrutinyTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/scrutiny" }

// SignOffRemarksTo is where questions and requested changes are put.
func SignOffRemarksTo[T ~int64](round T) string { return SignOffRoundTo(round) + "/questions" }

// SignOffAnswerTo is where a question is answered.
func SignOffAnswerTo[T ~int64](round T, remark int64) string {
	return SignOffRemarksTo(round) + "/" + number(remark) + "/answer"
}

// ArrangementSignTo leads from a version to the round on it.
func ArrangementSignTo(slug string, version int) string {
	return ArrangementVersionTo(slug, version) + "/sign"
}

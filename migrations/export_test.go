package migrations

// UpFrom and DownFrom are Up and Down over other files.
var (
	UpFrom   = up
	DownFrom = down
)

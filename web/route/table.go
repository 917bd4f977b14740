package route

// CSV is the path of a list as a CSV file.
func CSV(list string) string { return list + ".csv" }

// XLSX is the path of a list as a workbook.
func XLSX(list string) string { return list + ".xlsx" }

// Asking adds the query that narrows a list to a path.
func Asking(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

# The commands of the Partnership Portal. `make` or `make help` lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
export CGO_ENABLED = 0

GO_FILES = $$(find . -name '*.go' -not -path './node_modules/*' -not -path './.*/*')

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## install what is missing, build, and start the demonstration on http://localhost:8080
	@scripts/setup run
	@$(MAKE) --no-print-directory build
	@exec bin/portal demo

.PHONY: reset
reset: ## remove the demonstration's data (.portal)
	@scripts/reset

.PHONY: test
test: ## install what the tests need, then run all tests, the browser ones included
	@scripts/setup test
	@rm -rf artifacts && mkdir artifacts
	go test -timeout 20m -artifacts -outputdir "$(CURDIR)/artifacts" ./...

.PHONY: check
check: ## formatting, generated files, vet, staticcheck, then make test: what CI runs
	@scripts/setup test
	@unformatted=$$(gofmt -l $(GO_FILES)); if [ -n "$$unformatted" ]; then printf 'not formatted, run gofmt -w on:\n%s\n' "$$unformatted"; exit 1; fi
	go mod tidy -diff
	@scripts/check-generated
	go vet ./...
	go tool staticcheck ./...
	@$(MAKE) --no-print-directory test

KILLS ?= 60

.PHONY: faults
faults: ## kill the portal and cut off its database while people sign, KILLS times (60); loopback only
	@scripts/setup test
	go test ./cmd/portal -count=1 -timeout 60m -v -run '^(TestTheCrashCheckerSeesPlantedFaults|TestKilledWhilePeopleSign)$$' -kills $(KILLS)

.PHONY: bench
bench: ## measure lists over 5,000 agencies, 100,000 decisions and 20 years, and redlines of 20,000 words; fails where one takes longer than its limit
	@scripts/setup test
	go test ./internal/membership ./internal/overview ./internal/funding ./internal/arrangement ./internal/decision -p 1 -run '^$$' -bench . -benchtime 30x -count 1 -timeout 40m

.PHONY: build
build: ## build bin/portal from the committed generated files
	@go build -trimpath -buildvcs=false -o bin/portal ./cmd/portal

.PHONY: generate
generate: ## make the Go of the page templates anew
	@for folder in $$(find web -name '*.templ' | sed 's|/[^/]*$$||' | sort -u); do go tool templ generate -path "$$folder" || exit 1; done

.PHONY: assets
assets: ## build style sheet, script, fonts and images anew
	@scripts/setup assets
	npm run --silent assets

.PHONY: shots
shots: ## take the screenshot of the README anew, from the demonstration
	@scripts/setup test
	PORTAL_SHOTS="$(CURDIR)/docs" go test -count=1 -run '^TestScreenshots$$' ./cmd/portal

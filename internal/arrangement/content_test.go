package arrangement_test

import (
	"encoding/hex"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
)

func goldenContent() arrangement.Content {
	return arrangement.Content{
		Partnership: "Kent Safeguarding Children Multi-Agency Partnership",
		Document:    arrangement.ContentPaper{Slug: "kscmp-arrangements", Kind: "arrangements"},
		Number:      1, Title: "Arrangements <2019> & after", GuidanceEdition: "Working Together 2018",
		EffectiveFrom: day.Must("2019-09-17"), Areas: []string{"Kent"},
		Sections: []arrangement.Text{{Heading: "Scope", Markdown: "Every child – always.\n\n- one\n- two 🙂"}},
		Agencies: []arrangement.Named{{Slug: "a", Name: "A", Basis: "chosen", Reason: "r", Sections: []int{1}}},
		Coverage: []arrangement.Coverage{{Requirement: 1, Kind: "must", Sections: []int{1}}},
		Attachments: []arrangement.Attachment{{Name: "map.pdf", MediaType: "application/pdf", Size: 3,
			SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}},
	}
}

// The bytes of a released layout never change: whoever verifies in ten years relies on it.
func TestFrozenContentKeepsItsBytes(t *testing.T) {
	t.Parallel()
	got, err := goldenContent().Freeze()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/arrangements-version-1.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("frozen bytes differ (-want +got):\n%s", diff)
	}
	const digest = "5aa5e28cf2faadcca6325cffe0575aebcfbbcfcdf350cf8d79a3b5cb228a0f27"
	if got := hex.EncodeToString(arrangement.Digest(got)); got != digest {
		t.Errorf("digest = %s, want %s", got, digest)
	}
}

func TestFrozenContentReadsBack(t *testing.T) {
	t.Parallel()
	frozen, err := goldenContent().Freeze()
	if err != nil {
		t.Fatal(err)
	}
	got, err := arrangement.ReadContent(frozen)
	if err != nil {
		t.Fatal(err)
	}
	want := goldenContent()
	want.Schema = arrangement.ContentSchema
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(day.Date{})); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	for _, broken := range []string{"", "{", `{"schema":"arrangements-version/2"}`} {
		if _, err := arrangement.ReadContent([]byte(broken)); err == nil {
			t.Errorf("%q was read as frozen content", broken)
		}
	}
}

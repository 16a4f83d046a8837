package till

import (
	"strings"
	"testing"
)

// Every test has all the points of the same client, and a clock of its own.
const (
	ivan  = "62a0f1e2d3c4b5a697882486"
	phone = "+7 920 123-45-67"
)

func TestAllPointsAreThereAndCanBeSpent(t *testing.T) {
	for _, guest := range []string{"first", "second", "third", "fourth"} {
		t.Run(guest, func(t *testing.T) {
			till := newSandbox(t).till()
			wantBalance(t, till, 878)
			receipt, err := till.Pay(ivan, 1000, 878)
			if err != nil || receipt.Total != 122 {
				t.Fatal(receipt, err)
			}
			wantBalance(t, till, 0)
		})
	}
}

func TestPointsCannotBeSpentTwice(t *testing.T) {
	till := newSandbox(t).till()
	if _, err := till.Pay(ivan, 1000, 878); err != nil {
		t.Fatal(err)
	}
	_, err := till.Pay(ivan, 1000, 878)
	wantRefusal(t, err, "Spend can't be more 0")
}

func TestAHoldEndsAfterTenMinutes(t *testing.T) {
	sandbox := newSandbox(t)
	till := sandbox.till()
	hold, err := till.Hold(ivan, 878)
	if err != nil {
		t.Fatal(err)
	}
	_, expired := sandbox.advance("PT11M")
	if !strings.Contains(strings.Join(expired, " "), hold.ID) {
		t.Fatal(hold, expired)
	}
	if _, err := till.Pay(ivan, 1000, 878); err != nil {
		t.Fatal(err)
	}
}

func TestAHoldStandsWhileNoTimePasses(t *testing.T) {
	till := newSandbox(t).till()
	if _, err := till.Hold(ivan, 878); err != nil {
		t.Fatal(err)
	}
	_, err := till.Hold(ivan, 1)
	wantRefusal(t, err, "Amount can't be more 0")
}

func TestTimePassesHereAlone(t *testing.T) {
	for by, date := range map[string]string{"P1D": "2040-01-02", "P31D": "2040-02-01", "P366D": "2041-01-01"} {
		by, date := by, date
		t.Run(by, func(t *testing.T) {
			sandbox := newSandbox(t)
			sandbox.freeze("2040-01-01T00:00:00Z")
			if now, _ := sandbox.advance(by); !strings.HasPrefix(now, date) {
				t.Fatal(now)
			}
		})
	}
}

func wantBalance(t *testing.T, till Till, balance int) {
	t.Helper()
	guest, err := till.Find(phone)
	if err != nil || guest.Balance != balance {
		t.Fatal(guest, err)
	}
}

func wantRefusal(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Fatalf("expected a refusal with %q, got %v", text, err)
	}
}

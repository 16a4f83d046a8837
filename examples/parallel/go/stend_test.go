package till

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Sandbox is a test's own world on the server. Only this file knows of stend.
type Sandbox struct {
	t    *testing.T
	name string
}

// newSandbox lets the test run beside the others, in a sandbox of its own.
func newSandbox(t *testing.T) Sandbox {
	t.Helper()
	t.Parallel()
	sandbox := Sandbox{t, sandboxName("go", t.Name())}
	t.Logf("sandbox %s", sandbox.name)
	sandbox.control("reset", nil) // what an earlier run left goes
	return sandbox
}

// sandboxName is the same every run. Tests of two packages may have one name: give each package its prefix.
func sandboxName(prefix, test string) string {
	digest := sha256.Sum256([]byte(test))
	slug := regexp.MustCompile("[^a-z0-9]+").ReplaceAllString(strings.ToLower(test), "-")
	name := fmt.Sprintf("%s-%x-%s", prefix, digest[:4], slug)
	if len(name) > 63 {
		name = name[:63]
	}
	return name
}

func stendURL() string {
	if url := os.Getenv("STEND_URL"); url != "" {
		return url
	}
	return "http://127.0.0.1:6896"
}

func (s Sandbox) till() Till {
	return Till{URL: stendURL(), APIKey: "test-key~" + s.name, Point: "62a0f1e2d3c4b5a69788f4f4"}
}

// freeze stops the clock.
func (s Sandbox) freeze(at string) {
	s.t.Helper()
	s.control("clock/freeze", map[string]string{"at": at})
}

// advance lets time pass, and says what the clock shows then, and the ids of what is over.
func (s Sandbox) advance(by string) (now string, expired []string) {
	s.t.Helper()
	answer := s.control("clock/advance", map[string]string{"by": by})
	for _, over := range answer.Expired {
		expired = append(expired, over.ID)
	}
	return answer.Now, expired
}

type controlAnswer struct {
	Now     string
	Expired []struct{ ID string }
}

func (s Sandbox) control(path string, fields map[string]string) (answer controlAnswer) {
	s.t.Helper()
	body := new(bytes.Buffer)
	if fields != nil {
		if err := json.NewEncoder(body).Encode(fields); err != nil {
			s.t.Fatal(err)
		}
	}
	request, err := http.NewRequest("POST", stendURL()+"/_stend/"+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("X-Stend-Sandbox", s.name)
	response, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s", path, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		s.t.Fatal(err)
	}
	return answer
}

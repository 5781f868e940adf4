package publish

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// token makes n letters of an alphabet, so that no file of ours holds what looks like a key.
func token(seed uint64, n int, alphabet string) string {
	r := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

const (
	upper32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	alnum   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	hexa    = "0123456789abcdef"
)

// found is the kinds that are found in a text, with what they cover.
func found(text string) (out []string) {
	s := scanner{rules: SecretRules}
	for _, f := range s.spans(text) {
		out = append(out, f.kind+" "+text[f.from:f.to])
	}
	return out
}

// TestEverySecretRule: each kind is found, whole and alone, in prose, in JSON and after an
// escape.
func TestEverySecretRule(t *testing.T) {
	samples := map[string]string{
		"private-key":       "-----BEGIN RSA PRIVATE KEY-----\n" + token(1, 64, alnum) + "\n" + token(2, 30, alnum) + "==\n-----END RSA PRIVATE KEY-----",
		"aws-key-id":        "AKIA" + token(3, 16, upper32),
		"aws-secret":        token(4, 40, alnum),
		"github-token":      "ghp_" + token(5, 36, alnum),
		"gitlab-token":      "glpat-" + token(6, 20, alnum),
		"anthropic-key":     "sk-ant-" + "api03-" + token(7, 40, alnum),
		"openai-key":        "sk-proj-" + token(8, 40, alnum),
		"huggingface-token": "hf_" + token(9, 34, alnum),
		"google-key":        "AIza" + token(10, 35, alnum),
		"slack-token":       "xoxb-" + token(11, 24, "0123456789"),
		"stripe-key":        "sk_live_" + token(12, 24, alnum),
		"sendgrid-key":      "SG." + token(13, 22, alnum) + "." + token(14, 43, alnum),
		"twilio-key":        "SK" + token(15, 32, hexa),
		"npm-token":         "npm_" + token(16, 36, alnum),
		"pypi-token":        "pypi-" + token(17, 60, alnum),
		"telegram-token":    "123456789:AA" + token(18, 33, alnum),
		"azure-key":         token(19, 86, alnum) + "==",
		"jwt":               "eyJ" + token(20, 20, alnum) + ".eyJ" + token(21, 40, alnum) + "." + token(22, 43, alnum),
		"bearer-token":      token(23, 40, alnum),
		"url-password":      token(24, 12, alnum),
		"assigned-secret":   token(25, 32, alnum),
		"email":             "rosa.luz@uni-bonn.de",
		"phone":             "+49 228 73 5050 11",
		"iban":              "DE89 3704 0044 0532 0130 00", // the example of the ISO 13616 registry
		"payment-card":      "4111 1111 1111 1111",         // a test number of the networks'
		"us-ssn":            "536-90-4399",
	}
	frames := map[string]string{
		"aws-secret": `aws_secret_access_key = "%"`, "azure-key": "AccountKey=%;", "bearer-token": `"Authorization": "Bearer %"`,
		"url-password": "postgres://admin:%@db.internal/x", "assigned-secret": `api_key: '%'`,
	}
	for _, r := range SecretRules {
		value, there := samples[r.Kind]
		require.True(t, there, "%s has no sample", r.Kind)
		frame := frames[r.Kind]
		if frame == "" {
			frame = "%"
		}
		text := strings.Replace(frame, "%", value, 1)
		for _, around := range []string{"%", "it is %, he said", "first\n%\nlast", "(%)", `{"a": "%"}`, `{"a": "x\n%"}`} {
			whole := strings.Replace(around, "%", text, 1)
			require.Equal(t, []string{r.Kind + " " + value}, found(whole), "%s in %q", r.Kind, whole)
		}
	}
}

// TestNoSecrets: what only looks like one.
func TestNoSecrets(t *testing.T) {
	for _, text := range []string{
		"", "plain words", "write to me@example.com, or root@localhost", "icon@2x.png", `\n@app.route('/')`, "@user", "a@b",
		"lat 37.77133202639349, lon -122.3753048711", "4111 1111 1111 1112", "1111111111111111", "0.4111111111111111", "id 20260131123456789",
		"AKIAIOSFODNN7EXAMPLE", "sk-your-key-goes-here-please", "sk-this-is-a-sentence-with-hyphens", "api_key = \"YOUR_API_KEY_GOES_HERE\"",
		"https://user:password@host", "token: 'aaaaaaaaaaaaaaaaaaaaaaaa'", "+1 555 0100", "+1 (212) 555-0142", "+00 000 000", "1 + 2 + 30 000 000 000",
		"123-45-6789", "000-12-3456", "2026-01-31", "-----BEGIN PUBLIC KEY-----", "GB00 0000 0000 0000 0000 00", "ISBN 978-3-16-148410-0",
		strings.Repeat("=", 5000), strings.Repeat("+1", 3000), strings.Repeat("@", 5000), strings.Repeat("4", 5000),
	} {
		require.Empty(t, found(text), "%q", text)
	}
}

func BenchmarkSecrets(b *testing.B) {
	text := strings.Repeat("The quick brown fox opens the door, takes key number 12 and says: a token of \"thanks\", 7 + 8 is 15.\n", 1000)
	s := scanner{rules: SecretRules}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.spans(text)
	}
}

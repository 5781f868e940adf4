package publish

import (
	"math"
	"math/big"
	"regexp"
	"strings"
)

// A SecretRule is one kind of text that should not leave the house. It looks only around
// its words, so that most texts cost a search for a few words.
type SecretRule struct {
	Kind     string // one word, stays in findings, --allow and [REDACTED:kind:n]
	Doc      string
	Personal bool // data about a person; else a key to something

	near    []string // what is far from all of these has none; nil = what is far from nine digits has none
	fold    bool     // near and re are looked for in lower case
	lines   bool     // it goes over several lines
	re      *regexp.Regexp
	genuine func(match string) bool // nil = every match
}

// SecretRules lists every kind; where two match, the first one does.
var SecretRules = []*SecretRule{
	{Kind: "private-key", Doc: "a private key", near: []string{"PRIVATE KEY"}, lines: true, re: regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?s:.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s]*)`)},
	{Kind: "aws-key-id", Doc: "an AWS access key's id", near: []string{"AKIA", "ASIA", "ABIA", "ACCA"}, re: regexp.MustCompile(`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b`), genuine: noExample},
	{Kind: "aws-secret", Doc: "an AWS secret access key", near: []string{"aws"}, fold: true, re: regexp.MustCompile(`aws[a-z_ .-]{0,20}(?:secret|key)[a-z_ -]{0,20}["']?\s*[:=]+\s*["']?([a-z0-9/+]{40})\b`), genuine: random},
	{Kind: "github-token", Doc: "a GitHub token", near: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}, re: regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b`), genuine: noExample},
	{Kind: "gitlab-token", Doc: "a GitLab token", near: []string{"glpat-"}, re: regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`), genuine: noExample},
	{Kind: "anthropic-key", Doc: "an Anthropic key", near: []string{"sk-ant-"}, re: regexp.MustCompile(`\bsk-ant-[A-Za-z0-9_-]{20,}`), genuine: noExample},
	{Kind: "openai-key", Doc: "an OpenAI key", near: []string{"sk-"}, re: regexp.MustCompile(`\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}`), genuine: random},
	{Kind: "huggingface-token", Doc: "a Hugging Face token", near: []string{"hf_"}, re: regexp.MustCompile(`\bhf_[A-Za-z0-9]{30,}\b`), genuine: noExample},
	{Kind: "google-key", Doc: "a Google key or token", near: []string{"AIza", "ya29.", "GOCSPX-"}, re: regexp.MustCompile(`\b(?:AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20,}|GOCSPX-[0-9A-Za-z_-]{20,})`), genuine: noExample},
	{Kind: "slack-token", Doc: "a Slack token or webhook", near: []string{"xox", "hooks.slack.com"}, re: regexp.MustCompile(`\bxox[abeoprs]-[A-Za-z0-9-]{10,}|https://hooks\.slack\.com/services/[A-Za-z0-9/]{20,}`), genuine: noExample},
	{Kind: "stripe-key", Doc: "a Stripe key", near: []string{"k_live_", "k_test_"}, re: regexp.MustCompile(`\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}\b`), genuine: noExample},
	{Kind: "sendgrid-key", Doc: "a SendGrid key", near: []string{"SG."}, re: regexp.MustCompile(`\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`), genuine: noExample},
	{Kind: "twilio-key", Doc: "a Twilio key", near: []string{"SK"}, re: regexp.MustCompile(`\bSK[0-9a-f]{32}\b`)},
	{Kind: "npm-token", Doc: "an npm token", near: []string{"npm_"}, re: regexp.MustCompile(`\bnpm_[A-Za-z0-9]{36}\b`), genuine: noExample},
	{Kind: "pypi-token", Doc: "a PyPI token", near: []string{"pypi-"}, re: regexp.MustCompile(`\bpypi-[A-Za-z0-9_-]{40,}`), genuine: noExample},
	{Kind: "telegram-token", Doc: "a Telegram bot's token", near: []string{":AA"}, re: regexp.MustCompile(`\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b`)},
	{Kind: "azure-key", Doc: "an Azure storage key", near: []string{"AccountKey="}, re: regexp.MustCompile(`AccountKey=([A-Za-z0-9+/]{80,}={0,2})`), genuine: random},
	{Kind: "jwt", Doc: "a JSON web token", near: []string{"eyJ"}, re: regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`)},
	{Kind: "bearer-token", Doc: "a bearer token", near: []string{"bearer"}, fold: true, re: regexp.MustCompile(`authorization["']?\s*[:=]\s*["']?bearer\s+([a-z0-9._~+/-]{20,}=*)`), genuine: random},
	{Kind: "url-password", Doc: "a password in an address", near: []string{"://"}, re: regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^\s:/@"'<>{}$\\]+:([^\s:/@"'<>{}$\\]{6,})@[A-Za-z0-9]`), genuine: noExample},
	{Kind: "assigned-secret", Doc: "a key, token or password that something is set to", near: []string{"key", "secret", "token", "passw"}, fold: true, re: regexp.MustCompile(`(?:api[_-]?key|secret|token|passwo?r?d)["']?\s*[:=]\s*["']([a-z0-9_./+=-]{16,})["']`), genuine: random},
	{Kind: "email", Doc: "an e-mail address", Personal: true, near: []string{"@"}, re: regexp.MustCompile(`\b[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)*\.[A-Za-z]{2,24}\b`), genuine: someonesMail},
	{Kind: "phone", Doc: "a telephone number", Personal: true, near: []string{"+"}, re: regexp.MustCompile(`\+[1-9](?:[ ().-]{0,2}[0-9]){7,14}\b`), genuine: someonesPhone},
	{Kind: "iban", Doc: "a bank account's number", Personal: true, re: regexp.MustCompile(`\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b`), genuine: iban},
	{Kind: "payment-card", Doc: "a payment card's number", Personal: true, re: regexp.MustCompile(`(?:^|[^0-9A-Za-z_.-])([2-6][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{1,7}|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})\.?(?:[^0-9A-Za-z_-]|$)`), genuine: paymentCard},
	{Kind: "us-ssn", Doc: "a US social security number", Personal: true, re: regexp.MustCompile(`\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b`), genuine: ssn},
}

// noExample refuses what documentation shows in place of a secret.
func noExample(s string) bool {
	low := strings.ToLower(s)
	for _, word := range []string{"example", "xxxx", "your", "redacted", "placeholder", "changeme", "password", "****", "1234567890"} {
		if strings.Contains(low, word) {
			return false
		}
	}
	return true
}

// random is whether a text may have come from a random generator: letters and digits, at
// least 3.5 bits a character, and not an example's.
func random(s string) bool {
	var seen [256]float64
	letters, digits := false, false
	for i := range len(s) {
		seen[s[i]]++
		letters = letters || s[i] >= 'A'
		digits = digits || s[i] >= '0' && s[i] <= '9'
	}
	bits := 0.0
	for _, n := range seen {
		if n > 0 {
			p := n / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return letters && digits && bits >= 3.5 && noExample(s)
}

// someonesMail refuses the names that RFC 2606 and RFC 6761 keep for examples, and names of
// files such as icon@2x.png.
func someonesMail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	domain := strings.ToLower(s[at+1:])
	for _, end := range []string{"example", "test", "invalid", "localhost", "local", "example.com", "example.org", "example.net", "png", "jpg", "svg"} {
		if domain == end || strings.HasSuffix(domain, "."+end) {
			return false
		}
	}
	return true
}

// someonesPhone refuses too few digits, one digit alone, and the numbers kept for fiction.
func someonesPhone(s string) bool {
	d := digitsOf(s)
	if len(d) < 8 || len(d) > 15 || strings.Count(d, d[1:2]) == len(d)-1 {
		return false
	}
	return d[0] != '1' || len(d) == 11 && d[4:7] != "555" // North America's have ten after the 1
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// iban is the check of ISO 7064 over an account's number.
func iban(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	var b strings.Builder
	for _, r := range s[4:] + s[:4] {
		if r >= 'A' {
			b.WriteString(big.NewInt(int64(r - 'A' + 10)).String())
		} else {
			b.WriteRune(r)
		}
	}
	n, ok := new(big.Int).SetString(b.String(), 10)
	return ok && new(big.Int).Mod(n, big.NewInt(97)).Int64() == 1
}

// paymentCard is Luhn's check over the digits of a number that a network gives out, not all
// of which are the same.
func paymentCard(s string) bool {
	d := digitsOf(s)
	if len(d) < 13 || len(d) > 19 || !network(d) {
		return false
	}
	total, different := 0, map[byte]bool{}
	for i := range len(d) {
		n := int(d[len(d)-1-i] - '0')
		different[d[i]] = true
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		total += n
	}
	return total%10 == 0 && len(different) > 1
}

// network is whether cards begin so: Visa, Mastercard, American Express, Discover, JCB,
// Diners Club.
func network(d string) bool {
	switch {
	case d[0] == '4':
		return len(d) == 13 || len(d) == 16 || len(d) == 19
	case d[:2] >= "51" && d[:2] <= "55", d[:4] >= "2221" && d[:4] <= "2720", d[:4] == "6011", d[:2] == "65":
		return len(d) == 16
	case d[:2] == "34" || d[:2] == "37":
		return len(d) == 15
	case d[:2] == "35":
		return len(d) >= 16
	case d[:2] == "30" || d[:2] == "36" || d[:2] == "38":
		return len(d) == 14
	}
	return false
}

// ssn refuses numbers that are never given out, and those of advertisements.
func ssn(s string) bool {
	return s[:3] != "000" && s[:3] != "666" && s[0] != '9' && s[4:6] != "00" && s[7:] != "0000" && s != "078-05-1120" && s != "219-09-9999" && s != "123-45-6789"
}

/* Secrets: a keyword first, then the form of what follows, then how random it is. What was found is
 * never told but for the fixed part that every such secret has, and its length. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "scan.h"

#define TOLD_PER_MEMBER 5

enum letters {
	HEX,	/* lower case */
	LOWER,	/* a to z */
	BASE32, /* A to Z, 2 to 7 */
	UPPER,	/* A to Z, 0 to 9 */
	ALNUM,	/* letters and digits */
	WORD,	/* and _ */
	DASHED, /* and - */
	DOTTED, /* and . */
	BASE64, /* letters, digits, + / = */
};

/* What follows a keyword. */
struct form {
	const char *what;
	enum letters letters;
	uint16_t least, most;
	bool inside;	/* the keyword may follow a letter or digit */
	uint8_t random; /* bits a byte at least, in tenths; 0: not looked at */
};

enum form_id {
	FORM_PYPI,
	FORM_GITHUB,
	FORM_GITHUB_PAT,
	FORM_GITLAB,
	FORM_AWS,
	FORM_AGE,
	FORM_GOOGLE,
	FORM_OCEAN,
	FORM_SLACK,
	FORM_SLACK_HOOK,
	FORM_ANTHROPIC,
	FORM_HUGGING,
	FORM_STRIPE,
	FORM_SENDGRID,
	FORM_DATABRICKS,
	FORM_VAULT,
	FORM_NPM,
	FORM_NPM_AUTH,
	FORM_RUBY,
	FORM_PUTTY,
	FORM_OPENAI,
};

static const struct form forms[] = {
	[FORM_PYPI] = { "a PyPI token", DASHED, 50, 2000, true, 0 },
	[FORM_GITHUB] = { "a GitHub token", ALNUM, 36, 36, false, 30 },
	[FORM_GITHUB_PAT] = { "a GitHub token", WORD, 82, 82, false, 30 },
	[FORM_GITLAB] = { "a GitLab token", DASHED, 20, 50, false, 30 },
	[FORM_AWS] = { "an AWS key id", BASE32, 16, 16, false, 30 },
	[FORM_AGE] = { "an age key", UPPER, 58, 58, false, 0 },
	[FORM_GOOGLE] = { "a Google API key", DASHED, 35, 35, false, 30 },
	[FORM_OCEAN] = { "a DigitalOcean token", HEX, 64, 64, false, 30 },
	[FORM_SLACK] = { "a Slack token", DASHED, 20, 200, false, 30 },
	[FORM_SLACK_HOOK] = { "a Slack webhook", BASE64, 30, 100, true, 30 },
	[FORM_ANTHROPIC] = { "an Anthropic key", DASHED, 80, 200, false, 30 },
	[FORM_HUGGING] = { "a Hugging Face token", ALNUM, 34, 34, false, 30 },
	[FORM_STRIPE] = { "a Stripe key", ALNUM, 24, 200, false, 30 },
	[FORM_SENDGRID] = { "a SendGrid key", DOTTED, 66, 66, false, 35 },
	[FORM_DATABRICKS] = { "a Databricks token", HEX, 32, 32, false, 30 },
	[FORM_VAULT] = { "a Vault token", DASHED, 90, 300, false, 35 },
	[FORM_NPM] = { "an npm token", ALNUM, 36, 36, false, 30 },
	[FORM_NPM_AUTH] = { "an npm registry token", DASHED, 20, 200, true, 30 },
	[FORM_RUBY] = { "a RubyGems key", HEX, 48, 48, false, 30 },
	[FORM_PUTTY] = { "a PuTTY private key", ALNUM, 1, 1, true, 0 },
	[FORM_OPENAI] = { "an OpenAI key", DASHED, 20, 200, true, 30 },
};

/* From documentation that everybody copies. */
static const char *const samples[] = { "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE",
	"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "ghp_16C7e42F292c6912E7710c838347Ae178B4a" };

static bool
is_letter(enum letters set, unsigned char c)
{
	switch (set) {
	case HEX:
		return isdigit(c) || (c >= 'a' && c <= 'f');
	case LOWER:
		return c >= 'a' && c <= 'z';
	case BASE32:
		return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
	case UPPER:
		return (c >= 'A' && c <= 'Z') || isdigit(c);
	case DOTTED:
		if (c == '.')
			return true;
		/* fall through */
	case DASHED:
		if (c == '-')
			return true;
		/* fall through */
	case WORD:
		if (c == '_')
			return true;
		/* fall through */
	case ALNUM:
		return c < 0x80 && isalnum(c);
	case BASE64:
		return (c < 0x80 && isalnum(c)) || strchr("+/=", c) != NULL;
	}
	return false;
}

static size_t
run_of(enum letters set, const struct scan_view *v, size_t from, size_t most)
{
	size_t n = 0;

	while (n < most && from + n < v->len && v->data[from + n] != '\0' &&
	       is_letter(set, v->data[from + n]))
		n++;
	return n;
}

double
scan_entropy(const unsigned char *p, size_t len)
{
	size_t counts[256] = { 0 };
	double bits = 0;

	for (size_t i = 0; i < len; i++)
		counts[p[i]]++;
	for (size_t i = 0; i < 256; i++)
		if (counts[i] > 0) {
			double share = (double)counts[i] / (double)len;

			bits -= share * log2(share);
		}
	return bits;
}

static void
tell(struct scan *s, const struct scan_view *v, const char *what, const char *prefix, size_t len)
{
	struct finding_place at;

	s->marks |= MARK_SECRET;
	at = check_at(s->c, s->index, scan_line(s, v, v->at));
	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		if (strlen(samples[i]) == len && memcmp(v->data + v->at, samples[i], len) == 0) {
			findings_add(s->f, RULE_SECRET_SAMPLE, at,
			    "%s from an example that everybody knows", what);
			return;
		}
	if (s->secrets++ < TOLD_PER_MEMBER)
		findings_add(s->f, RULE_SECRET_TEXT, at,
		    "look here: this looks like %s, %s… (%zu bytes)", what, prefix, len);
}

static bool
is_alone(const struct scan_view *v)
{
	return v->at == 0 || !is_letter(DASHED, v->data[v->at - 1]);
}

static const char *const keywords[] = { "pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw",
	"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glft-",
	"glsoat-", "glrt-", "glptt-", "glcbt-", "AKIA", "ASIA", "ABIA", "ACCA", "AGE-SECRET-KEY-1",
	"AIza", "dop_v1_", "xoxa-", "xoxb-", "xoxo-", "xoxp-", "xoxr-", "xoxs-",
	"hooks.slack.com/services/T", "sk-ant-api03-", "hf_", "sk_live_", "rk_live_", "SG.", "dapi",
	"hvs.", "npm_", ":_authToken=", "rubygems_", "PuTTY-User-Key-File-", "T3BlbkFJ" };

static void
saw_token(struct scan *s, const struct scan_view *v, unsigned arg)
{
	const struct form *f = &forms[arg & 0xff];
	const char *keyword = keywords[arg >> 8];
	size_t begin = v->at + strlen(keyword);
	size_t len = run_of(f->letters, v, begin, (size_t)f->most + 1);

	if (len < f->least || len > f->most || (!f->inside && !is_alone(v)))
		return;
	if (f->random > 0 && scan_entropy(v->data + begin, len) * 10 < f->random)
		return;
	tell(s, v, f->what, keyword, strlen(keyword) + len);
}

/* -----BEGIN ... PRIVATE KEY----- and enough of a key behind it. */
static void
saw_key(struct scan *s, const struct scan_view *v, unsigned arg)
{
	const size_t head = strlen("-----BEGIN ");
	size_t at = v->at + head, key = 0;

	(void)arg;
	while (
	    at < v->len && at < v->at + 60 && (v->data[at] == ' ' || is_letter(UPPER, v->data[at])))
		at++;
	if (at + 5 > v->len || memcmp(v->data + at, "-----", 5) != 0)
		return;
	if (!(at - v->at >= head + 11 && memcmp(v->data + at - 11, "PRIVATE KEY", 11) == 0) &&
	    !(at - v->at >= head + 17 && memcmp(v->data + at - 17, "PRIVATE KEY BLOCK", 17) == 0))
		return;
	for (at += 5; at < v->len && key < 64; at++) {
		unsigned char c = v->data[at];

		if (is_letter(BASE64, c) && c != '\0')
			key++;
		else if (strchr(" \t\r\n\\\"',:-", c) == NULL || c == '\0')
			break;
	}
	if (key >= 64)
		tell(s, v, "a private key", "-----BEGIN ", key);
}

/* Header and payload of a JSON web token, in base64 without padding. */
static void
saw_jwt(struct scan *s, const struct scan_view *v, unsigned arg)
{
	size_t head = run_of(DASHED, v, v->at, 400), body, sign, at = v->at + head;

	(void)arg;
	if (!is_alone(v) || head < 17 || s->quiet || at + 4 >= v->len ||
	    memcmp(v->data + at, ".eyJ", 4) != 0)
		return;
	body = run_of(DASHED, v, at + 1, SCAN_AHEAD);
	at += 1 + body;
	sign = at < v->len && v->data[at] == '.' ? run_of(DASHED, v, at + 1, SCAN_AHEAD) : 0;
	if (body >= 17 && sign >= 10)
		tell(s, v, "a JSON web token", "eyJ", head + 1 + body + 1 + sign);
}

/* user:password@host behind the :// of a URL. */
static void
saw_url(struct scan *s, const struct scan_view *v, unsigned arg)
{
	static const char *const usual[] = { "password", "passwd", "pass", "secret", "token",
		"xxxx", "user", "pw", "pwd", "hunter2", "changeme" };
	size_t begin = v->at + 3, user = 0, word = 0;

	(void)arg;
	while (begin + user < v->len && user < 100 &&
	       (is_letter(DOTTED, v->data[begin + user]) || v->data[begin + user] == '%'))
		user++;
	if (s->quiet || user == 0 || begin + user >= v->len || v->data[begin + user] != ':')
		return;
	begin += user + 1;
	while (begin + word < v->len && word < 100 && v->data[begin + word] > 0x20 &&
	       strchr("@/\"'`<>{}$*()[]|\\,", v->data[begin + word]) == NULL)
		word++;
	if (word < 6 || begin + word >= v->len || v->data[begin + word] != '@' ||
	    scan_entropy(v->data + begin, word) < 2.5)
		return;
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		if (strlen(usual[i]) <= word &&
		    memcmp(v->data + begin, usual[i], strlen(usual[i])) == 0)
			return;
	tell(s, v, "a password in a URL", "://", word);
}

/* An Azure client secret: three letters, a digit, Q~, and the rest. */
static void
saw_azure(struct scan *s, const struct scan_view *v, unsigned arg)
{
	size_t len = run_of(DOTTED, v, v->at + 2, 40);

	(void)arg;
	if (v->at < 4 || !isdigit(v->data[v->at - 1]) || !is_letter(DOTTED, v->data[v->at - 4]) ||
	    len < 31 || len > 34 || scan_entropy(v->data + v->at, len) < 3.5)
		return;
	tell(s, v, "an Azure secret", "…Q~", len + 6);
}

/* aws_secret_access_key = forty letters */
static void
saw_aws(struct scan *s, const struct scan_view *v, unsigned arg)
{
	struct scan_view w = *v;
	size_t len;

	(void)arg;
	for (w.at += strlen("secret_access_key"); w.at < v->len && w.at < v->at + 40; w.at++)
		if (strchr(" \t:='\"", v->data[w.at]) == NULL || v->data[w.at] == '\0')
			break;
	len = run_of(BASE64, &w, w.at, 41);
	if (len == 40 && scan_entropy(v->data + w.at, len) >= 4)
		tell(s, &w, "an AWS secret key", "", len);
}

static double
random_enough(const unsigned char *p, size_t len)
{
	bool hex = true;

	for (size_t i = 0; i < len; i++)
		hex &= isxdigit(p[i]) != 0;
	return hex ? 3.0 : 3.5;
}

/* A name like api_key, =, and something that looks random. Wrong as often as right. */
static void
saw_assignment(struct scan *s, const struct scan_view *v, unsigned arg)
{
	size_t at = v->at + arg, len;
	bool quoted = false, digit = false, letter = false;

	while (at < v->len && at < v->at + 60 && is_letter(WORD, v->data[at]))
		at++;
	if (at < v->len && (v->data[at] == '"' || v->data[at] == '\''))
		at++;
	while (at < v->len && (v->data[at] == ' ' || v->data[at] == '\t'))
		at++;
	if (s->quiet || at >= v->len || (v->data[at] != '=' && v->data[at] != ':'))
		return;
	for (at++; at < v->len && (v->data[at] == ' ' || v->data[at] == '\t'); at++)
		continue;
	if (at < v->len && (v->data[at] == '"' || v->data[at] == '\'')) {
		quoted = true;
		at++;
	}
	len = run_of(BASE64, v, at, 151);
	if ((!quoted && !s->settings) || len < 16 || len > 150 || at + len >= v->len ||
	    (quoted && v->data[at + len] != '"' && v->data[at + len] != '\''))
		return;
	for (size_t i = 0; i < len; i++) {
		digit |= isdigit(v->data[at + i]) != 0;
		letter |= isalpha(v->data[at + i]) != 0;
	}
	if (digit && letter && scan_entropy(v->data + at, len) >= random_enough(v->data + at, len))
		findings_add(s->f, RULE_SECRET_GENERIC,
		    check_at(s->c, s->index, scan_line(s, v, v->at)),
		    "look here: something random of %zu bytes is given a telling name", len);
}

#define TOKEN(keyword_, pair_, form_, index_)                                                      \
	{                                                                                          \
		.text = keyword_, .pair = pair_, .seen = saw_token, .arg = form_ | index_ << 8     \
	}

static const struct scan_word words[] = {
	TOKEN("pypi-AgEIcHlwaS5vcmc", 5, FORM_PYPI, 0),
	TOKEN("pypi-AgENdGVzdC5weXBpLm9yZw", 5, FORM_PYPI, 1),
	TOKEN("ghp_", 0, FORM_GITHUB, 2),
	TOKEN("gho_", 0, FORM_GITHUB, 3),
	TOKEN("ghu_", 0, FORM_GITHUB, 4),
	TOKEN("ghs_", 0, FORM_GITHUB, 5),
	TOKEN("ghr_", 0, FORM_GITHUB, 6),
	TOKEN("github_pat_", 6, FORM_GITHUB_PAT, 7),
	TOKEN("glpat-", 0, FORM_GITLAB, 8),
	TOKEN("gldt-", 0, FORM_GITLAB, 9),
	TOKEN("glft-", 0, FORM_GITLAB, 10),
	TOKEN("glsoat-", 0, FORM_GITLAB, 11),
	TOKEN("glrt-", 0, FORM_GITLAB, 12),
	TOKEN("glptt-", 0, FORM_GITLAB, 13),
	TOKEN("glcbt-", 0, FORM_GITLAB, 14),
	TOKEN("AKIA", 0, FORM_AWS, 15),
	TOKEN("ASIA", 0, FORM_AWS, 16),
	TOKEN("ABIA", 0, FORM_AWS, 17),
	TOKEN("ACCA", 0, FORM_AWS, 18),
	TOKEN("AGE-SECRET-KEY-1", 2, FORM_AGE, 19),
	TOKEN("AIza", 1, FORM_GOOGLE, 20),
	TOKEN("dop_v1_", 2, FORM_OCEAN, 21),
	TOKEN("xoxa-", 1, FORM_SLACK, 22),
	TOKEN("xoxb-", 1, FORM_SLACK, 23),
	TOKEN("xoxo-", 1, FORM_SLACK, 24),
	TOKEN("xoxp-", 1, FORM_SLACK, 25),
	TOKEN("xoxr-", 1, FORM_SLACK, 26),
	TOKEN("xoxs-", 1, FORM_SLACK, 27),
	TOKEN("hooks.slack.com/services/T", 24, FORM_SLACK_HOOK, 28),
	TOKEN("sk-ant-api03-", 2, FORM_ANTHROPIC, 29),
	TOKEN("hf_", 0, FORM_HUGGING, 30),
	TOKEN("sk_live_", 1, FORM_STRIPE, 31),
	TOKEN("rk_live_", 1, FORM_STRIPE, 32),
	TOKEN("SG.", 0, FORM_SENDGRID, 33),
	TOKEN("dapi", 0, FORM_DATABRICKS, 34),
	TOKEN("hvs.", 0, FORM_VAULT, 35),
	TOKEN("npm_", 1, FORM_NPM, 36),
	TOKEN(":_authToken=", 0, FORM_NPM_AUTH, 37),
	TOKEN("rubygems_", 7, FORM_RUBY, 38),
	TOKEN("PuTTY-User-Key-File-", 1, FORM_PUTTY, 39),
	TOKEN("T3BlbkFJ", 0, FORM_OPENAI, 40),
	{ .text = "-----BEGIN ", .pair = 4, .seen = saw_key },
	{ .text = "eyJ", .pair = 1, .texts_only = true, .seen = saw_jwt },
	{ .text = "://", .pair = 1, .texts_only = true, .seen = saw_url },
	{ .text = "Q~", .pair = 0, .texts_only = true, .seen = saw_azure },
	{ .text = "secret_access_key", .pair = 6, .any_case = true, .seen = saw_aws },
	{ .text = "api_key",
	    .pair = 3,
	    .any_case = true,
	    .texts_only = true,
	    .seen = saw_assignment,
	    .arg = 7 },
	{ .text = "apikey",
	    .pair = 2,
	    .any_case = true,
	    .texts_only = true,
	    .seen = saw_assignment,
	    .arg = 6 },
	{ .text = "secret",
	    .pair = 2,
	    .any_case = true,
	    .texts_only = true,
	    .seen = saw_assignment,
	    .arg = 6 },
	{ .text = "token",
	    .pair = 1,
	    .any_case = true,
	    .texts_only = true,
	    .seen = saw_assignment,
	    .arg = 5 },
	{ .text = "passw",
	    .pair = 3,
	    .any_case = true,
	    .texts_only = true,
	    .seen = saw_assignment,
	    .arg = 5 },
};

void
scan_add_secrets(struct scan_words *w)
{
	scan_words_add(w, words, ARRAY_LEN(words));
}

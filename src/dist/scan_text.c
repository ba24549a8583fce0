/* Text that deceives a reader, code that unpacks itself, and paths that a build left in binaries.
 */
#include <ctype.h>
#include <string.h>

#include "scan.h"
#include "slipway/base/utf8.h"

static bool
is_name(unsigned char c)
{
	return c == '_' || c >= 0x80 || isalnum(c);
}

static void
saw_hidden(struct scan *s, const struct scan_view *v, unsigned arg)
{
	uint32_t cp = 0;

	(void)arg;
	if (!s->code || utf8_decode((const char *)v->data + v->at, v->len - v->at, &cp) == 0)
		return;
	if ((cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069)) {
		if (s->bidi++ == 0)
			s->bidi_line = scan_line(s, v, v->at);
		return;
	}
	/* A byte order mark at the very start is none; joiners belong to scripts that need them. */
	if ((cp == 0xfeff && s->window_at + v->at > 0) || cp == 0x200b || cp == 0xad ||
	    cp == 0x180e || (cp >= 0x2060 && cp <= 0x2064) || (cp >= 0xe0000 && cp <= 0xe007f) ||
	    ((cp == 0x200c || cp == 0x200d) && v->at > 0 && v->data[v->at - 1] < 0x80 &&
		is_name(v->data[v->at - 1])))
		if (s->invisible++ == 0)
			s->invisible_line = scan_line(s, v, v->at);
}

static bool
is_call(const struct scan *s, const struct scan_view *v)
{
	return s->python &&
	       (v->at == 0 || (!is_name(v->data[v->at - 1]) && v->data[v->at - 1] != '.'));
}

static void
saw_exec(struct scan *s, const struct scan_view *v, unsigned arg)
{
	(void)arg;
	if (!is_call(s, v) || s->execs)
		return;
	/* def exec( and the like only name it. */
	if (v->at >= 4 && memcmp(v->data + v->at - 4, "def ", 4) == 0)
		return;
	s->execs = true;
	s->exec_line = scan_line(s, v, v->at);
}

static void
saw_decode(struct scan *s, const struct scan_view *v, unsigned arg)
{
	(void)v, (void)arg;
	s->decodes |= s->python;
}

static void
saw_chr(struct scan *s, const struct scan_view *v, unsigned arg)
{
	(void)arg;
	s->chars += is_call(s, v);
}

static void
saw_packer(struct scan *s, const struct scan_view *v, unsigned arg)
{
	(void)v;
	/* PyPI looks into .py and .pye alone. */
	if (!s->python || check_ends(s->name, ".pth"))
		return;
	if (arg == 0)
		s->pyarmor = true;
	else if (arg == 1)
		s->pye_begins = true;
	else
		s->pyarmor |= s->pye_begins;
}

/* Machines that build for everybody say nothing. */
static bool
is_builder(const unsigned char *p, size_t len)
{
	static const char *const names[] = { "runner", "vsts", "travis", "circleci", "builder",
		"Shared", "Public", "ContainerAdministrator" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strlen(names[i]) == len && memcmp(names[i], p, len) == 0)
			return true;
	return false;
}

static void
saw_path(struct scan *s, const struct scan_view *v, unsigned arg)
{
	const unsigned char *p = v->data + v->at + arg;
	size_t left = v->len - v->at - arg, name = 0, all;

	if (s->text || (v->at > 0 && is_name(v->data[v->at - 1])))
		return;
	while (name < left && name < 32 && (is_name(p[name]) || p[name] == '.' || p[name] == '-'))
		name++;
	if (name == 0 || name == left || (p[name] != '/' && p[name] != '\\') || is_builder(p, name))
		return;
	if (s->paths++ > 0)
		return;
	all = arg + name;
	while (all < v->len - v->at && all < sizeof s->path - 1 && v->data[v->at + all] > 0x20 &&
	       v->data[v->at + all] < 0x7f)
		all++;
	if (all > sizeof s->path - 1)
		all = sizeof s->path - 1;
	memcpy(s->path, v->data + v->at, all);
	s->path[all] = '\0';
}

/* Those of Greek and Cyrillic that most fonts draw as Latin ones. */
bool
scan_is_look_alike(uint32_t cp)
{
	static const uint16_t letters[] = { 0x391, 0x392, 0x395, 0x396, 0x397, 0x399, 0x39a, 0x39c,
		0x39d, 0x39f, 0x3a1, 0x3a4, 0x3a5, 0x3a7, 0x3bf, 0x405, 0x406, 0x408, 0x410, 0x412,
		0x415, 0x41a, 0x41c, 0x41d, 0x41e, 0x420, 0x421, 0x422, 0x425, 0x430, 0x435, 0x43e,
		0x440, 0x441, 0x443, 0x445, 0x455, 0x456, 0x458, 0x4bb };

	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (letters[i] == cp)
			return true;
	return false;
}

static bool
is_latin(const struct scan_view *v, size_t at)
{
	return at < v->len && v->data[at] < 0x80 && isalpha(v->data[at]);
}

static void
saw_letter(struct scan *s, const struct scan_view *v, unsigned arg)
{
	uint32_t cp = 0;

	(void)arg;
	if (!s->python || utf8_decode((const char *)v->data + v->at, v->len - v->at, &cp) == 0 ||
	    !scan_is_look_alike(cp) ||
	    (!(v->at > 0 && is_latin(v, v->at - 1)) && !is_latin(v, v->at + 2)))
		return;
	/* In a text, "\n" may stand before a letter of any script. */
	if (v->at > 1 && v->data[v->at - 2] == '\\' && !is_latin(v, v->at + 2))
		return;
	if (s->look_alikes++ == 0)
		s->look_alike_line = scan_line(s, v, v->at);
}

static void
saw_note(struct scan *s, const struct scan_view *v, unsigned arg)
{
	if (!s->python || s->quiet || s->noted[arg] > 0 || (arg == NOTE_BUILD && !s->setup))
		return;
	s->noted[arg] = scan_line(s, v, v->at) + 1;
}

static const struct scan_word letter = { .text = "", .texts_only = true, .seen = saw_letter };

#define NOTE(text_, pair_, note_)                                                                  \
	{                                                                                          \
		.text = text_, .pair = pair_, .texts_only = true, .seen = saw_note, .arg = note_   \
	}

static const struct scan_word words[] = {
	NOTE("subprocess.", 2, NOTE_BUILD),
	NOTE("urlopen(", 1, NOTE_BUILD),
	NOTE("requests.", 1, NOTE_BUILD),
	NOTE("os.system(", 4, NOTE_BUILD),
	NOTE("cmdclass", 2, NOTE_BUILD),
	NOTE(".ssh/id_", 3, NOTE_CREDENTIALS),
	NOTE(".aws/credentials", 2, NOTE_CREDENTIALS),
	NOTE(".pypirc", 5, NOTE_CREDENTIALS),
	NOTE("discord.com/api/webhooks", 18, NOTE_HOSTS),
	NOTE("api.telegram.org/bot", 8, NOTE_HOSTS),
	NOTE("webhook.site", 2, NOTE_HOSTS),
	NOTE("pastebin.com/raw", 4, NOTE_HOSTS),
	NOTE("ngrok.io", 1, NOTE_HOSTS),
	NOTE("transfer.sh/", 4, NOTE_HOSTS),
	NOTE("//bit.ly/", 7, NOTE_HOSTS),
	NOTE("tinyurl.com/", 3, NOTE_HOSTS),
	/* U+200B to U+206F, byte order mark, soft hyphen, Mongolian separator, tags */
	{ .text = "\xe2\x80", .texts_only = true, .seen = saw_hidden },
	{ .text = "\xe2\x81", .texts_only = true, .seen = saw_hidden },
	{ .text = "\xef\xbb", .texts_only = true, .seen = saw_hidden },
	{ .text = "\xc2\xad", .texts_only = true, .seen = saw_hidden },
	{ .text = "\xe1\xa0", .texts_only = true, .seen = saw_hidden },
	{ .text = "\xf3\xa0", .texts_only = true, .seen = saw_hidden },
	{ .text = "exec(", .pair = 3, .texts_only = true, .seen = saw_exec },
	{ .text = "eval(", .pair = 3, .texts_only = true, .seen = saw_exec },
	{ .text = "chr(", .pair = 2, .texts_only = true, .seen = saw_chr },
	{ .text = "b64decode", .pair = 1, .texts_only = true, .seen = saw_decode },
	{ .text = "b85decode", .pair = 1, .texts_only = true, .seen = saw_decode },
	{ .text = ".decompress(", .pair = 10, .texts_only = true, .seen = saw_decode },
	{ .text = "marshal.loads", .pair = 6, .texts_only = true, .seen = saw_decode },
	{ .text = ".fromhex(", .pair = 6, .texts_only = true, .seen = saw_decode },
	{ .text = "__pyarmor__(__name__, __file__,", .pair = 2, .seen = saw_packer },
	{ .text = "__pyarmor_enter_", .pair = 2, .seen = saw_packer },
	{ .text = "__pyarmor_exit_", .pair = 2, .seen = saw_packer },
	{ .text = "__pyarmor_assert_", .pair = 2, .seen = saw_packer },
	{ .text = "__pyarmor_bcc_", .pair = 2, .seen = saw_packer },
	{ .text = "---BEGIN PYE FILE---", .pair = 9, .seen = saw_packer, .arg = 1 },
	{ .text = "---END PYE FILE---", .pair = 7, .seen = saw_packer, .arg = 2 },
	{ .text = "/home/", .pair = 0, .seen = saw_path, .arg = 6 },
	{ .text = "/Users/", .pair = 0, .seen = saw_path, .arg = 7 },
	{ .text = ":\\Users\\", .pair = 0, .seen = saw_path, .arg = 8 },
};

void
scan_add_texts(struct scan_words *w)
{
	scan_words_add(w, words, ARRAY_LEN(words));
	/* Greek and Cyrillic. */
	scan_words_add_lead(w, &letter, 0xce, 0xd2);
}

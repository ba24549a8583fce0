/* The window over a member's content, and the one loop over its bytes. */
#include "scan.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

#define WINDOW ((size_t)128 * 1024)
#define LONG_LINE 2000
#define PACKED_MAX ((uint64_t)5 * 1024 * 1024)
#define ELF_MAX ((size_t)128 * 1024 * 1024)

/* --- words --- */

struct scan_words *
scan_words_new(void)
{
	struct scan_words *w = mem_zalloc(1, sizeof *w);

	scan_add_secrets(w);
	scan_add_texts(w);
	return w;
}

/* Each spelling is an entry of its own, so that chains never share a tail. */
void
scan_words_add(struct scan_words *w, const struct scan_word *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *pair = words[i].text + words[i].pair;

		for (int j = 0; j < 4; j++) {
			int a = j & 1 ? toupper(pair[0]) : pair[0];
			int b = j & 2 ? toupper(pair[1]) : pair[1];
			uint8_t *slot = &w->first[(unsigned char)a << 8 | (unsigned char)b];

			if ((j != 0 && !words[i].any_case) || ((j & 1) && a == pair[0]) ||
			    ((j & 2) && b == pair[1]))
				continue;
			assert(w->count < SCAN_WORDS_MAX);
			w->words[w->count] = &words[i];
			w->lens[w->count] = (uint8_t)strlen(words[i].text);
			w->next[w->count++] = *slot;
			*slot = (uint8_t)w->count;
		}
	}
}

void
scan_words_add_lead(
    struct scan_words *w, const struct scan_word *word, unsigned first, unsigned last)
{
	assert(w->count < SCAN_WORDS_MAX);
	w->words[w->count] = word;
	w->lens[w->count] = (uint8_t)strlen(word->text);
	w->next[w->count++] = 0;
	for (unsigned lead = first; lead <= last; lead++)
		for (unsigned more = 0x80; more < 0xc0; more++) {
			/* One entry for all: chains would share a tail. */
			assert(w->first[lead << 8 | more] == 0);
			w->first[lead << 8 | more] = (uint8_t)w->count;
		}
}

static bool
is_word(const struct scan_word *word, const unsigned char *p)
{
	for (size_t i = 0; word->text[i] != '\0'; i++)
		if ((word->any_case ? tolower(p[i]) : p[i]) != (unsigned char)word->text[i])
			return false;
	return true;
}

static void
see(struct scan *s, struct scan_view *v, size_t at)
{
	const struct scan_words *w = s->words;
	unsigned pair = (unsigned)v->data[at] << 8 | v->data[at + 1];

	for (size_t i = w->first[pair]; i > 0; i = w->next[i - 1]) {
		const struct scan_word *word = w->words[i - 1];
		size_t len = w->lens[i - 1];

		if (at < word->pair || len > v->len - (at - word->pair) ||
		    (word->texts_only && !s->text) || !is_word(word, v->data + at - word->pair))
			continue;
		v->at = at - word->pair;
		word->seen(s, v, word->arg);
	}
}

/* --- lines --- */

size_t
scan_line(struct scan *s, const struct scan_view *v, size_t at)
{
	const unsigned char *p = v->data + s->line_upto, *end = v->data + at;

	if (!s->text)
		return 0;
	if (s->line_upto > at)
		return s->line;
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		s->line++;
		p++;
	}
	s->line_upto = at;
	return s->line;
}

/* Line lengths from byte FROM on, which was not looked at before. */
static void
measure_lines(struct scan *s, struct scan_view *v, size_t from, size_t to)
{
	while (from < to) {
		const unsigned char *p = v->data + from;
		const unsigned char *lf = memchr(p, '\n', to - from);
		size_t len = lf != NULL ? (size_t)(lf - p) : to - from;

		s->line_length += len;
		if (s->line_length > LONG_LINE && s->line_length > s->longest) {
			if (s->longest == 0)
				s->longest_line = scan_line(s, v, from);
			s->longest = s->line_length;
		}
		if (lf != NULL)
			s->line_length = 0;
		from += len + (lf != NULL);
	}
}

/* --- the window --- */

static void
look(struct scan *s, struct scan_view *v, bool last)
{
	size_t end = last ? v->len : v->len > SCAN_AHEAD ? v->len - SCAN_AHEAD : 0;
	const uint8_t *first = s->words->first;

	if (end <= s->done)
		return;
	if (s->code)
		measure_lines(s, v, s->done, end);
	if (s->text || s->pyc || (s->marks & MARK_PROGRAM)) {
		size_t stop = end + 1 < v->len ? end : v->len > 0 ? v->len - 1 : 0;
		unsigned pair = s->done < v->len ? v->data[s->done] : 0;

		for (size_t i = s->done; i < stop; i++) {
			pair = (pair << 8 | v->data[i + 1]) & 0xffff;
			if (first[pair] != 0)
				see(s, v, i);
		}
	}
	s->done = end;
}

/* Forgets what is behind. */
static void
move_on(struct scan *s)
{
	size_t cut = s->done > SCAN_BEHIND ? s->done - SCAN_BEHIND : 0;
	struct scan_view v = { .data = (const unsigned char *)s->window.data,
		.len = s->window.len };

	scan_line(s, &v, cut);
	s->line_upto = s->line_upto > cut ? s->line_upto - cut : 0;
	str_splice(&s->window, 0, cut, NULL, 0);
	s->window_at += cut;
	s->done -= cut;
}

static bool
is_text(const unsigned char *p, size_t len)
{
	return len == 0 || memchr(p, '\0', len < 8192 ? len : 8192) == NULL;
}

static void
begin_content(struct scan *s, const unsigned char *p, size_t len)
{
	const char *what = NULL;
	enum scan_magic magic = scan_magic(p, len, &what);

	s->begun = true;
	s->text = magic == MAGIC_NONE && is_text(p, len);
	if (!s->text) {
		s->marks |= MARK_BINARY;
		s->code = s->python = false;
	}
	if (s->pyc)
		scan_pyc(s, p, len);
	scan_data_kind(s, p, len);
	scan_program(s, magic, what, p, len);
}

void
scan_init(struct scan *s, struct check *c, struct findings *f, const struct scan_words *words)
{
	*s = (struct scan) { .c = c, .f = f, .words = words };
}

void
scan_fini(struct scan *s)
{
	str_fini(&s->window);
	str_fini(&s->program);
}

static bool
ends_in(struct bytes name, const char *const *tails)
{
	for (; *tails != NULL; tails++)
		if (check_ends(name, *tails))
			return true;
	return false;
}

/* A folder for tests, examples or documentation. */
static bool
is_quiet(struct bytes name)
{
	static const char *const parts[] = { "test", "tests", "testing", "doc", "docs", "example",
		"examples", "samples", "fixtures", NULL };
	struct bytes base = check_base(name);
	size_t begin = 0;

	for (size_t i = 0; i < name.len; i++) {
		struct bytes part = { .data = name.data + begin, .len = i - begin };

		if (name.data[i] != '/')
			continue;
		for (size_t j = 0; parts[j] != NULL; j++)
			if (bytes_is(part, parts[j]))
				return true;
		begin = i + 1;
	}
	return check_starts(base, "test_") || check_ends(base, ".md") || check_ends(base, ".rst");
}

void
scan_begin(struct scan *s, size_t index)
{
	static const char *const codes[] = { ".py", ".pyi", ".pyx", ".pxd", ".pye", ".pth", ".sh",
		".c", ".h", ".cpp", ".hpp", ".rs", ".toml", ".cfg", NULL };
	static const char *const settings[] = { ".env", ".ini", ".cfg", ".conf", ".toml", ".yaml",
		".yml", ".json", ".properties", NULL };
	struct scan keep = *s;
	const struct member *m = archive_member(s->c->a, index);

	*s = (struct scan) { .c = keep.c,
		.f = keep.f,
		.words = keep.words,
		.window = keep.window,
		.index = index,
		.name = m->name,
		.line = 1 };
	str_clear(&s->window);
	s->python = check_ends(m->name, ".py") || check_ends(m->name, ".pye") ||
		    check_ends(m->name, ".pth");
	s->pyc = check_ends(m->name, ".pyc") || check_ends(m->name, ".pyo");
	s->code = ends_in(m->name, codes);
	s->settings = ends_in(m->name, settings);
	s->quiet = is_quiet(m->name);
	s->setup = bytes_is(check_base(m->name), "setup.py");
	if (check_ends(m->name, ".pth"))
		s->marks |= MARK_RUNS;
}

/* Its first bytes were kept back in the window until its kind was known. */
static void
keep(struct scan *s, const void *data, size_t len)
{
	struct bytes piece = { .data = data, .len = len };

	if (s->program.len == 0 && s->window.len > len)
		piece = (struct bytes) { .data = s->window.data, .len = s->window.len };
	s->kept_all = piece.len <= (s->elf ? ELF_MAX : SCAN_INSIDE_MAX) - s->program.len;
	if (s->kept_all)
		str_append(&s->program, piece.data, piece.len);
	else
		s->keep = false;
}

void
scan_data(struct scan *s, const void *data, size_t len)
{
	const struct member *m = archive_member(s->c->a, s->index);
	struct scan_view v = { .data = data, .len = len };

	if (s->window.len == 0 && len == m->size) {
		/* All of it at once: nothing is copied. */
		begin_content(s, data, len);
		look(s, &v, true);
	} else {
		str_append(&s->window, data, len);
		v = (struct scan_view) { .data = (const unsigned char *)s->window.data,
			.len = s->window.len };
		if (!s->begun && s->window.len >= 4096)
			begin_content(s, v.data, v.len);
		if (s->begun && s->window.len >= WINDOW) {
			look(s, &v, false);
			move_on(s);
		}
	}
	if (s->keep)
		keep(s, data, len);
	scan_image_data(s, data, len);
}

static void
tell_notes(struct scan *s)
{
	static const struct {
		enum rule_id rule;
		const char *text;
	} notes[] = {
		[NOTE_BUILD] = { RULE_CODE_BUILD,
		    "look here: it runs commands, asks the network or has commands of its own" },
		[NOTE_CREDENTIALS] = { RULE_CODE_CREDENTIALS,
		    "look here: it names a file of keys or tokens" },
		[NOTE_HOSTS] = { RULE_CODE_HOSTS,
		    "look here: it names a webhook, a paste service or a shortener" },
	};

	for (size_t i = 0; i < ARRAY_LEN(notes); i++)
		if (s->noted[i] > 0)
			findings_add(s->f, notes[i].rule, check_at(s->c, s->index, s->noted[i] - 1),
			    "%s", notes[i].text);
}

static void
tell_counts(struct scan *s)
{
	struct findings *f = s->f;

	if (s->longest > LONG_LINE)
		findings_add(f, RULE_TEXT_LONG_LINE, check_at(s->c, s->index, s->longest_line),
		    "a line of %llu bytes", (unsigned long long)s->longest);
	if (s->bidi > 0)
		findings_add(f, RULE_TEXT_BIDI, check_at(s->c, s->index, s->bidi_line),
		    "look here: %zu that reorder what is shown, this is the first one", s->bidi);
	if (s->invisible > 0)
		findings_add(f, RULE_TEXT_INVISIBLE, check_at(s->c, s->index, s->invisible_line),
		    "look here: %zu that cannot be seen, this is the first one", s->invisible);
	if (s->execs && (s->decodes || s->chars >= 20))
		findings_add(f, RULE_CODE_UNPACKS, check_at(s->c, s->index, s->exec_line),
		    "look here: it executes text, and unpacks or decodes some");
	if (s->look_alikes > 0)
		findings_add(f, RULE_TEXT_LOOK_ALIKE, check_at(s->c, s->index, s->look_alike_line),
		    "look here: %zu letters that look like others, this is the first one",
		    s->look_alikes);
	tell_notes(s);
	/* The index looks no further. */
	if (s->pyarmor && archive_member(s->c->a, s->index)->size <= PACKED_MAX)
		findings_add(f, RULE_CODE_PACKED, check_at(s->c, s->index, 0),
		    "marks of an obfuscator that PyPI looks for");
	if (s->paths > 0)
		findings_add(f, RULE_BINARY_PATHS, check_at(s->c, s->index, 0),
		    "%zu paths of the machine that built it, the first one %s", s->paths, s->path);
}

uint16_t
scan_end(struct scan *s)
{
	struct scan_view v = { .data = (const unsigned char *)s->window.data,
		.len = s->window.len };

	if (s->window.len > 0) {
		if (!s->begun)
			begin_content(s, v.data, v.len);
		if (s->keep && s->program.len == 0)
			keep(s, s->window.data, s->window.len);
		look(s, &v, true);
	}
	tell_counts(s);
	scan_image_end(s);
	if (s->elf)
		scan_elf(s);
	if (s->archive != NULL)
		scan_inside(s);
	str_fini(&s->program);
	return s->marks;
}

/* From the text of a regular expression to instructions. Each part becomes a piece of code with
 * relative jumps, so that pieces can be put behind each other and repeated. */
#include <stdlib.h>
#include <string.h>

#include "pattern_private.h"
#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

#define CODE_MAX 4000
#define DEPTH_MAX 20
#define REPEAT_MAX 100

struct parser {
	const char *text;
	size_t at;
	unsigned depth;
	struct pattern *out;
	struct err *e;
};

static enum err_code parse_choice(struct parser *p, struct pattern_code *out);

static enum err_code
refuse(struct parser *p, enum err_code code, const char *why)
{
	err_set(p->e, code, "the pattern %s: %s at character %zu", p->text, why, p->at + 1);
	return err_hint(p->e, "name the file in version-files, where a literal is looked for");
}

static char
peek(const struct parser *p)
{
	return p->text[p->at];
}

static bool
take(struct parser *p, const char *word)
{
	if (!text_starts(p->text + p->at, word))
		return false;
	p->at += strlen(word);
	return true;
}

static struct pattern_inst *
emit(struct pattern_code *c, enum pattern_op op)
{
	c->items = mem_grow(c->items, &c->cap, c->count + 1, sizeof c->items[0]);
	c->items[c->count] = (struct pattern_inst) { .op = op };
	return &c->items[c->count++];
}

static void
append(struct pattern_code *to, const struct pattern_code *from)
{
	if (from->count == 0)
		return;
	to->items = mem_grow(to->items, &to->cap, to->count + from->count, sizeof to->items[0]);
	memcpy(to->items + to->count, from->items, from->count * sizeof from->items[0]);
	to->count += from->count;
}

/* -- sets -- */

static void
set_add(uint8_t set[32], unsigned from, unsigned to)
{
	for (unsigned c = from; c <= to && c < 256; c++)
		set[c / 8] |= (uint8_t)(1U << (c % 8));
}

static void
set_invert(uint8_t set[32])
{
	for (size_t i = 0; i < 32; i++)
		set[i] = (uint8_t)~set[i];
}

static void
set_any_case(uint8_t set[32])
{
	for (unsigned c = 'a'; c <= 'z'; c++) {
		unsigned upper = c - 'a' + 'A';

		if (pattern_set_has(set, (unsigned char)c) ||
		    pattern_set_has(set, (unsigned char)upper)) {
			set_add(set, c, c);
			set_add(set, upper, upper);
		}
	}
}

/* \d, \w, \s and their opposites; false for another letter. Letters above ASCII are words. */
static bool
set_add_kind(uint8_t set[32], char kind)
{
	uint8_t own[32] = { 0 };

	switch (kind) {
	case 'd':
	case 'D':
		set_add(own, '0', '9');
		break;
	case 'w':
	case 'W':
		set_add(own, '0', '9');
		set_add(own, 'a', 'z');
		set_add(own, 'A', 'Z');
		set_add(own, '_', '_');
		set_add(own, 0x80, 0xff);
		break;
	case 's':
	case 'S':
		set_add(own, ' ', ' ');
		set_add(own, '\t', '\r');
		break;
	default:
		return false;
	}
	if (kind < 'a')
		set_invert(own);
	for (size_t i = 0; i < 32; i++)
		set[i] |= own[i];
	return true;
}

/* The byte that an escape of one character stands for; -1: it is not of that kind. */
static int
escaped(char c)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

	if (c == 'n')
		return '\n';
	if (c == 't')
		return '\t';
	if (c == 'r')
		return '\r';
	return letter || c == '\0' || (unsigned char)c >= 0x80 ? -1 : (unsigned char)c;
}

/* One member of a class, or a range of them. */
static enum err_code
parse_member(struct parser *p, uint8_t set[32])
{
	int from = (unsigned char)peek(p), to;

	if (from >= 0x80)
		return refuse(p, ERR_UNSUPPORTED, "a class with letters above ASCII");
	p->at++;
	if (from == '\\') {
		if (set_add_kind(set, peek(p))) {
			p->at++;
			return ERR_OK;
		}
		from = escaped(peek(p));
		if (from < 0)
			return refuse(p, ERR_UNSUPPORTED, "an escape that is not read");
		p->at++;
	}
	to = from;
	if (peek(p) == '-' && p->text[p->at + 1] != ']' && p->text[p->at + 1] != '\0') {
		p->at++;
		to = (unsigned char)peek(p);
		if (to == '\\' || to >= 0x80)
			return refuse(p, ERR_UNSUPPORTED, "a range up to an escape");
		p->at++;
		if (to < from)
			return refuse(p, ERR_INVALID, "a range that runs backwards");
	}
	set_add(set, (unsigned)from, (unsigned)to);
	return ERR_OK;
}

static enum err_code
parse_class(struct parser *p, struct pattern_code *out)
{
	struct pattern_inst *i = emit(out, OP_SET);
	bool inverted = take(p, "^"), first = true;
	enum err_code rc = ERR_OK;

	while (rc == ERR_OK && (first || peek(p) != ']')) {
		if (peek(p) == '\0')
			return refuse(p, ERR_INVALID, "a class that is not closed");
		first = false;
		rc = parse_member(p, i->set);
	}
	p->at++;
	if (p->out->any_case)
		set_any_case(i->set);
	if (inverted)
		set_invert(i->set);
	return rc;
}

/* -- groups -- */

static enum err_code
parse_name(struct parser *p, char end, char **out)
{
	size_t from = p->at;

	while (peek(p) == '_' || (peek(p) >= 'a' && peek(p) <= 'z') ||
	       (peek(p) >= 'A' && peek(p) <= 'Z') || (peek(p) >= '0' && peek(p) <= '9'))
		p->at++;
	if (p->at == from || peek(p) != end)
		return refuse(p, ERR_INVALID, "the name of a group is not one");
	*out = mem_strndup(p->text + from, p->at - from);
	p->at++;
	return ERR_OK;
}

static enum err_code
parse_back(struct parser *p, size_t group, struct pattern_code *out)
{
	if (group == 0 || group > p->out->groups)
		return refuse(p, ERR_INVALID, "it refers to a group that is not there");
	emit(out, OP_BACK)->x = (int32_t)group;
	return ERR_OK;
}

static enum err_code
parse_named_back(struct parser *p, struct pattern_code *out)
{
	char *name = NULL;
	enum err_code rc = parse_name(p, ')', &name);
	size_t group = 0;

	for (size_t i = 1; rc == ERR_OK && i <= p->out->groups; i++)
		if (p->out->names[i] != NULL && strcmp(p->out->names[i], name) == 0)
			group = i;
	free(name);
	return rc == ERR_OK ? parse_back(p, group, out) : rc;
}

static enum err_code
parse_group(struct parser *p, struct pattern_code *out)
{
	bool plain = take(p, "?:");
	size_t group = 0;
	enum err_code rc = ERR_OK;

	if (take(p, "?P="))
		return parse_named_back(p, out);
	if (!plain) {
		if (p->out->groups + 1 == PATTERN_GROUPS_MAX)
			return refuse(p, ERR_UNSUPPORTED, "too many groups");
		group = ++p->out->groups;
		if (take(p, "?P<"))
			rc = parse_name(p, '>', &p->out->names[group]);
		else if (peek(p) == '?')
			rc = refuse(p, ERR_UNSUPPORTED, "a group that looks around or sets flags");
		if (rc != ERR_OK)
			return rc;
		emit(out, OP_SAVE)->x = (int32_t)(2 * group);
	}
	if (++p->depth > DEPTH_MAX)
		return refuse(p, ERR_LIMIT, "groups are nested too deeply");
	rc = parse_choice(p, out);
	p->depth--;
	if (rc == ERR_OK && !take(p, ")"))
		rc = refuse(p, ERR_INVALID, "a group that is not closed");
	if (rc == ERR_OK && !plain)
		emit(out, OP_SAVE)->x = (int32_t)(2 * group + 1);
	return rc;
}

/* -- one atom -- */

static void
emit_byte(struct parser *p, unsigned char c, struct pattern_code *out)
{
	struct pattern_inst *i = emit(out, OP_SET);

	set_add(i->set, c, c);
	if (p->out->any_case)
		set_any_case(i->set);
}

static enum err_code
parse_escape(struct parser *p, struct pattern_code *out)
{
	static const struct {
		char letter;
		enum pattern_op op;
	} edges[] = { { 'b', OP_WORD_EDGE }, { 'B', OP_NO_WORD_EDGE }, { 'A', OP_TEXT_START },
		{ 'Z', OP_TEXT_END } };
	uint8_t set[32] = { 0 };
	char c = peek(p);
	int byte;

	if (c == '\0')
		return refuse(p, ERR_INVALID, "a backslash at its end");
	p->at++;
	if (c >= '1' && c <= '9')
		return parse_back(p, (size_t)(c - '0'), out);
	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		if (c == edges[i].letter) {
			emit(out, edges[i].op);
			return ERR_OK;
		}
	}
	if (set_add_kind(set, c)) {
		memcpy(emit(out, OP_SET)->set, set, sizeof set);
		return ERR_OK;
	}
	byte = escaped(c);
	if (byte < 0)
		return refuse(p, ERR_UNSUPPORTED, "an escape that is not read");
	emit_byte(p, (unsigned char)byte, out);
	return ERR_OK;
}

static enum err_code
parse_atom(struct parser *p, struct pattern_code *out)
{
	char c = peek(p);
	uint32_t cp;
	size_t len;

	if (strchr("*+?{", c) != NULL)
		return refuse(p, ERR_INVALID, "a repeat of nothing");
	len = utf8_decode(p->text + p->at, strlen(p->text + p->at), &cp);
	if (len > 1) {
		for (size_t i = 0; i < len; i++)
			emit_byte(p, (unsigned char)p->text[p->at + i], out);
		p->at += len;
		return ERR_OK;
	}
	p->at++;
	switch (c) {
	case '(':
		return parse_group(p, out);
	case '[':
		return parse_class(p, out);
	case '\\':
		return parse_escape(p, out);
	case '.':
		emit(out, OP_ANY);
		break;
	case '^':
		emit(out, OP_LINE_START);
		break;
	case '$':
		emit(out, OP_LINE_END);
		break;
	default:
		emit_byte(p, (unsigned char)c, out);
	}
	return ERR_OK;
}

/* -- repeats -- */

static size_t
parse_number(struct parser *p, size_t fallback)
{
	size_t n = 0, from = p->at;

	while (peek(p) >= '0' && peek(p) <= '9' && n <= REPEAT_MAX)
		n = n * 10 + (size_t)(p->text[p->at++] - '0');
	return p->at > from ? n : fallback;
}

/* MOST SIZE_MAX: without end. False: no repeat stands here. */
static enum err_code
parse_repeat(struct parser *p, size_t *least, size_t *most, bool *any)
{
	*any = true;
	*least = 0;
	*most = SIZE_MAX;
	if (take(p, "*"))
		return ERR_OK;
	if (take(p, "?")) {
		*most = 1;
		return ERR_OK;
	}
	if (take(p, "+")) {
		*least = 1;
		return ERR_OK;
	}
	*any = take(p, "{");
	if (!*any) {
		*least = *most = 1;
		return ERR_OK;
	}
	*least = parse_number(p, 0);
	*most = take(p, ",") ? parse_number(p, SIZE_MAX) : *least;
	if (!take(p, "}") || *least > REPEAT_MAX || (*most != SIZE_MAX && *most > REPEAT_MAX) ||
	    *most < *least)
		return refuse(p, ERR_UNSUPPORTED, "a repeat that is not read");
	return ERR_OK;
}

/* A way past LEN instructions, or into them: which one first is up to LAZY. */
static void
emit_split(struct pattern_code *out, int32_t past, bool lazy)
{
	struct pattern_inst *i = emit(out, OP_SPLIT);

	i->x = lazy ? past : 1;
	i->y = lazy ? 1 : past;
}

static void
emit_repeat(struct pattern_code *out, const struct pattern_code *atom, size_t least, size_t most,
    bool lazy)
{
	int32_t len = (int32_t)atom->count;

	for (size_t i = 0; i < least; i++)
		append(out, atom);
	if (most == SIZE_MAX) {
		emit_split(out, len + 2, lazy);
		append(out, atom);
		emit(out, OP_JUMP)->x = -(len + 1);
		return;
	}
	for (size_t i = least; i < most; i++) {
		emit_split(out, (int32_t)(most - i) * (len + 1), lazy);
		append(out, atom);
	}
}

static enum err_code
parse_sequence(struct parser *p, struct pattern_code *out)
{
	enum err_code rc = ERR_OK;

	while (rc == ERR_OK && peek(p) != '\0' && peek(p) != '|' && peek(p) != ')') {
		struct pattern_code atom = { .items = NULL };
		size_t least, most;
		bool any = false, lazy;

		rc = parse_atom(p, &atom);
		if (rc == ERR_OK)
			rc = parse_repeat(p, &least, &most, &any);
		lazy = any && take(p, "?");
		if (rc == ERR_OK && any && strchr("+*{", peek(p)) != NULL && peek(p) != '\0')
			rc = refuse(p, ERR_UNSUPPORTED, "a repeat of a repeat");
		if (rc == ERR_OK && any)
			emit_repeat(out, &atom, least, most, lazy);
		else if (rc == ERR_OK)
			append(out, &atom);
		if (rc == ERR_OK && out->count > CODE_MAX)
			rc = refuse(p, ERR_LIMIT, "it is too long");
		free(atom.items);
	}
	return rc;
}

static enum err_code
parse_choice(struct parser *p, struct pattern_code *out)
{
	struct pattern_code left = { .items = NULL }, right = { .items = NULL };
	enum err_code rc = parse_sequence(p, &left);

	if (rc == ERR_OK && take(p, "|")) {
		if (++p->depth > DEPTH_MAX)
			rc = refuse(p, ERR_LIMIT, "too many alternatives");
		else
			rc = parse_choice(p, &right);
		p->depth--;
		emit_split(out, (int32_t)left.count + 2, false);
		append(out, &left);
		emit(out, OP_JUMP)->x = (int32_t)right.count + 1;
		append(out, &right);
	} else {
		append(out, &left);
	}
	free(left.items);
	free(right.items);
	return rc;
}

enum err_code
pattern_compile(const char *text, struct pattern **out, struct err *e)
{
	struct pattern *made = mem_zalloc(1, sizeof *made);
	struct parser p = { .text = text, .out = made, .e = e };
	enum err_code rc;

	/* MULTILINE is always on, as both tools search with it. */
	while (take(&p, "(?i)") || take(&p, "(?m)") || take(&p, "(?im)") || take(&p, "(?mi)"))
		made->any_case = made->any_case || p.text[p.at - 2] == 'i' ||
				 (p.at >= 3 && p.text[p.at - 3] == 'i');
	emit(&made->code, OP_SAVE)->x = 0;
	rc = parse_choice(&p, &made->code);
	if (rc == ERR_OK && peek(&p) == ')')
		rc = refuse(&p, ERR_INVALID, "a bracket that closes nothing");
	if (rc != ERR_OK) {
		pattern_free(made);
		return rc;
	}
	emit(&made->code, OP_SAVE)->x = 1;
	emit(&made->code, OP_MATCH);
	*out = made;
	return ERR_OK;
}

void
pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < PATTERN_GROUPS_MAX; i++)
		free(p->names[i]);
	free(p->code.items);
	free(p);
}

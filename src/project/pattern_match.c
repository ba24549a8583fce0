/* Running a pattern: one way at a time, with those not taken yet on a stack. */
#include <stdlib.h>
#include <string.h>

#include "pattern_private.h"
#include "slipway/base/mem.h"

#define STEPS_MAX 20000000
#define WAYS_MAX 1000000

/* A way not taken yet, or (SLOT >= 0) what a group's place was before. */
struct way {
	size_t pc, at;
	int32_t slot;
};

struct machine {
	const struct pattern *p;
	struct bytes text;
	size_t slots[2 * PATTERN_GROUPS_MAX]; /* SIZE_MAX: not there */
	struct way *ways;
	size_t count, cap, steps;
};

static unsigned char
byte_at(const struct machine *m, size_t at)
{
	return at < m->text.len ? (unsigned char)m->text.data[at] : '\0';
}

/* Python reads text with every line end as a newline. */
static bool
at_line_end(const struct machine *m, size_t at)
{
	return at >= m->text.len || byte_at(m, at) == '\n' ||
	       (byte_at(m, at) == '\r' && byte_at(m, at + 1) == '\n');
}

static bool
is_word(const struct machine *m, size_t at)
{
	unsigned char c = byte_at(m, at);

	return at < m->text.len && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
				       (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80);
}

static bool
at_word_edge(const struct machine *m, size_t at)
{
	return (at > 0 && is_word(m, at - 1)) != is_word(m, at);
}

static void
push(struct machine *m, size_t pc, size_t at, int32_t slot)
{
	m->ways = mem_grow(m->ways, &m->cap, m->count + 1, sizeof m->ways[0]);
	m->ways[m->count++] = (struct way) { pc, at, slot };
}

/* The same bytes as group N; a group that took no part matches nothing. */
static bool
pass_back(const struct machine *m, size_t group, size_t *at)
{
	size_t from = m->slots[2 * group], to = m->slots[2 * group + 1];

	if (from == SIZE_MAX || to == SIZE_MAX || to < from || to - from > m->text.len - *at ||
	    memcmp(m->text.data + from, m->text.data + *at, to - from) != 0)
		return false;
	*at += to - from;
	return true;
}

/* Passes one instruction that looks at the text; false: this way ends here. */
static bool
pass(struct machine *m, const struct pattern_inst *i, size_t *at)
{
	switch (i->op) {
	case OP_SET:
		return *at < m->text.len && pattern_set_has(i->set, byte_at(m, (*at)++));
	case OP_ANY:
		return !at_line_end(m, (*at)++);
	case OP_LINE_START:
		return *at == 0 || byte_at(m, *at - 1) == '\n';
	case OP_LINE_END:
		return at_line_end(m, *at);
	case OP_TEXT_START:
		return *at == 0;
	case OP_TEXT_END:
		return *at == m->text.len;
	case OP_WORD_EDGE:
		return at_word_edge(m, *at);
	case OP_NO_WORD_EDGE:
		return !at_word_edge(m, *at);
	case OP_BACK:
		return pass_back(m, (size_t)i->x, at);
	case OP_SAVE:
		push(m, 0, m->slots[i->x], i->x);
		m->slots[i->x] = *at;
		return true;
	case OP_SPLIT:
	case OP_JUMP:
	case OP_MATCH:
		break;
	}
	return false;
}

/* Takes the next way from the stack; false when there is none. */
static bool
turn_back(struct machine *m, size_t *pc, size_t *at)
{
	while (m->count > 0) {
		struct way w = m->ways[--m->count];

		if (w.slot < 0) {
			*pc = w.pc;
			*at = w.at;
			return true;
		}
		m->slots[w.slot] = w.at;
	}
	return false;
}

static bool
match_at(struct machine *m, size_t at)
{
	size_t pc = 0;

	m->count = 0;
	for (size_t i = 0; i < 2 * PATTERN_GROUPS_MAX; i++)
		m->slots[i] = SIZE_MAX;
	while (m->steps++ < STEPS_MAX && m->count < WAYS_MAX) {
		const struct pattern_inst *i = &m->p->code.items[pc];

		if (i->op == OP_MATCH)
			return true;
		if (i->op == OP_JUMP) {
			pc = (size_t)((int64_t)pc + i->x);
		} else if (i->op == OP_SPLIT) {
			push(m, (size_t)((int64_t)pc + i->y), at, -1);
			pc = (size_t)((int64_t)pc + i->x);
		} else if (pass(m, i, &at)) {
			pc++;
		} else if (!turn_back(m, &pc, &at)) {
			return false;
		}
	}
	m->steps = STEPS_MAX + 1;
	return false;
}

enum err_code
pattern_search(const struct pattern *p, struct bytes text, const char *name, struct span *out,
    bool *found, struct err *e)
{
	struct machine m = { .p = p, .text = text };
	size_t group = p->groups > 0 ? 1 : 0;
	bool matched = false;

	if (group == 0)
		return err_set(e, ERR_CONFIG, "the pattern has no group for the version");
	for (size_t i = 1; i <= p->groups; i++)
		if (p->names[i] != NULL && strcmp(p->names[i], name) == 0)
			group = i;
	for (size_t at = 0; at <= text.len && !matched && m.steps <= STEPS_MAX; at++)
		matched = match_at(&m, at);
	free(m.ways);
	if (!matched && m.steps > STEPS_MAX)
		return err_set(e, ERR_LIMIT, "the pattern takes too long to search with");
	*found = matched && m.slots[2 * group] != SIZE_MAX && m.slots[2 * group + 1] != SIZE_MAX;
	if (*found)
		*out = (struct span) { m.slots[2 * group],
			m.slots[2 * group + 1] - m.slots[2 * group] };
	return ERR_OK;
}

/* Secrets: pages of their own, locked, outside core dumps, zeroed when they end. */

/* Anonymous mappings, mlock and madvise are not POSIX. */
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE

#include "slipway/os/secret.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "slipway/base/log.h"
#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

/* All of it lies in the mapping, so that not even the length is elsewhere. */
struct secret {
	size_t len;
	char   text[SECRET_MAX + 1];
};

/* State of the process and not of one secret: what to give back when the last one ends. The
 * loop's thread alone makes and frees secrets. */
static struct {
	size_t	      alive;
	bool	      limit_changed;
	int	      dumpable; /* before; 0 when there is nothing to restore */
	struct rlimit core;
} guard;

static void
guard_begin(void)
{
	struct rlimit none;

	if (guard.alive++ > 0)
		return;
	if (getrlimit(RLIMIT_CORE, &guard.core) == 0) {
		none = (struct rlimit){ .rlim_cur = 0, .rlim_max = guard.core.rlim_max };
		guard.limit_changed = setrlimit(RLIMIT_CORE, &none) == 0;
	}
#ifdef __linux__
	/* A core pattern that is a pipe ignores the limit, but not this; no debugger may attach. */
	guard.dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
	if (guard.dumpable == 1 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		log_debug("secret: the process stays open to debuggers");
#endif
}

static void
guard_end(void)
{
	if (--guard.alive > 0)
		return;
	if (guard.limit_changed)
		setrlimit(RLIMIT_CORE, &guard.core);
	guard.limit_changed = false;
#ifdef __linux__
	if (guard.dumpable == 1)
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
#endif
	guard.dumpable = 0;
}

void
secret_wipe(void *data, size_t len)
{
	volatile unsigned char *p = data;

	while (len-- > 0)
		*p++ = 0;
}

struct secret *
secret_new(void)
{
	void *room = mmap(NULL, sizeof(struct secret), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (room == MAP_FAILED)
		die("out of memory");
	if (mlock(room, sizeof(struct secret)) != 0)
		log_debug("secret: its memory cannot be locked and may reach the swap space");
#ifdef MADV_DONTDUMP
	if (madvise(room, sizeof(struct secret), MADV_DONTDUMP) != 0)
		log_debug("secret: its memory cannot be left out of core dumps");
#endif
	guard_begin();
	return room;
}

void
secret_free(struct secret *s)
{
	if (s == NULL)
		return;
	secret_wipe(s, sizeof *s);
	munlock(s, sizeof *s);
	munmap(s, sizeof *s);
	guard_end();
}

bool
secret_append(struct secret *s, const char *data, size_t len)
{
	if (len > SECRET_MAX - s->len)
		return false;
	memcpy(s->text + s->len, data, len);
	s->len += len;
	s->text[s->len] = '\0';
	return true;
}

static void
cut(struct secret *s, size_t len)
{
	secret_wipe(s->text + len, s->len - len);
	s->len = len;
}

void
secret_drop_last(struct secret *s)
{
	size_t	 at = s->len;
	uint32_t cp;

	if (at == 0)
		return;
	/* Back over continuation bytes only when they end one whole character. */
	for (size_t back = 1; back <= 4 && back <= s->len; back++) {
		if (utf8_decode(s->text + s->len - back, back, &cp) == back) {
			at = s->len - back;
			break;
		}
	}
	cut(s, at < s->len ? at : s->len - 1);
}

void
secret_clear(struct secret *s)
{
	cut(s, 0);
}

size_t
secret_len(const struct secret *s)
{
	return s->len;
}

const char *
secret_text(const struct secret *s)
{
	return s->text;
}

struct secret *
secret_copy(const struct secret *s)
{
	struct secret *copy;

	if (s == NULL)
		return NULL;
	copy = secret_new();
	secret_append(copy, s->text, s->len);
	return copy;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void
secret_trim(struct secret *s)
{
	size_t start = 0, end = s->len;

	while (end > 0 && is_space(s->text[end - 1]))
		end--;
	while (start < end && is_space(s->text[start]))
		start++;
	cut(s, end);
	memmove(s->text, s->text + start, end - start);
	cut(s, end - start);
}

bool
secret_starts(const struct secret *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return len <= s->len && memcmp(s->text, prefix, len) == 0;
}

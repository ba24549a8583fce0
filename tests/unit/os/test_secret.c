/* Secrets: nothing stays in memory, no core dump while one lives, edits keep characters whole. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/os/secret.h"

static struct secret *
secret_of(const char *text)
{
	struct secret *s = secret_new();

	cr_assert(secret_append(s, text, strlen(text)));
	return s;
}

Test(secret, no_core_dump_while_one_is_alive_and_as_before_afterwards, .fini = leak_gate)
{
	struct rlimit  before, now;
	struct secret *a, *b;
	int	       dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);

	getrlimit(RLIMIT_CORE, &before);
	before.rlim_cur = before.rlim_max < 4096 ? before.rlim_max : 4096;
	setrlimit(RLIMIT_CORE, &before);
	a = secret_new();
	b = secret_copy(a);
	secret_free(a);
	getrlimit(RLIMIT_CORE, &now);
	cr_expect_eq(now.rlim_cur, 0);
	cr_expect_eq(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	secret_free(b);
	getrlimit(RLIMIT_CORE, &now);
	cr_expect_eq(now.rlim_cur, before.rlim_cur);
	cr_expect_eq(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), dumpable);
}

Test(secret, its_pages_are_left_out_of_dumps, .fini = leak_gate)
{
	struct secret *s = secret_of("x");
	char	       line[512];
	bool	       inside = false, flagged = false;
	FILE	      *f = fopen("/proc/self/smaps", "r");

	cr_assert_not_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		unsigned long from, to;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = from <= (unsigned long)s && (unsigned long)s < to;
		else if (inside && strncmp(line, "VmFlags:", 8) == 0)
			flagged = strstr(line, " dd") != NULL;
	}
	fclose(f);
	cr_assert(flagged);
	secret_free(s);
}

Test(secret, what_was_dropped_is_zero, .fini = leak_gate)
{
	static const char text[] = "pypi-AgEIcHlwaS5vcmc";
	struct secret	 *s = secret_of(text);
	const char	 *at = secret_text(s);
	char		  stack[16];

	secret_drop_last(s);
	cr_expect_eq(at[sizeof text - 2], '\0');
	secret_clear(s);
	cr_expect_eq(secret_len(s), 0);
	for (size_t i = 0; i < sizeof text; i++)
		cr_expect_eq(at[i], '\0');
	secret_append(s, "  ab\r\n", 6);
	secret_trim(s);
	cr_expect_str_eq(at, "ab");
	for (size_t i = 2; i < 8; i++)
		cr_expect_eq(at[i], '\0');
	secret_free(s);
	memset(stack, 'x', sizeof stack);
	secret_wipe(stack, sizeof stack);
	for (size_t i = 0; i < sizeof stack; i++)
		cr_expect_eq(stack[i], '\0');
}

Test(secret, drop_last_takes_one_character, .fini = leak_gate)
{
	static const struct {
		const char *text, *want;
	} row[] = {
		{ "", "" },
		{ "a", "" },
		{ "ab", "a" },
		{ "a\xc3\xa9", "a" },
		{ "a\xe2\x82\xac", "a" },
		{ "a\xf0\x9f\x98\x80", "a" },
		{ "a\xff", "a" },
		{ "\x80\x80", "\x80" },
		{ "a\xe2\x82", "a\xe2" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct secret *s = secret_of(row[i].text);

		secret_drop_last(s);
		cr_expect_str_eq(secret_text(s), row[i].want, "row %zu", i);
		cr_expect_eq(secret_len(s), strlen(row[i].want), "row %zu", i);
		secret_free(s);
	}
}

Test(secret, too_much_is_refused_whole, .fini = leak_gate)
{
	static char    big[SECRET_MAX + 1];
	struct secret *s = secret_new();

	memset(big, 'k', sizeof big);
	cr_expect(!secret_append(s, big, sizeof big));
	cr_expect_eq(secret_len(s), 0);
	cr_expect(secret_append(s, big, SECRET_MAX));
	cr_expect(!secret_append(s, "x", 1));
	cr_expect_eq(strlen(secret_text(s)), SECRET_MAX);
	secret_free(s);
}

Test(secret, trim_starts_and_copy, .fini = leak_gate)
{
	static const struct {
		const char *text, *want;
	} row[] = {
		{ "", "" }, { " \n", "" }, { "tok", "tok" }, { "\ttok en \r\n", "tok en" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct secret *s = secret_of(row[i].text), *copy;

		secret_trim(s);
		copy = secret_copy(s);
		cr_expect_str_eq(secret_text(copy), row[i].want);
		cr_expect_eq(secret_starts(copy, "tok"), strncmp(row[i].want, "tok", 3) == 0);
		secret_free(s);
		secret_free(copy);
	}
	cr_expect_null(secret_copy(NULL));
	secret_free(NULL);
}

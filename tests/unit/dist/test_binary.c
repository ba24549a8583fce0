/* What is told of a binary before its bytes are. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/dist/binary.h"
#include "slipway/os/fs.h"

/* The first of FACTS that begins so; "" for none. */
static const char *
fact(const struct strlist *facts, const char *begin)
{
	for (size_t i = 0; i < facts->count; i++)
		if (strncmp(facts->items[i], begin, strlen(begin)) == 0)
			return facts->items[i];
	return "";
}

Test(binary, facts_of_this_program_are_what_it_was_linked_with, .fini = leak_gate)
{
	struct strlist facts = STRLIST_EMPTY;
	struct str self = STR_EMPTY;
	struct err e = ERR_EMPTY;

	cr_assert_eq(
	    fs_read("/proc/self/exe", (size_t)256 << 20, &self, &e), ERR_OK, "%s", e.message);
	binary_facts((struct bytes) { self.data, self.len }, &facts);
	cr_expect(strncmp(facts.items[0], "ELF, ", 5) == 0, "%s", facts.items[0]);
	cr_expect_str_neq(fact(&facts, "needs libcriterion.so"), "");
	cr_expect_not_null(strstr(fact(&facts, "wants GLIBC_"), " of l"));
	cr_expect_not_null(strstr(fact(&facts, "takes "), " symbols of others"));
	strlist_fini(&facts);
	/* Its beginning alone has the tables no more. */
	binary_facts((struct bytes) { self.data, 4096 }, &facts);
	cr_expect_str_eq(fact(&facts, "needs libcriterion.so"), "");
	cr_expect_str_neq(fact(&facts, "not read to its end: "), "");
	strlist_fini(&facts);
	str_fini(&self);
}

Test(binary, others_are_named_or_not_told, .fini = leak_gate)
{
	struct strlist facts = STRLIST_EMPTY;

	binary_facts((struct bytes) { "\0\1\2\3 nothing", 11 }, &facts);
	cr_expect_eq(facts.count, 0);
	binary_facts(bytes_of("PK\3\4 and more than sixteen bytes"), &facts);
	cr_expect_eq(facts.count, 1);
	cr_expect_str_eq(facts.items[0], "zip");
	strlist_fini(&facts);
}

/* Lists of owned strings that serve as argument vectors. */
#include <criterion/criterion.h>

#include "leak_gate.h"
#include "slipway/base/strlist.h"

Test(strlist, is_always_closed_by_null, .fini = leak_gate)
{
	struct strlist l = STRLIST_EMPTY;
	struct str     joined = STR_EMPTY;

	for (int i = 9; i >= 0; i--) {
		strlist_addf(&l, "%d", i);
		cr_assert_null(l.items[l.count]);
	}
	strlist_sort(&l);
	strlist_remove(&l, 0);
	cr_assert_null(l.items[l.count]);
	cr_assert_str_eq(l.items[0], "1");
	cr_assert(strlist_has(&l, "9"));
	cr_assert_not(strlist_has(&l, "0"));
	strlist_join(&l, ",", &joined);
	cr_assert_str_eq(str_text(&joined), "1,2,3,4,5,6,7,8,9");
	str_fini(&joined);
	strlist_fini(&l);
}

/* Pages of steps that only work, and ask when something is wrong: commit, and the choice at an
 * unfinished release. */
#include "slipway/tui/widget.h"
#include "slipway/wizard/wizard.h"
#include "ui.h"

static void
plain_draw(struct page *p, struct region body)
{
	struct region top = page_question(p, body);
	const struct ui *ui = page_ui(p);

	widget_title(top, step_title(page_step(p)), NULL, NULL);
	if (ui->w != NULL)
		region_wrap(
		    region_below(top, 2), 0, ROLE_TEXT, wizard_step_text(ui->w, page_step(p)));
	if (page_sign(p) == SIGN_RUNNING && !page_asks(p))
		region_text(top, 0, 2, ROLE_DIM, "Working…");
}

static const char *
plain_label(struct page *p, enum action a)
{
	return a == ACT_NEXT ? page_next_label(p) : NULL;
}

static const enum action plain_bar[] = { ACT_NEXT, ACT_LOG, ACT_NONE };

#define PLAIN_PAGE(where)                                                                          \
	{                                                                                          \
		.context = (where), .draw = plain_draw, .act = page_ask_act,                       \
		.event = page_ask_event, .label = plain_label, .bar = plain_bar,                   \
	}

const struct page_ops page_review = PLAIN_PAGE(KEYS_REVIEW);

/* The report of a release: what was done, with hashes, commands, times and what comes next. */
#ifndef SLIPWAY_WIZARD_REPORT_H
#define SLIPWAY_WIZARD_REPORT_H

#include "engine.h"

/* Fills rel.report and writes <state>/report.md; rel.report_path names it. */
enum err_code report_write(struct wizard *w, struct err *e);

#endif

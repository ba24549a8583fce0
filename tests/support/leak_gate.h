/* Makes a leak fail the test that leaked: criterion itself ignores LeakSanitizer. Use as .fini. */
#ifndef SLIPWAY_TESTS_LEAK_GATE_H
#define SLIPWAY_TESTS_LEAK_GATE_H

void leak_gate(void);

#endif

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64.scenarios;

import java.util.ArrayList;
import java.util.List;

/** What is done in a scenario; X1 is a random address. Each ends in an exception, SVC at the latest. */
final class ScenarioActions {
  /** Translation's result without what implementations are free to report. */
  private static final String RESULT = "\n isb\n mrs x2, par_el1\n and x2, x2, #0xfffffffffffffc7f";

  /** Those that load and store, and from the 21st on (see {@link ScenarioRoutines#ADDRESS}) branch. */
  private static final List<String> ACCESSES = List.of(
      "ldr x2, [x1]", "ldr w2, [x1], #4", "ldrh w2, [x1, #2]!", "ldrb w2, [x1]", "str x2, [x1]", "str w2, [x1, #4]!", "strh w2, [x1]",
      "strb w2, [x1], #1", "ldp x2, x9, [x1], #16", "stp x2, x2, [x1, #-16]!", "ldtr x2, [x1]", "sttr x2, [x1]", "ldrsw x2, [x1]",
      "ldr q0, [x1], #16", "str q0, [x1], #16", "ld1 {v0.2d, v1.2d}, [x1], #32", "st2 {v0.8h, v1.8h}, [x1], #32", "ldtrsb x2, [x1]",
      "sttrh w2, [x1]", "ldpsw x2, x9, [x1], #8", "adr x30, 1f\n br x1\n 1:", "adr x30, 1f\n br x1\n 1:",
      "adr x30, 1f\n blr x1\n nop\n 1:");

  /** From the 25th on four that translate (see {@link ScenarioRoutines#TABLES}), then system registers, exceptions and returns. */
  private static final List<String> OTHERS = List.of(
      "at s1e1r, x1" + RESULT, "at s1e1w, x1" + RESULT, "at s1e0r, x1" + RESULT, "at s1e0w, x1" + RESULT, "mrs x2, ctr_el0",
      "mrs x2, daif", "msr daif, x2", "mrs x2, nzcv", "mrs x2, midr_el1", "mrs xzr, id_aa64pfr0_el1", "msr tpidrro_el0, x2",
      "mrs x2, dczid_el0", "ic ivau, xzr", "adr x1, .\n dc cvau, x1", "smc #1", "brk #0x55", "svc #0x1234", ".inst 0", "msr sp_el0, x2",
      "mrs x2, spsel", "mrs x2, currentel", "and x1, x1, #-16\n mov sp, x1\n ldr x2, [sp]",
      "and x1, x1, #-16\n mov sp, x1\n ldp x2, x9, [sp], #16", "mrs x2, fpcr", "fmov x2, d0", "mov x2, #0x3c9\n b return",
      "mov x2, #0x3c1\n b return", "mov x2, #0x3c6\n b return", "mov x2, #0x3c5\n movk x2, #0x6010, lsl #16\n b return",
      "msr nzcv, xzr\n mov x2, #0x340\n movk x2, #0xb010, lsl #16\n b return", "mov x2, #0x3cd\n movk x2, #0xf000, lsl #16\n b return",
      "mov x2, #0x3c5\n b return", "mov x2, #0x2c4\n b return");

  private ScenarioActions() {}

  /**
   * The actions of a program.
   *
   * @param access the 24th, the last one of those that access memory
   * @param more   what the program has behind those that all have
   */
  static List<String> with(String access, String... more) {
    List<String> actions = new ArrayList<>(ACCESSES);
    actions.add(access);
    actions.addAll(OTHERS);
    actions.addAll(List.of(more));
    return actions;
  }
}

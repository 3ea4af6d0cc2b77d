// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64.scenarios;

import java.util.List;
import org.xenolith.a64.arch.CpuConfig;

/**
 * A bare-metal guest that sets up breakpoints, a watchpoint and software step at random, executes an access at EL0 or EL1 and prints
 * which exception came of it. The same bytes run under QEMU as {@link SystemScenarios} says; conformance.cpu's {@code ScenariosMain} writes the file.
 * Left out is what QEMU 7.2 doesn't do: breakpoints that compare contexts without being linked, DC IVAC, the address of a watchpoint that
 * a misaligned access hits (it reports one outside of the access).
 *
 * <p>A line is: number of the scenario, action, level and vector; ESR; FAR of watchpoints; PC relative to the action; SPSR.
 */
public final class DebugScenarios extends Scenarios {
  private static final List<String> ACTIONS = List.of(
      "ldr x2, [x1]", "str x2, [x1]", "ldur x2, [x1, #-8]", "stur w2, [x1, #-4]", "ldrb w2, [x1, #5]", "strh w2, [x1, #6]",
      "ldp x2, x3, [x1, #-8]", "ldp w2, w3, [x1]", "stp x2, x3, [x1]", "stp w2, w3, [x1, #-4]", "ldr q0, [x1]", "str q0, [x1, #-16]",
      "ld1 {v0.16b}, [x1]", "st1 {v0.b}[3], [x1]", "ldar x2, [x1]", "stlr w2, [x1]", "ldxr x2, [x1]", "ldaxr w2, [x1]", "ldtr x2, [x1]",
      "sttr w2, [x1, #4]",
      "ldtrsb x2, [x1, #-1]", "prfm pldl1keep, [x1]", "dc cvac, x1", "dc civac, x1", "ic ivau, x1", "nop", "brk #5", ".inst 0",
      "b 1f\n nop\n 1: nop", "ldr x2, [x1], #8\n str x2, [x1]", "nop\n nop\n ldr x2, [x1]", "cbz x9, 1f\n 1: str x2, [x1]");

  private static final String PROGRAM = """
      start:
        ldr x0, =0x40100000
        mov x1, #0x8000
        bl clear
        ldr x0, =0x40200000
        mov x1, #0x1000
        bl clear
        // The upper half: a device, this program for EL1, and all memory to write. The lower: all for EL0.
        ldr x0, =0x40100000
        ldr x1, =0x60000000000405
        str x1, [x0]
        ldr x1, =0x40000040000781
        str x1, [x0, #8]
        ldr x1, =0x60000040000701
        str x1, [x0, #24]
        msr ttbr1_el1, x0
        ldr x4, =0x40104000
        ldr x5, =0x40000781
        str x5, [x4, #8]
        msr ttbr0_el1, x4
      """ + ScenarioRoutines.UPPER_HALF + """
        mov x5, #0x300000
        msr cpacr_el1, x5
        msr oslar_el1, xzr
        msr osdlr_el1, xzr
        ldr x5, =0x34d5d805
        dsb sy
        msr sctlr_el1, x5
        isb
        br x2
      """ + ScenarioRoutines.CLEAR + """
      high:
        ldr x22, =0xffffff8009000000
        ldr x21, =0xffffff80c0104000
        // From now on EL0 may write, so that EL1 can't execute there.
        ldr x5, =0x40000741
        str x5, [x21, #8]
        dsb sy
        tlbi vmalle1
        dsb sy
        isb
        ldr x19, =@SEED@
        mov x20, #0
        mov x1, #1
        msr dbgbvr4_el1, x1
      scenario:
        bl random
        mov x1, #@COUNT@
        udiv x2, x0, x1
        msub x23, x2, x1, x0
        adr x1, table
        ldr x25, [x1, x23, lsl #3]
        ldr x26, =0x40200040
        bl random
        and x24, x0, #1
        cbz x24, 1f
        ldr x1, =0xffffff8000000000
        orr x25, x25, x1
        ldr x26, =0xffffff80c0200040
      1:
        bl random
        and x1, x0, #1
        msr contextidr_el1, x1
        and x1, x0, #0xc
        add x1, x25, x1
        msr dbgbvr0_el1, x1
        ldr x2, =0x401e0
        // Three of four are enabled.
        tst x0, #0x30000
        cset x4, ne
        orr x2, x2, x4
        ubfx x4, x0, #20, #2
        orr x2, x2, x4, lsl #1
        and x4, x0, #0x100000000
        lsr x4, x4, #12
        orr x2, x2, x4
        msr dbgbcr0_el1, x2
        // The context that may be linked: PMC at random, too.
        bl random
        ldr x2, =0x3001e0
        ubfx x4, x0, #3, #3
        orr x2, x2, x4
        msr dbgbcr4_el1, x2
        bl random
        and x1, x0, #0x1c
        add x1, x1, x26
        sub x1, x1, #0x10
        and x2, x0, #0x300
        cbz x2, 2f
        msr dbgwvr2_el1, x1
        ubfx x2, x0, #12, #3
        adr x3, selects
        ldrb w2, [x3, x2]
        lsl x2, x2, #5
        b 3f
      2:
        ubfx x4, x0, #16, #2
        add x4, x4, #3
        mov x3, #-1
        lsl x3, x3, x4
        and x1, x1, x3
        msr dbgwvr2_el1, x1
        mov x2, #0x1fe0
        orr x2, x2, x4, lsl #24
      3:
        ubfx x3, x0, #20, #4
        orr x2, x2, x3, lsl #1
        and x3, x0, #0x100000000
        lsr x3, x3, #12
        orr x2, x2, x3
        ldr x3, =0x40000
        orr x2, x2, x3
        tst x0, #0x600000000
        cset x3, ne
        orr x2, x2, x3
        msr dbgwcr2_el1, x2
        bl random
        and x1, x0, #0x8000
        tst x0, #0x3000
        cset x2, ne
        orr x1, x1, x2, lsl #13
        tst x0, #0x30000
        cset x2, eq
        orr x1, x1, x2
        msr mdscr_el1, x1
        isb
        mov x2, #0x1c0
        and x3, x0, #0x200000
        orr x2, x2, x3
        // D in one of four.
        tst x0, #0xc00000
        cset x3, eq
        orr x2, x2, x3, lsl #9
        cbz x24, 4f
        orr x2, x2, #4
        orr x2, x2, #1
      4:
        msr spsr_el1, x2
        msr elr_el1, x25
        mov x1, x26
        mov x9, #0
        mov x2, #0x1111
        mov x3, #0x2222
        eret
      selects:
        .byte 0xff, 0x0f, 0x01, 0x02, 0xf0, 0x80, 0x3c, 0x0c
        .balign 4
      """ + ScenarioRoutines.RANDOM + ScenarioRoutines.HEX + """
      caught:
        mrs x3, esr_el1
        mrs x4, far_el1
        mrs x5, elr_el1
        mrs x6, spsr_el1
        msr mdscr_el1, xzr
        isb
        sub x5, x5, x25
        sub x4, x4, x26
        lsr x7, x3, #26
        and x7, x7, #0x3e
        cmp x7, #0x34
        csel x4, x4, xzr, eq
      """ + ScenarioRoutines.EXCEPTION + ScenarioRoutines.NEXT + """
        hvc #0
        b .
      """ + ScenarioRoutines.ACTIONS_AND_VECTORS;

  /** The guest, and QEMU's sums. */
  public DebugScenarios() {
    super(CpuConfig.cortexA57(0), PROGRAM, ACTIONS,
        0xA5FF_AC63, 0xD799_B89F, 0x29CF_625F, 0x4C1C_6852, 0xE05F_ADC8, 0x7D19_26BF, 0x5F14_BDE7, 0xFDEA_67F6,
        0xEAED_6F7A, 0x39A1_BDC7, 0x7D23_3C2C, 0x49AE_9186, 0xFC9D_C729, 0x59D9_EEDC, 0x7CCF_6596, 0xA834_9737,
        0x86D5_C86A, 0xCA69_75F0, 0x6C65_929E, 0x2D21_B70F);
  }
}

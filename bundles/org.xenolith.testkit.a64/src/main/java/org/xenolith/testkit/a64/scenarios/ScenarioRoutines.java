// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64.scenarios;

/**
 * Parts of the programs that run random scenarios, in the order in which they stand there. {@link Scenarios#image} says what
 * {@code @NAME@} stands for.
 */
final class ScenarioRoutines {
  /** Clears X1 bytes at X0. */
  static final String CLEAR = """
      clear:
        str xzr, [x0], #8
        subs x1, x1, #8
        b.ne clear
        ret
      """;

  /** Clears the pages to hit: the first of the program's memory, and those at physical 0x4020_0000. */
  static final String CLEAR_PAGES = """
        ldr x0, =0x40000000
        mov x1, #0x2000
        bl clear
        ldr x0, =0x40200000
        mov x1, #0x2000
        bl clear
      """;

  /**
   * What the tables have in the upper half of the addresses can be used: 39 bits of addresses on both sides, and memory attributes.
   * X2 gets where {@code high} is there, and the vectors are there, too.
   */
  static final String UPPER_HALF = """
        ldr x1, =0x004404ff
        msr mair_el1, x1
        ldr x1, =0x480190019
        msr tcr_el1, x1
        dsb sy
        tlbi vmalle1
        dsb sy
        isb
        ldr x1, =0xffffff8000000000
        adr x2, high
        orr x2, x2, x1
        adr x3, vectors
        orr x3, x3, x1
        msr vbar_el1, x3
      """;

  /**
   * The first steps of a scenario: where something returns, which action it is (X23), and what is in the tables of stage 1. X21 is
   * where the program sees physical memory from 0x4000_0000 on.
   */
  static final String TABLES = """
        // What a load that faults has made of these isn't for the next one to see. FP isn't trapped here.
        isb
        dup v0.2d, x19
        dup v1.2d, x19
        // Something returns from wherever the third quarter of a page is executed.
        ldr w1, =0xd65f03c0
        mov x2, #0x800
        add x2, x2, x21
        str w1, [x2]
        add x2, x2, #0x1000
        str w1, [x2]
        add x2, x2, #0x200000
        str w1, [x2]
        sub x2, x2, #0x1000
        str w1, [x2]
        // The action decides whether Device memory may be hit: others may not be misaligned there.
        bl random
        mov x1, #@COUNT@
        udiv x2, x0, x1
        msub x23, x2, x1, x0
        sub x2, x23, #24
        cmp x2, #4
        mov x25, #0x8
        mov x2, #0xc
        csel x25, x2, x25, lo
        // Two descriptors at the head of each of four tables.
        ldr x24, =0x104000
        add x24, x24, x21
        ldr x26, =0x40105000
      fill:
        bl descriptor
        str x0, [x24]
        bl descriptor
        str x0, [x24, #8]
        ldr x1, =0x1000
        add x24, x24, x1
        add x26, x26, x1
        and x2, x26, #0xf000
        cmp x2, #0x8000
        b.ls fill
      """;

  /** A random TCR_EL1. */
  static final String TRANSLATION_CONTROL = """
        // TCR: T0SZ mostly 25, EPD0 seldom, IPS, AS, TBI0.
        bl random
        ldr x1, =0x80190000
        and x2, x0, #0x1f
        add x2, x2, #16
        cmp x2, #39
        mov x3, #25
        csel x2, x2, x3, ls
        tst x0, #0x60
        csel x2, x2, x3, eq
        orr x1, x1, x2
        tst x0, #0xf00
        cset x2, eq
        orr x1, x1, x2, lsl #7
        ubfx x2, x0, #12, #2
        add x2, x2, #2
        tst x0, #0x4000
        csel x2, xzr, x2, eq
        orr x1, x1, x2, lsl #32
        ubfx x2, x0, #16, #2
        orr x1, x1, x2, lsl #36
        msr tcr_el1, x1
      """;

  /**
   * X2 gets SCTLR_EL1 as a kernel has it; {@link #SYSTEM_CONTROL_END} goes on with that. Nobody uses X1, but without it all that
   * follows would stand elsewhere than QEMU had it.
   */
  static final String SYSTEM_CONTROL = """
        // SCTLR: A, SA, SA0, UMA, DZE, UCT, nTWI, nTWE, WXN, UCI
        ldr x1, =0x048d0218
        tst x0, #0x700000
        cset x2, eq
        orr x1, x1, x2, lsl #1
        ror x2, x0, #7
        and x1, x1, x2
        ldr x2, =0x30d00801
      """;

  /** A random SCTLR_EL1, of which X2 has what doesn't change, and CPACR_EL1. */
  static final String SYSTEM_CONTROL_END = """
        tst x0, #0x700000
        cset x3, eq
        orr x2, x2, x3, lsl #1
        ldr x3, =0x048dc218
        ror x4, x0, #11
        and x3, x3, x4
        orr x2, x2, x3
        msr sctlr_el1, x2
        ubfx x1, x0, #40, #2
        tst x0, #0x100000000000
        mov x2, #3
        csel x1, x1, x2, ne
        lsl x1, x1, #20
        mrs x2, cpacr_el1
        msr cpacr_el1, x1
      """;

  /** A random X1, the action's address in X5, and random bits in X0 for the level where it runs. */
  static final String ADDRESS = """
        // X1: one of two pages, anywhere in it, across its end, or the returning word; upper bits seldom set.
        bl random
        and x1, x0, #0x1000
        ubfx x2, x0, #16, #11
        tst x0, #0x2000
        mov x3, #0x7f8
        and x3, x2, x3
        csel x2, x2, x3, eq
        tst x0, #0x1c000
        orr x3, x2, #0xff0
        csel x2, x3, x2, eq
        sub x3, x23, #20
        cmp x3, #3
        mov x3, #0x800
        csel x2, x3, x2, lo
        orr x1, x1, x2
        bl random
        tst x0, #0xf
        and x3, x0, #0xff00000000000000
        orr x3, x3, x1
        csel x1, x3, x1, eq
        tst x0, #0xf0
        ubfx x3, x0, #8, #5
        add x3, x3, #32
        mov x4, #1
        lsl x4, x4, x3
        orr x4, x4, x1
        csel x1, x4, x1, eq
        // EL0, EL1t or EL1h
        bl random
        adr x2, table
        ldr x5, [x2, x23, lsl #3]
      """;

  /**
   * X4 gets the PSTATE of a level that X0 decides: EL1h and EL1t branch to {@code level}, EL0 goes on with the distance in X3 at
   * which it sees the program.
   */
  static final String LEVEL = """
        mov x4, #0x3c5
        tst x0, #1
        mov x6, #0x3c4
        csel x4, x6, x4, eq
        tst x0, #0xe
        b.eq level
        tst x0, #0x10
        b.eq level
        mov x4, #0x3c0
        ldr x3, =0x40000000
      """;

  /** A random descriptor of stage 1. */
  static final String DESCRIPTOR = """
      descriptor:
        // In: X26 the next table, X25 mask of attribute bits. Out: X0.
        mov x18, x30
        bl random
        and x1, x0, #0x1f
        ldr x2, =0x780000000000000
        lsl x2, x2, #4
        tst x0, #0x1e0
        and x3, x0, x2
        csel x3, x3, xzr, eq
        orr x3, x3, x26
        orr x3, x3, #3
        cmp x1, #22
        b.lo chosen
        and x4, x26, #0xf000
        cmp x4, #0x5000
        b.eq chosen
        // A block or page: AP, nG, SH, AF nearly always, XN, PXN.
        ldr x3, =0x60000000000bc0
        and x3, x3, x0
        and x4, x0, x25
        orr x3, x3, x4
        tst x0, #0x1e00000000
        cset x4, ne
        orr x3, x3, x4, lsl #10
        ubfx x4, x0, #40, #1
        ldr x5, =0x40200000
        orr x5, x5, x4, lsl #12
        orr x3, x3, x5
        orr x3, x3, #1
        ubfx x4, x0, #42, #1
        orr x3, x3, x4, lsl #1
        cmp x1, #29
        b.lo chosen
        // An output address that is too large, or an invalid one.
        ubfx x4, x0, #44, #4
        add x4, x4, #32
        // QEMU's machine has a window at bit 39.
        cmp x4, #39
        cset x5, eq
        sub x4, x4, x5
        mov x5, #1
        lsl x5, x5, x4
        orr x3, x3, x5
        cmp x1, #31
        b.lo chosen
        and x3, x3, #-2
      chosen:
        mov x0, x3
        ret x18
      """;

  /** X0 gets random bits; the generator is an xorshift in X19. */
  static final String RANDOM = """
      random:
        eor x19, x19, x19, lsl #13
        eor x19, x19, x19, lsr #7
        eor x19, x19, x19, lsl #17
        ror x0, x19, #23
        ret
      """;

  /** Prints X0 and a space; X22 is where the program sees the UART. */
  static final String HEX = """
      hex:
        mov x12, #60
      digit:
        lsr x11, x0, x12
        and x11, x11, #15
        cmp x11, #10
        add x10, x11, #48
        add x11, x11, #87
        csel x11, x10, x11, lo
        str w11, [x22]
        subs x12, x12, #4
        b.pl digit
        mov x11, #32
        str w11, [x22]
        ret
      """;

  /** Prints the beginning of all lines: the scenario (X20), what was done, the syndrome (X3), FAR (X4), PC (X5), SPSR (X6). */
  static final String EXCEPTION = """
        lsl x0, x20, #32
        orr x0, x0, x23, lsl #16
        orr x0, x0, x24, lsl #12
        orr x0, x0, x15
        bl hex
        mov x0, x3
        bl hex
        mov x0, x4
        bl hex
        mov x0, x5
        bl hex
        mov x0, x6
        bl hex
      """;

  /** Prints what all lines but those of {@link DebugScenarios} have: the scenario (X20), what was done, the syndrome (X3), FAR (X4), PC (X5), SPSR (X6), X1 and X2. */
  static final String REPORT = """
        mov x13, x1
        mov x14, x2
        // FAR is known after aborts and misaligned PCs only: classes 0x20 to 0x25.
        lsr x7, x3, #26
        sub x7, x7, #32
        cmp x7, #6
        csel x4, x4, xzr, lo
        // What is reported of a misaligned access that nobody answers is up to the implementation.
        and x7, x3, #0x3f
        cmp x7, #0x10
        csel x4, xzr, x4, eq
      """ + EXCEPTION + """
        mov x0, x13
        bl hex
        mov x0, x14
        bl hex
      """;

  /** Ends the line; goes on with the next scenario, or ends the output. */
  static final String NEXT = """
        mov w11, #10
        str w11, [x22]
        add x20, x20, #1
        ldr x0, =@SCENARIOS@
        cmp x20, x0
        b.ne scenario
        mov w11, #46
        str w11, [x22]
        mov w11, #10
        str w11, [x22]
      """;

  /** Begins an action at EL1 or EL0, and what it and its exceptions consist of. */
  static final String ACTIONS_AND_VECTORS = """
      return:
        msr spsr_el1, x2
        adr x9, 2f
        mrs x3, nzcv
        tbz x3, #31, 1f
        add x9, x9, #2
        1:
        msr elr_el1, x9
        eret
        2:
        svc #7
        svc #8
      go:
        mov x2, #0x1111
        mov x9, #0
        mov x15, #0
        eret
        .balign 8
      table:
      @TABLE@
      @ACTIONS@
        .balign 2048
      vectors:
      @VECTORS@
      """;

  private ScenarioRoutines() {}
}

package org.xenolith.cpu.graph;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.CpuConfig;

/**
 * A bare-metal guest that runs random scenarios at EL1 and EL0 and prints what each came to: random tables below TTBR0_EL1,
 * random TCR, SCTLR and CPACR bits, then one access, which ends in an exception. The same bytes run under QEMU:
 * {@code qemu-system-aarch64 -M virt -cpu cortex-a57 -m 512 -display none -monitor none -serial stdio -device
 * loader,file=system.bin,addr=0x40180000,cpu-num=0}; {@link #main} writes the file and prints what this engine makes of it.
 * Left out is what QEMU 7.2 does otherwise than the architecture says or allows to be otherwise: alignment to 16 of SP,
 * misaligned accesses to Device memory, descriptors of blocks at level 0, a misaligned PC on a page that can't be executed,
 * the syndrome of MSR DAIFSet, shareability in PAR_EL1, exclusives that nobody answers.
 *
 * <p>A line is: number of the scenario, what was done, ESR, FAR of aborts, PC relative to the guest, SPSR, X1 and X2.
 */
final class SystemScenarios extends ScenarioMachine {
  /** What is done in a scenario; X1 is a random address. Each ends in an exception, SVC at the latest. */
  private static final List<String> ACTIONS = List.of(
      "ldr x2, [x1]", "ldr w2, [x1], #4", "ldrh w2, [x1, #2]!", "ldrb w2, [x1]",
      "str x2, [x1]", "str w2, [x1, #4]!", "strh w2, [x1]", "strb w2, [x1], #1",
      "ldp x2, x9, [x1], #16", "stp x2, x2, [x1, #-16]!", "ldtr x2, [x1]", "sttr x2, [x1]",
      "ldrsw x2, [x1]", "ldr q0, [x1], #16", "str q0, [x1], #16", "ld1 {v0.2d, v1.2d}, [x1], #32",
      "st2 {v0.8h, v1.8h}, [x1], #32", "ldtrsb x2, [x1]", "sttrh w2, [x1]", "ldpsw x2, x9, [x1], #8",
      "adr x30, 1f\n br x1\n 1:", "adr x30, 1f\n br x1\n 1:", "adr x30, 1f\n blr x1\n nop\n 1:", "dc zva, x1",
      "at s1e1r, x1\n isb\n mrs x2, par_el1\n and x2, x2, #0xfffffffffffffc7f", "at s1e1w, x1\n isb\n mrs x2, par_el1\n and x2, x2, #0xfffffffffffffc7f",
      "at s1e0r, x1\n isb\n mrs x2, par_el1\n and x2, x2, #0xfffffffffffffc7f", "at s1e0w, x1\n isb\n mrs x2, par_el1\n and x2, x2, #0xfffffffffffffc7f",
      "mrs x2, ctr_el0", "mrs x2, daif", "msr daif, x2", "mrs x2, nzcv", "mrs x2, midr_el1",
      "mrs xzr, id_aa64pfr0_el1", "msr tpidrro_el0, x2", "mrs x2, dczid_el0", "ic ivau, xzr", "adr x1, .\n dc cvau, x1",
      "smc #1", "brk #0x55", "svc #0x1234", ".inst 0", "msr sp_el0, x2", "mrs x2, spsel", "mrs x2, currentel",
      "and x1, x1, #-16\n mov sp, x1\n ldr x2, [sp]", "and x1, x1, #-16\n mov sp, x1\n ldp x2, x9, [sp], #16", "mrs x2, fpcr", "fmov x2, d0",
      "mov x2, #0x3c9\n b return", "mov x2, #0x3c1\n b return", "mov x2, #0x3c6\n b return",
      "mov x2, #0x3c5\n movk x2, #0x6010, lsl #16\n b return", "msr nzcv, xzr\n mov x2, #0x340\n movk x2, #0xb010, lsl #16\n b return",
      "mov x2, #0x3cd\n movk x2, #0xf000, lsl #16\n b return", "mov x2, #0x3c5\n b return", "mov x2, #0x2c4\n b return",
      "dc zva, xzr", "tlbi vmalle1", "mrs x2, mpidr_el1", "mrs x2, revidr_el1");

  /** Physical 0x4010_0000: EL1's own table. 0x4010_4000 to 0x4010_7000: the random ones. 0x4020_0000: pages to hit. */
  private static final String PROGRAM = """
      start:
        ldr x0, =0x40100000
        mov x1, #0x8000
        bl clear
        ldr x0, =0x40000000
        mov x1, #0x2000
        bl clear
        ldr x0, =0x40200000
        mov x1, #0x2000
        bl clear
        // The upper half: a device, this program for EL1 to read, for EL0 to read, and all memory to write.
        ldr x0, =0x40100000
        ldr x1, =0x60000000000405
        str x1, [x0]
        ldr x1, =0x200000400007c1
        str x1, [x0, #16]
        ldr x1, =0x60000040000701
        str x1, [x0, #24]
        ldr x1, =0x40000040000781
        str x1, [x0, #8]
        msr ttbr1_el1, x0
        ldr x1, =0x40104000
        msr ttbr0_el1, x1
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
        // For a moment the program is in the lower half, too.
        ldr x4, =0x40104000
        ldr x5, =0x40000040000781
        str x5, [x4, #8]
        dsb sy
        ldr x5, =0x30d00801
        msr sctlr_el1, x5
        isb
        br x2
      clear:
        str xzr, [x0], #8
        subs x1, x1, #8
        b.ne clear
        ret
      high:
        ldr x22, =0xffffff8009000000
        ldr x21, =0xffffff80c0000000
        ldr x19, =0x9e3779b97f4a7c15
        mov x20, #0
      scenario:
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
        // SCTLR: A, SA, SA0, UMA, DZE, UCT, nTWI, nTWE, WXN, UCI
        ldr x1, =0x048d0218
        tst x0, #0x700000
        cset x2, eq
        orr x1, x1, x2, lsl #1
        ror x2, x0, #7
        and x1, x1, x2
        ldr x2, =0x30d00801
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
        dsb sy
        tlbi vmalle1
        dsb sy
        ic iallu
        isb
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
        ldr x3, =0xffffff8000000000
        orr x5, x5, x3
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
        add x5, x5, x3
      level:
        and x6, x0, #0xf0000000
        orr x4, x4, x6
        and x24, x4, #0xf
        msr spsr_el1, x4
        msr elr_el1, x5
        b go
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
      random:
        eor x19, x19, x19, lsl #13
        eor x19, x19, x19, lsr #7
        eor x19, x19, x19, lsl #17
        ror x0, x19, #23
        ret
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
      caught:
        // X15 has the vector's offset.
        mrs x3, esr_el1
        mrs x4, far_el1
        mrs x5, elr_el1
        mrs x6, spsr_el1
        ldr x7, =0x30d00801
        msr sctlr_el1, x7
        isb
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
        mov x0, x13
        bl hex
        mov x0, x14
        bl hex
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
        hvc #0
        b .
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

  private SystemScenarios() {
    super(CpuConfig.cortexA57(0));
  }

  static byte[] image(int scenarios) {
    return assemble(PROGRAM, ACTIONS, scenarios);
  }

  /** Runs so many scenarios; returns what the guest printed. */
  static String run(int scenarios) {
    return new SystemScenarios().print(image(scenarios), scenarios);
  }

  @Override public boolean firmwareCall(Cpu caller, boolean hvc) {
    if (hvc) {
      stop();
    }
    return hvc;
  }

  /** Arguments: how many scenarios, and the file that gets the guest's image. */
  public static void main(String[] arguments) throws Exception {
    int scenarios = Integer.parseInt(arguments[0]);
    Files.write(Path.of(arguments[1]), image(scenarios));
    System.out.print(run(scenarios));
  }
}

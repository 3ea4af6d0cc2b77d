package org.xenolith.cpu.graph;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.CpuConfig;

/**
 * A bare-metal hypervisor that runs random scenarios at EL1 and EL0 and prints what each came to: random tables of both
 * stages, random HCR, VTCR, CPTR, TCR, SCTLR and CPACR bits, then one access, which ends in an exception to EL2, or to EL1,
 * whose vectors call EL2. The same bytes run under QEMU: {@code qemu-system-aarch64 -M virt,virtualization=on -cpu cortex-a57 -m 512 -display none -monitor none -serial stdio -device
 * loader,file=hypervisor.bin,addr=0x40180000,cpu-num=0}; {@link #main} writes the file and prints what this engine makes of it.
 * Left out is what QEMU 7.2 does otherwise than the architecture says or allows to be otherwise: alignment to 16 of SP,
 * misaligned accesses to Device memory, descriptors of blocks at level 0, a misaligned PC on a page that can't be executed,
 * the syndrome of MSR DAIFSet, shareability in PAR_EL1, exclusives that nobody answers, DC ZVA of Device memory.
 *
 * <p>A line is: number of the scenario, what was done, ESR_EL2, FAR, ELR, SPSR, X1, X2, HPFAR and ESR_EL1.
 */
final class HypervisorScenarios extends ScenarioMachine {
  /** PSCI function by which the guest ends. */
  private static final long SYSTEM_OFF = 0x8400_0008L;

  /** What is done in a scenario; X1 is a random address. Each ends in an exception, SVC at the latest. */
  private static final List<String> ACTIONS = List.of(
      "ldr x2, [x1]", "ldr w2, [x1], #4", "ldrh w2, [x1, #2]!", "ldrb w2, [x1]",
      "str x2, [x1]", "str w2, [x1, #4]!", "strh w2, [x1]", "strb w2, [x1], #1",
      "ldp x2, x9, [x1], #16", "stp x2, x2, [x1, #-16]!", "ldtr x2, [x1]", "sttr x2, [x1]",
      "ldrsw x2, [x1]", "ldr q0, [x1], #16", "str q0, [x1], #16", "ld1 {v0.2d, v1.2d}, [x1], #32",
      "st2 {v0.8h, v1.8h}, [x1], #32", "ldtrsb x2, [x1]", "sttrh w2, [x1]", "ldpsw x2, x9, [x1], #8",
      "adr x30, 1f\n br x1\n 1:", "adr x30, 1f\n br x1\n 1:", "adr x30, 1f\n blr x1\n nop\n 1:", "ldtr w2, [x1]",
      "at s1e1r, x1\n isb\n mrs x2, par_el1\n and x2, x2, #0xfffffffffffffc7f", "at s1e1w, x1\n isb\n mrs x2, par_el1\n and x2, x2, #0xfffffffffffffc7f",
      "at s1e0r, x1\n isb\n mrs x2, par_el1\n and x2, x2, #0xfffffffffffffc7f", "at s1e0w, x1\n isb\n mrs x2, par_el1\n and x2, x2, #0xfffffffffffffc7f",
      "mrs x2, ctr_el0", "mrs x2, daif", "msr daif, x2", "mrs x2, nzcv", "mrs x2, midr_el1",
      "mrs xzr, id_aa64pfr0_el1", "msr tpidrro_el0, x2", "mrs x2, dczid_el0", "ic ivau, xzr", "adr x1, .\n dc cvau, x1",
      "smc #1", "brk #0x55", "svc #0x1234", ".inst 0", "msr sp_el0, x2", "mrs x2, spsel", "mrs x2, currentel",
      "and x1, x1, #-16\n mov sp, x1\n ldr x2, [sp]", "and x1, x1, #-16\n mov sp, x1\n ldp x2, x9, [sp], #16", "mrs x2, fpcr", "fmov x2, d0",
      "mov x2, #0x3c9\n b return", "mov x2, #0x3c1\n b return", "mov x2, #0x3c6\n b return",
      "mov x2, #0x3c5\n movk x2, #0x6010, lsl #16\n b return", "msr nzcv, xzr\n mov x2, #0x340\n movk x2, #0xb010, lsl #16\n b return",
      "mov x2, #0x3cd\n movk x2, #0xf000, lsl #16\n b return", "mov x2, #0x3c5\n b return", "mov x2, #0x2c4\n b return",
      "msr contextidr_el1, x2", "mrs x2, contextidr_el1", "mrs x2, actlr_el1\n mov x2, #0", "ic iallu", "dc cisw, xzr", "hvc #3", "mrs x2, aidr_el1\n mov x2, #0", "mrs x2, csselr_el1", "mrs x2, sctlr_el1", "mrs x2, hcr_el2", "mov x2, #0x3c8\n b return", "tlbi vae1, xzr", "tlbi vmalle1", "mrs x2, mpidr_el1", "mrs x2, revidr_el1");

  /**
   * Physical 0x4010_0000: EL1's upper half. 0x4010_4000 to 0x4010_7000: random tables of stage 1. 0x4010_8000: stage 2, which
   * maps the first 2 MiB to itself. 0x4020_0000: pages to hit.
   */
  private static final String PROGRAM = """
      start:
        ldr x0, =0x40100000
        mov x1, #0x10000
        bl clear
        ldr x0, =0x40000000
        mov x1, #0x2000
        bl clear
        ldr x0, =0x40200000
        mov x1, #0x2000
        bl clear
        ldr x0, =0x40100000
        ldr x1, =0x200000400007c1
        str x1, [x0, #16]
        ldr x1, =0x40000040000781
        str x1, [x0, #8]
        msr ttbr1_el1, x0
        ldr x1, =0x40104000
        msr ttbr0_el1, x1
        ldr x1, =0x004404ff
        msr mair_el1, x1
        ldr x0, =0x40108000
        ldr x1, =0x40109003
        str x1, [x0, #8]
        ldr x0, =0x40109000
        ldr x1, =0x4010a003
        str x1, [x0]
        ldr x0, =0x40108000
        msr vttbr_el2, x0
        adr x1, vectors
        msr vbar_el2, x1
        b high
      clear:
        str xzr, [x0], #8
        subs x1, x1, #8
        b.ne clear
        ret
      high:
        ldr x22, =0x9000000
        ldr x21, =0x40000000
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
        // Stage 2: pages to themselves, a few of them and of those to hit with random rights.
        ldr x0, =0x4010a000
        ldr x1, =0x400007ff
        mov x2, #512
        identity:
        str x1, [x0], #8
        add x1, x1, #0x1000
        subs x2, x2, #1
        b.ne identity
        ldr x24, =0x4010a820
        mov x26, #4
        tables:
        bl random
        tst x0, #0x7000000
        b.ne kept
        bl rights
        ldr x1, [x24]
        and x1, x1, #0xfffffffffffff000
        orr x1, x1, x0
        str x1, [x24]
        kept:
        add x24, x24, #8
        subs x26, x26, #1
        b.ne tables
        bl rights
        ldr x1, =0x4010b000
        ldr x2, =0x40200000
        orr x2, x2, x0
        str x2, [x1]
        bl rights
        ldr x2, =0x40201000
        orr x2, x2, x0
        ldr x1, =0x4010b000
        str x2, [x1, #8]
        bl random
        ldr x2, =0x4010b003
        tst x0, #0x3000
        b.ne paged
        bl rights
        ldr x2, =0x40200001
        and x0, x0, #0xfffffffffffffffd
        orr x2, x2, x0
        paged:
        ldr x1, =0x40109000
        str x2, [x1, #8]
        ldr x1, =0x80040559
        bl random
        ubfx x2, x0, #20, #2
        add x2, x2, #23
        and x3, x1, #-64
        orr x3, x3, x2
        tst x0, #0x700
        csel x1, x1, x3, ne
        msr vtcr_el2, x1
        // HCR: RW, VM and PTW, TID1 to TID3, TSC, TACR, TSW, TPC, TPU, TTLB, TVM, TDZ, TRVM
        bl random
        ldr x1, =0x57ef0004
        and x1, x1, x0
        ror x2, x0, #17
        and x1, x1, x2
        ldr x2, =0x80000001
        orr x1, x1, x2
        msr hcr_el2, x1
        ldr x1, =0x33ff
        tst x0, #0x7000
        cset x2, eq
        orr x1, x1, x2, lsl #10
        msr cptr_el2, x1
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
        tst x0, #0xe0000000
        cset x3, eq
        sub x2, x2, x3
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
        tlbi vmalls12e1
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
        mrs x7, sctlr_el1
        ldr x3, =0xffffff8000000000
        tst x7, #1
        csel x3, x3, xzr, ne
        adr x8, guest
        orr x8, x8, x3
        msr vbar_el1, x8
        ldr x8, =0x40200000
        orr x8, x8, x1
        // All is Device memory then.
        and x8, x8, #-16
        csel x1, x1, x8, ne
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
        tst x7, #1
        csel x3, x3, xzr, ne
        add x5, x5, x3
      level:
        and x6, x0, #0xf0000000
        orr x4, x4, x6
        and x24, x4, #0xf
        msr spsr_el2, x4
        msr elr_el2, x5
        msr esr_el1, xzr
        msr far_el1, xzr
        msr par_el1, xzr
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
      rights:
        // MemAttr Normal, S2AP, SH, AF nearly always, XN, valid nearly always.
        mov x18, x30
        bl random
        ldr x1, =0x400000000000c0
        and x2, x0, x1
        tst x0, #0x700000000
        orr x1, x2, #0xc0
        csel x2, x1, x2, ne
        mov x1, #0x33e
        orr x2, x2, x1
        tst x0, #0x78000000000
        cset x1, ne
        orr x2, x2, x1, lsl #10
        tst x0, #0x3800000000
        cset x1, ne
        orr x0, x2, x1
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
        mrs x3, esr_el2
        mrs x4, far_el2
        mrs x5, elr_el2
        mrs x6, spsr_el2
        // QEMU clears NZCV on entry to EL1, and gives the level of stage 1 for faults of stage 2 on its walks.
        lsr x7, x3, #26
        cmp x7, #22
        and x7, x6, #0xffffffff0fffffff
        csel x6, x7, x6, eq
        lsr x7, x3, #31
        ubfx x8, x3, #7, #1
        and x7, x7, x8
        and x8, x3, #-4
        cmp x7, #0
        csel x3, x8, x3, ne
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
        // What stage 2 says, and what EL1 was told before.
        mrs x0, esr_el2
        lsr x1, x0, #29
        cmp x1, #4
        mrs x0, hpfar_el2
        csel x0, x0, xzr, eq
        // Of permission faults only those on walks report it.
        mrs x1, esr_el2
        and x2, x1, #0x3c
        cmp x2, #0xc
        cset x2, eq
        ubfx x1, x1, #7, #1
        bic x2, x2, x1
        cmp x2, #0
        csel x0, x0, xzr, eq
        bl hex
        mrs x0, esr_el1
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
        ldr x0, =0x84000008
        smc #0
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
      guest:
      @GUEST@
      """;

  private HypervisorScenarios() {
    super(CpuConfig.cortexA57(0).withLevels(true, false));
  }

  static byte[] image(int scenarios) {
    return assemble(PROGRAM.replace("@GUEST@", "hvc #0x77\n .balign 128\n".repeat(16)), ACTIONS, scenarios);
  }

  /** Runs so many scenarios; returns what the guest printed. */
  static String run(int scenarios) {
    return new HypervisorScenarios().print(image(scenarios), scenarios);
  }

  @Override public boolean firmwareCall(Cpu caller, boolean hvc) {
    if (!hvc && caller.x[0] == SYSTEM_OFF) {
      stop();
    }
    return true;
  }

  /** Arguments: how many scenarios, and the file that gets the guest's image. */
  public static void main(String[] arguments) throws Exception {
    int scenarios = Integer.parseInt(arguments[0]);
    Files.write(Path.of(arguments[1]), image(scenarios));
    System.out.print(run(scenarios));
  }
}

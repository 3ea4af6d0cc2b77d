// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64.scenarios;

import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;

/**
 * A bare-metal hypervisor that runs random scenarios at EL1 and EL0 and prints what each came to: random tables of both
 * stages, random HCR, VTCR, CPTR, TCR, SCTLR and CPACR bits, then one access, which ends in an exception to EL2, or to EL1,
 * whose vectors call EL2. The same bytes run under QEMU: {@code qemu-system-aarch64 -M virt,virtualization=on -cpu cortex-a57
 * -m 512 -display none -monitor none -serial stdio -device loader,file=hypervisor.bin,addr=0x40180000,cpu-num=0}; conformance.cpu's
 * {@code ScenariosMain} writes the file and compares.
 * Left out is what QEMU 7.2 does otherwise than the architecture says or allows to be otherwise: alignment to 16 of SP,
 * misaligned accesses to Device memory, vectors that a load of several has got before it faults, descriptors of blocks at level
 * 0, a misaligned PC on a page that can't be executed, the syndrome of MSR DAIFSet, shareability in PAR_EL1, exclusives that
 * nobody answers, DC ZVA of Device memory.
 *
 * <p>A line is: number of the scenario, what was done, ESR_EL2, FAR, ELR, SPSR, X1, X2, HPFAR and ESR_EL1.
 */
public final class HypervisorScenarios extends Scenarios {
  /** PSCI function by which the guest ends. */
  private static final long SYSTEM_OFF = 0x8400_0008L;

  private static final List<String> ACTIONS = ScenarioActions.with(
      "ldtr w2, [x1]", "msr contextidr_el1, x2", "mrs x2, contextidr_el1", "mrs x2, actlr_el1\n mov x2, #0", "ic iallu", "dc cisw, xzr",
      "hvc #3", "mrs x2, aidr_el1\n mov x2, #0", "mrs x2, csselr_el1", "mrs x2, sctlr_el1", "mrs x2, hcr_el2",
      "mov x2, #0x3c8\n b return", "tlbi vae1, xzr", "tlbi vmalle1", "mrs x2, mpidr_el1", "mrs x2, revidr_el1");

  /**
   * Physical 0x4010_0000: EL1's upper half. 0x4010_4000 to 0x4010_7000: random tables of stage 1. 0x4010_8000: stage 2, which
   * maps the first 2 MiB to itself. 0x4020_0000: pages to hit.
   */
  private static final String PROGRAM = """
      start:
        ldr x0, =0x40100000
        mov x1, #0x10000
        bl clear
      """ + ScenarioRoutines.CLEAR_PAGES + """
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
      """ + ScenarioRoutines.CLEAR + """
      high:
        ldr x22, =0x9000000
        ldr x21, =0x40000000
        ldr x19, =@SEED@
        mov x20, #0
      scenario:
        ldr x1, =0x33ff
        msr cptr_el2, x1
      """ + ScenarioRoutines.TABLES + """
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
      """ + ScenarioRoutines.TRANSLATION_CONTROL + ScenarioRoutines.SYSTEM_CONTROL + """
        tst x0, #0xe0000000
        cset x3, eq
        sub x2, x2, x3
      """ + ScenarioRoutines.SYSTEM_CONTROL_END + """
        dsb sy
        tlbi vmalls12e1
        dsb sy
        ic iallu
        isb
      """ + ScenarioRoutines.ADDRESS + """
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
      """ + ScenarioRoutines.LEVEL + """
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
      """ + ScenarioRoutines.DESCRIPTOR + """
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
      """ + ScenarioRoutines.RANDOM + ScenarioRoutines.HEX + """
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
      """ + ScenarioRoutines.REPORT + """
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
      """ + ScenarioRoutines.NEXT + """
        ldr x0, =0x84000008
        smc #0
        b .
      """ + ScenarioRoutines.ACTIONS_AND_VECTORS + """
      guest:
      @GUEST@
      """;

  /** The guest, and QEMU's sums. */
  public HypervisorScenarios() {
    super(CpuConfig.cortexA57(0).withLevels(true, false), PROGRAM.replace("@GUEST@", "hvc #0x77\n .balign 128\n".repeat(16)), ACTIONS,
        0xE0D0_E555, 0x176A_BAED, 0xFCFE_BF2A, 0x43F4_311A, 0x2C64_852D, 0x2C83_ED75, 0xCBF6_F8A5, 0xED78_1BC8,
        0xB186_48B2, 0x5EFF_529E, 0x16D7_30A2, 0xF2F3_33DF, 0xA77B_B927, 0xE128_2691, 0x61F0_76A3, 0x4C6C_BB57,
        0xFB15_E6B1, 0x8238_D65C, 0xEFC6_758D, 0xF6CA_6824);
  }

  @Override
  public String machine() {
    return "virt,virtualization=on";
  }

  @Override
  boolean answers(boolean hvc) {
    return true;
  }

  @Override
  boolean ends(Cpu caller, boolean hvc) {
    return !hvc && caller.x[0] == SYSTEM_OFF;
  }
}

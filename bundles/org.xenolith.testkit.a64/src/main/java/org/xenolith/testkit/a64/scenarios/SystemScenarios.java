// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64.scenarios;

import java.util.List;
import org.xenolith.a64.arch.CpuConfig;

/**
 * A bare-metal guest that runs random scenarios at EL1 and EL0 and prints what each came to: random tables below TTBR0_EL1,
 * random TCR, SCTLR and CPACR bits, then one access, which ends in an exception. The same bytes run under QEMU:
 * {@code qemu-system-aarch64 -M virt -cpu cortex-a57 -m 512 -display none -monitor none -serial stdio -device
 * loader,file=system.bin,addr=0x40180000,cpu-num=0}; conformance.cpu's {@code ScenariosMain} writes the file and compares.
 * Left out is what QEMU 7.2 does otherwise than the architecture says or allows to be otherwise: alignment to 16 of SP,
 * misaligned accesses to Device memory, vectors that a load of several has got before it faults, descriptors of blocks at level
 * 0, a misaligned PC on a page that can't be executed, the syndrome of MSR DAIFSet, shareability in PAR_EL1, exclusives that
 * nobody answers.
 *
 * <p>A line is: number of the scenario, what was done, ESR, FAR of aborts, PC relative to the guest, SPSR, X1 and X2.
 */
public final class SystemScenarios extends Scenarios {
  private static final List<String> ACTIONS = ScenarioActions.with(
      "dc zva, x1", "dc zva, xzr", "tlbi vmalle1", "mrs x2, mpidr_el1", "mrs x2, revidr_el1");

  /** Physical 0x4010_0000: EL1's own table. 0x4010_4000 to 0x4010_7000: the random ones. 0x4020_0000: pages to hit. */
  private static final String PROGRAM = """
      start:
        ldr x0, =0x40100000
        mov x1, #0x8000
        bl clear
      """ + ScenarioRoutines.CLEAR_PAGES + """
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
      """ + ScenarioRoutines.UPPER_HALF + """
        // For a moment the program is in the lower half, too.
        ldr x4, =0x40104000
        ldr x5, =0x40000040000781
        str x5, [x4, #8]
        dsb sy
        ldr x5, =0x30d00801
        msr sctlr_el1, x5
        isb
        br x2
      """ + ScenarioRoutines.CLEAR + """
      high:
        ldr x22, =0xffffff8009000000
        ldr x21, =0xffffff80c0000000
        ldr x19, =@SEED@
        mov x20, #0
      scenario:
        mov x1, #0x300000
        msr cpacr_el1, x1
      """ + ScenarioRoutines.TABLES + ScenarioRoutines.TRANSLATION_CONTROL + ScenarioRoutines.SYSTEM_CONTROL
      + ScenarioRoutines.SYSTEM_CONTROL_END + """
        dsb sy
        tlbi vmalle1
        dsb sy
        ic iallu
        isb
      """ + ScenarioRoutines.ADDRESS + """
        ldr x3, =0xffffff8000000000
        orr x5, x5, x3
      """ + ScenarioRoutines.LEVEL + """
        add x5, x5, x3
      level:
        and x6, x0, #0xf0000000
        orr x4, x4, x6
        and x24, x4, #0xf
        msr spsr_el1, x4
        msr elr_el1, x5
        b go
      """ + ScenarioRoutines.DESCRIPTOR + ScenarioRoutines.RANDOM + ScenarioRoutines.HEX + """
      caught:
        // X15 has the vector's offset.
        mrs x3, esr_el1
        mrs x4, far_el1
        mrs x5, elr_el1
        mrs x6, spsr_el1
        ldr x7, =0x30d00801
        msr sctlr_el1, x7
        isb
      """ + ScenarioRoutines.REPORT + ScenarioRoutines.NEXT + """
        hvc #0
        b .
      """ + ScenarioRoutines.ACTIONS_AND_VECTORS;

  /** The guest, and QEMU's sums. */
  public SystemScenarios() {
    super(CpuConfig.cortexA57(0), PROGRAM, ACTIONS,
        0xAE7B_0D52, 0x6259_C7FF, 0xAEBE_25DB, 0x67EE_4411, 0x3931_7352, 0x5159_C2F9, 0xCC04_B841, 0xCD50_A520,
        0x26CD_2556, 0x6853_D12B, 0xAB3B_AB2F, 0x6B8E_5430, 0x30B5_A0F9, 0x5911_1116, 0x6939_6DA7, 0x3267_A3A5,
        0xA491_9CD6, 0xA474_FAC6, 0x425A_7683, 0x7C7D_DB10);
  }
}

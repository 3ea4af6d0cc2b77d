// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Program;

/**
 * What the guest executes: entries of {@link Place#SCRIPT}, 32 bytes each: the address of the code that does it, and what that
 * takes in x10, x11 and x12. It is the same for every input, so that engines keep what they made of it.
 */
final class ScriptCode {
  /** Things that an entry may be. Those named after a system register come on top. */
  enum Operation {
    STORE1, STORE2, STORE4, STORE8, LOAD1, LOAD2, LOAD4, LOAD8, MOVE4, MOVE8, ADD2, FILL, COPY, SPIN, SLEEP, ON, OFF, CALL, DONE
  }

  /** op0, op1, CRn, CRm, op2 of the system registers: the GICv3's of EL1, those of EL2, the timers'. */
  static final int[] REGISTERS = {
      0xC660, 0xC661, 0xC662, 0xC65D, 0xC65E, 0xC65F, 0xC659, 0xC230, 0xC663, 0xC664, 0xC665, 0xC667, 0xC666, 0xC65B, 0xC640,
      0xC641, 0xC642, 0xC643, 0xC644, 0xC645, 0xC646, 0xC647, 0xC648, 0xC649, 0xC64A, 0xC64B, 0xDF18, 0xDF19, 0xDF1A, 0xDF10, 0xDF11,
      0xDF12, 0xE64D, 0xE658, 0xE659, 0xE65A, 0xE65B, 0xE65D, 0xE65F, 0xE660, 0xE661, 0xE662, 0xE663, 0xE664, 0xE66C, 0xE640, 0xE644,
      0xE648, 0xE649, 0xE088, 0xE708, 0xE710, 0xE711, 0xE712, 0xE703,
  };
  /** Interrupts that are taken before they stay masked: one that never falls must not eat the whole run. */
  private static final int MOST_INTERRUPTS = 16;

  private final Program program;
  private final Map<Operation, Long> addresses = new java.util.EnumMap<>(Operation.class);

  /**
   * Makes it.
   *
   * @param gic version of the interrupt controller
   * @param el2 whether it runs at EL2, else at EL1
   */
  ScriptCode(int gic, boolean el2) {
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      source.append(i % 4 == 0 ? exception(i) : i % 4 == 3 ? "eret\n" : interrupt(gic, i)).append(".align 7\n");
    }
    source.append("""
        entry:  ldr x0, =0x%x
                msr vbar_el1, x0
                %s
                isb
                mov x27, #%d
                ldr x28, =0x%x
        next:   ldp x9, x10, [x28]
                ldp x11, x12, [x28, #16]
                add x28, x28, #32
                br x9
        store1: strb w11, [x10]
                b next
        store2: strh w11, [x10]
                b next
        store4: str w11, [x10]
                b next
        store8: str x11, [x10]
                b next
        load1:  ldrb w13, [x10]
                b next
        load2:  ldrh w13, [x10]
                b next
        load4:  ldr w13, [x10]
                b next
        load8:  ldr x13, [x10]
                b next
        move4:  ldr w13, [x11]
                str w13, [x10]
                b next
        move8:  ldr x13, [x11]
                str x13, [x10]
                b next
        add2:   ldrh w13, [x10]
                add w13, w13, w11
                strh w13, [x10]
                b next
        fill:   cbz x11, next
                str x12, [x10], #8
                sub x11, x11, #1
                b fill
        copy:   cbz x12, next
                ldr x13, [x11], #8
                str x13, [x10], #8
                sub x12, x12, #1
                b copy
        spin:   cbz x10, next
                sub x10, x10, #1
                b spin
        sleep:  %s
                msr cntv_tval_el0, x10
                mov x13, #1
                msr cntv_ctl_el0, x13
                wfi
                mov x13, #2
                msr cntv_ctl_el0, x13
                %s
                b next
        on:     mov x27, #%d
                msr daifclr, #3
                b next
        off:    msr daifset, #3
                b next
        call:   mov x0, x10
                mov x1, x11
                mov x2, x12
                mov x3, #0
                %s #0
                b next
        done:   %s
        end:    wfi
                b end
        second: ldr x0, =0x%x
                msr vbar_el1, x0
                %s
                isb
                mov x27, #64
                %s
                msr daifclr, #3
        rest:   wfi
                b rest
        """.formatted(Place.CODE, hypervisor(el2), MOST_INTERRUPTS, Place.SCRIPT, mask(gic, Gic.TIMERS_ONLY), mask(gic, Gic.ALL),
        MOST_INTERRUPTS, el2 ? "smc" : "hvc", mask(gic, 0), Place.CODE, hypervisor(el2), own(gic)));
    for (int i = 0; i < REGISTERS.length; i++) {
      source.append("write%d: .inst 0x%x\nisb\nb next\nread%d: .inst 0x%x\nb next\n".formatted(i, 0xD500_0000 | REGISTERS[i] << 5 | 10, i,
          0xD500_0000 | 1 << 21 | REGISTERS[i] << 5 | 13));
    }
    String text = source.toString();
    program = Assembler.program(Place.CODE, el2 ? text.replace("vbar_el1", "vbar_el2").replace("esr_el1", "esr_el2")
        .replace("elr_el1", "elr_el2").replace("spsr_el1", "spsr_el2") : text);
    if (program.bytes().length > Place.SCRIPT - Place.CODE) {
      throw new IllegalStateException("the guest's code has " + program.bytes().length + " bytes");
    }
    Arrays.stream(Operation.values()).forEach(o -> addresses.put(o, program.address(o.name().toLowerCase(Locale.ROOT))));
  }

  /** Interrupts go to EL2. */
  private static String hypervisor(boolean el2) {
    return el2 ? "ldr x0, =0x80000018\n msr hcr_el2, x0" : "";
  }

  /** Opens the CPU's own interface. */
  private static String own(int gic) {
    return gic == 2 ? "ldr x0, =0x%x\n mov w1, #0xff\n str w1, [x0, #4]\n mov w1, #1\n str w1, [x0]".formatted(Place.GICC)
        : "mov x1, #0xff\n msr icc_pmr_el1, x1\n mov x1, #1\n msr icc_igrpen1_el1, x1";
  }

  /** Lets only interrupts of higher priorities reach the CPU, so that WFI waits although others are pending. */
  private static String mask(int gic, int priority) {
    return "mov x13, #%d\n".formatted(priority) + (gic == 2 ? "ldr x14, =0x%x\n str w13, [x14, #4]".formatted(Place.GICC)
        : "msr icc_pmr_el1, x13");
  }

  /** Leaves the instruction out; goes on with the next entry where nothing can be fetched. */
  private static String exception(int vector) {
    return """
        mrs x29, esr_el1
        lsr x29, x29, #26
        and x29, x29, #0x3e
        cmp x29, #0x20
        b.eq lost%1$d
        mrs x29, elr_el1
        add x29, x29, #4
        msr elr_el1, x29
        eret
        lost%1$d: adr x29, next
        msr elr_el1, x29
        eret
        """.formatted(vector);
  }

  private static String interrupt(int gic, int vector) {
    String taken = gic == 2 ? "ldr x29, =0x%x\n ldr w30, [x29, #12]\n str w30, [x29, #16]".formatted(Place.GICC)
        : "mrs x29, icc_iar1_el1\n msr icc_eoir1_el1, x29";
    return """
        %1$s
        mov x29, #2
        msr cntv_ctl_el0, x29
        sub x27, x27, #1
        cbnz x27, back%2$d
        mrs x29, spsr_el1
        orr x29, x29, #0xc0
        msr spsr_el1, x29
        back%2$d: eret
        """.formatted(taken, vector);
  }

  byte[] bytes() {
    return program.bytes();
  }

  long entry() {
    return program.address("entry");
  }

  /** Where the second CPU begins. */
  long second() {
    return program.address("second");
  }

  long of(Operation operation) {
    return addresses.get(operation);
  }

  /** What moves a system register. @param index in {@link #REGISTERS} */
  long ofRegister(int index, boolean write) {
    return program.address((write ? "write" : "read") + index);
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.gic.kit.BankRegister;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.RegisterFaults;

/**
 * The distributor's window: one Security state (DS), affinity routing always on (ARE), no message-based shared interrupts.
 */
final class Distributor implements MmioHandler {
  private static final String REFERENCE = "Arm IHI 0069H, table 12-25";
  private static final int CTLR = 0x0;
  private static final int TYPER = 0x4;
  private static final int IIDR = 0x8;
  private static final int TYPER2 = 0xC;
  private static final int ITARGETSR = 0x800;
  private static final int SGIR = 0xF00;
  private static final int SGI_PENDING = 0xF10;
  private static final int IROUTER = 0x6000;
  private static final int IROUTER_END = 0x8000;
  /** GICD_CTLR: affinity routing, one Security state. */
  private static final int ARE_DS = 1 << 4 | 1 << 6;
  /** GICD_TYPER: no 1-of-N interrupts, Aff3 is valid, 16-bit interrupt numbers. */
  private static final int TYPER_FIXED = 1 << 25 | 1 << 24 | 15 << 19;
  /** GICD_TYPER.LPIS: as many LPIs as the numbers have room for. */
  private static final int TYPER_LPIS = 1 << 17;
  private static final int ARM = 0x43B;
  private static final int PART = 0x92;

  private final InterruptStates interrupts;
  private final BankRegisters banks;
  private final RegisterFaults faults;
  private final Runnable changed;

  Distributor(InterruptStates interrupts, BankRegisters banks, RegisterFaults faults, Runnable changed) {
    this.interrupts = interrupts;
    this.banks = banks;
    this.faults = faults;
    this.changed = changed;
  }

  /** All of them: the banks of every interrupt that there can be, and what affinity routing makes RES0. */
  static List<ListedRegister> registers() {
    List<ListedRegister> all = new ArrayList<>(List.of(row("CTLR", CTLR), row("TYPER", TYPER), row("IIDR", IIDR), row("TYPER2", TYPER2),
        row(
            "SGIR", SGIR)));
    for (BankRegister bank : BankRegister.values()) {
      all.addAll(ListedRegister.run("GICD_" + bank, bank.offset, Integer.BYTES, 32 * bank.bits, REFERENCE));
    }
    all.addAll(ListedRegister.run("GICD_CPENDSGIR", SGI_PENDING, Integer.BYTES, 4, REFERENCE));
    all.addAll(ListedRegister.run("GICD_SPENDSGIR", SGI_PENDING + 0x10, Integer.BYTES, 4, REFERENCE));
    all.addAll(ListedRegister.run("GICD_IROUTER", IROUTER, Long.BYTES, (IROUTER_END - IROUTER) / Long.BYTES, REFERENCE));
    all.addAll(IdentificationRegisters.listed("GICD", 0));
    return ListedRegister.saidBy(Distributor.class, all);
  }

  private static ListedRegister row(String name, int offset) {
    return ListedRegister.of("GICD_" + name, offset, Integer.BYTES, REFERENCE);
  }

  @Override
  public long read(long offset, int size) {
    long at = offset & ~3L;
    BankRegister register = BankRegisters.at(at);
    int word;
    if (register != null) {
      int first = register.first(at);
      // The private interrupts are in the redistributors; here they read as zero.
      boolean shared = first >= InterruptStates.SPI && first < interrupts.lines;
      word = shared ? banks.read(register, interrupts.bank(0, first), first) : 0;
    } else if (at >= IROUTER && at < IROUTER_END) {
      int id = (int) (at - IROUTER) >> 3;
      long route = id >= InterruptStates.SPI && id < interrupts.lines ? interrupts.route(id) : 0;
      word = (int) ((at & 4) == 0 ? route : route >>> 32);
    } else if (at >= IdentificationRegisters.FIRST && at < 0x1_0000) {
      word = IdentificationRegisters.word(at, PART);
    } else if (isLegacy(at)) {
      word = 0;
    } else {
      switch ((int) at) {
        case CTLR -> word = (int) interrupts.control.value | ARE_DS;
        case TYPER -> word = TYPER_FIXED | (interrupts.lpis != null ? TYPER_LPIS : 0) | interrupts.lines / 32 - 1;
        case IIDR -> word = ARM;
        case TYPER2 -> word = 0;
        default -> {
          faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
          word = 0;
        }
      }
    }
    return Lanes.of(word, offset, size);
  }

  /** Registers that affinity routing makes RES0: targets and software-generated interrupts. */
  private static boolean isLegacy(long at) {
    return at >= ITARGETSR && at < 0xC00 || at == SGIR || at >= SGI_PENDING && at < 0xF30;
  }

  @Override
  public void write(long offset, int size, long value) {
    long at = offset & ~3L;
    int lanes = Lanes.mask(offset, size);
    int word = (int) value << Lanes.shift(offset) & lanes;
    BankRegister register = BankRegisters.at(at);
    if (register != null) {
      int first = register.first(at);
      if (first < InterruptStates.SPI || first >= interrupts.lines) {
        return;
      }
      banks.write(register, interrupts.bank(0, first), first, word, lanes);
    } else if (at >= IROUTER && at < IROUTER_END) {
      route((int) (at - IROUTER) >> 3, (at & 4) != 0, word, lanes);
    } else if (at == CTLR) {
      interrupts.control.value = interrupts.control.value & ~lanes | word & 3;
    } else if (at == TYPER || at == IIDR || at == TYPER2 || isLegacy(at)) {
      return;
    } else {
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
      return;
    }
    changed.run();
  }

  private void route(int id, boolean high, int word, int lanes) {
    if (id >= InterruptStates.SPI && id < interrupts.lines) {
      int shift = high ? 32 : 0;
      long mask = (lanes & 0xFFFF_FFFFL) << shift;
      interrupts.setRoute(id, interrupts.route(id) & ~mask | (word & 0xFFFF_FFFFL) << shift);
    }
  }
}

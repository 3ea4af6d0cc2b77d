// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import static org.xenolith.lapic.kit.LapicRegister.FIRST_MSR;
import static org.xenolith.lapic.kit.LapicRegister.ICR_LOW;

import org.jspecify.annotations.Nullable;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.x64.api.MsrFault;

/** The model-specific registers of one CPU's local APIC: where it is and in which mode (SDM volume 3, 12.4.4), and all of the x2APIC mode (12.12). */
public final class LapicMsrs {
  /** Base address in 12 and up, enable 11, x2APIC mode 10, bootstrap processor 8. */
  public static final int IA32_APIC_BASE = 0x1B;
  /** Time stamp at which the timer's interrupt comes, in TSC-deadline mode. */
  public static final int IA32_TSC_DEADLINE = 0x6E0;
  private static final int SELF_IPI = 0x83F;
  private static final int MSRS = 0x40;
  private static final long ENABLED = 1 << 11;
  private static final long EXTENDED = 1 << 10;
  private static final long BOOTSTRAP = 1 << 8;
  /** 7:0 and 9. */
  private static final long RESERVED = 0x2FF & ~BOOTSTRAP;
  private static final long ADDRESS = 0xF_FFFF_FFFF_F000L;

  private final LocalApic apic;
  private final LapicFeatures features;
  private final LapicPlace place;
  private final RegisterFaults faults;

  /**
   * The registers of an APIC.
   *
   * @param place  where its registers are in xAPIC mode
   * @param faults told if software asks for another address, and they can't be there
   */
  public LapicMsrs(LocalApic apic, LapicFeatures features, LapicPlace place, RegisterFaults faults) {
    this.apic = apic;
    this.features = features;
    this.place = place;
    this.faults = faults;
  }

  /** The numbers of those that an APIC with such features answers. */
  public static int[] numbers(LapicFeatures features) {
    int[] numbers = new int[MSRS + (features.deadline() ? 2 : 1)];
    for (int i = 0; i < MSRS; i++) {
      numbers[i] = FIRST_MSR + i;
    }
    numbers[MSRS] = IA32_APIC_BASE;
    if (features.deadline()) {
      numbers[MSRS + 1] = IA32_TSC_DEADLINE;
    }
    return numbers;
  }

  /** RDMSR of one of them. @throws MsrFault if it is refused */
  public long read(int msr) {
    if (msr == IA32_TSC_DEADLINE) {
      return apic.timer().deadline();
    }
    if (msr == IA32_APIC_BASE) {
      return place.base() | (apic.mode() == LocalApic.DISABLED ? 0 : ENABLED) | (apic.mode() == LocalApic.X2APIC ? EXTENDED : 0)
          | (apic.bootstrap() ? BOOTSTRAP : 0);
    }
    LapicRegister register = register(msr);
    if (register == null || !register.x2Readable) {
      throw MsrFault.INSTANCE;
    }
    return register == ICR_LOW ? apic.command() : apic.read(register);
  }

  /** The register of a number in x2APIC mode; null if there is none, or in another mode. */
  private @Nullable LapicRegister register(int msr) {
    return apic.mode() == LocalApic.X2APIC ? apic.at((msr - FIRST_MSR & MSRS - 1) << 4) : null;
  }

  /** WRMSR of one of them. @throws MsrFault if it is refused */
  public void write(int msr, long value) {
    if (msr == IA32_TSC_DEADLINE) {
      apic.timer().deadline(value);
    } else if (msr == IA32_APIC_BASE) {
      writeBase(value);
    } else {
      LapicRegister register = register(msr);
      if (msr == SELF_IPI && apic.mode() == LocalApic.X2APIC && (value & ~0xFFL) == 0) {
        apic.self((int) value);
      } else if (register == null || register.x2Writable == LapicRegister.NONE || (value & ~register.x2Writable) != 0) {
        throw MsrFault.INSTANCE;
      } else if (register == ICR_LOW) {
        apic.command(value);
      } else {
        apic.write(register, value);
      }
    }
  }

  /** Of the changes of mode only those of figure 12-27 are legal (12.12.5). */
  private void writeBase(long value) {
    boolean enabled = (value & ENABLED) != 0;
    boolean extended = (value & EXTENDED) != 0;
    if ((value & (RESERVED | -1L << place.physicalBits())) != 0 || extended && !(enabled && features.x2apic())) {
      throw MsrFault.INSTANCE;
    }
    int mode = extended ? LocalApic.X2APIC : enabled ? LocalApic.XAPIC : LocalApic.DISABLED;
    if (apic.mode() == LocalApic.DISABLED && mode == LocalApic.X2APIC || apic.mode() == LocalApic.X2APIC && mode == LocalApic.XAPIC) {
      throw MsrFault.INSTANCE;
    }
    apic.mode(mode);
    if (!place.move(value & ADDRESS)) {
      faults.report(Kind.UNMODELLED_BIT, IA32_APIC_BASE, value);
    }
  }
}

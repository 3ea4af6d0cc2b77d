// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.kit.GuestFeatures;

/** What tools and guests are told of Arm (public headers {@code arch-arm.h}, {@code features.h}; the texts are those of Xen 4.17). */
final class ArmFacts implements ArchitectureFacts {
  private static final int ID_AA64PFR0_EL1 = SystemRegister.id(3, 0, 0, 4, 0);
  private static final int CNTFRQ_EL0 = SystemRegister.id(3, 3, 14, 0, 0);
  /** Field EL1 of ID_AA64PFR0_EL1, and its value for AArch64 and AArch32. */
  private static final int EL1 = 4;
  private static final int BOTH_STATES = 2;
  /** For any machine; with AArch32 at EL1 the next one, too. */
  private static final String AARCH64 = "xen-3.0-aarch64 ";
  private static final String AARCH32 = "xen-3.0-armv7l ";
  /** Where the hypervisor's own addresses begin. */
  private static final long VIRTUAL_START = 0x20_0000;
  /** Fields of ESR_EL2.ISS, Arm ARM D17.2.37. */
  private static final int DATA_WRITE = 1 << 6;
  private static final int FAULT_STATUS = 0x3F;

  private final Cpu cpu;

  /** @param cpu as which all are */
  ArmFacts(Cpu cpu) {
    this.cpu = cpu;
  }

  @Override
  public String capabilities() {
    return capabilities(cpu.systemRegister(ID_AA64PFR0_EL1));
  }

  /** The same by ID_AA64PFR0_EL1. */
  static String capabilities(long levels) {
    return (levels >> EL1 & 15) == BOTH_STATES ? AARCH64 + AARCH32 : AARCH64;
  }

  @Override
  public int features(Domain domain) {
    return GuestFeatures.ARM;
  }

  @Override
  public long virtualStart() {
    return VIRTUAL_START;
  }

  /** What Xen calls a CPU's frequency on Arm: that of the generic timer. */
  @Override
  public long hertz() {
    try {
      return cpu.el2.readRegister(CNTFRQ_EL0);
    } catch (IllegalArgumentException noTimer) {
      return 0;
    }
  }

  /** Exception classes of ESR_EL2 that lead to EL2, Arm ARM D17.2.37. */
  @Override
  public String trap(long exceptionClass, long iss) {
    int syndrome = (int) iss;
    return switch ((int) exceptionClass) {
      case 0x01 -> (syndrome & 1) == 0 ? "WFI" : "WFE";
      case 0x07 -> "floating point";
      case 0x16 -> "HVC " + hex(syndrome & 0xFFFF);
      case 0x17 -> "SMC " + hex(syndrome & 0xFFFF);
      case 0x18 -> systemRegister(syndrome);
      case 0x20 -> "instruction abort, status " + hex(syndrome & FAULT_STATUS);
      case 0x24 -> "data abort, " + ((syndrome & DATA_WRITE) != 0 ? "write" : "read") + ", status " + hex(syndrome & FAULT_STATUS);
      default -> "exception class " + hex((int) exceptionClass) + ", syndrome " + hex(syndrome);
    };
  }

  private static String systemRegister(int syndrome) {
    return ((syndrome & 1) != 0 ? "MRS" : "MSR") + " S" + (syndrome >>> 20 & 3) + "_" + (syndrome >>> 14 & 7) + "_C"
        + (syndrome >>> 10 & 15) + "_C" + (syndrome >>> 1 & 15) + "_" + (syndrome >>> 17 & 7);
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpsci;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.xen.abi.SchedOp;

/** PSCI 1.1 and the two calls of PSCI 0.1 that Xen's device trees name, as Xen 4.17 answers them. */
final class Psci {
  static final int VERSION = 0x8400_0000;
  static final int CPU_SUSPEND = 0x8400_0001;
  static final int CPU_OFF = 0x8400_0002;
  static final int CPU_ON = 0x8400_0003;
  static final int AFFINITY_INFO = 0x8400_0004;
  static final int MIGRATE_INFO_TYPE = 0x8400_0006;
  static final int SYSTEM_OFF = 0x8400_0008;
  static final int SYSTEM_RESET = 0x8400_0009;
  static final int FEATURES = 0x8400_000A;
  /** Set in functions with 64-bit arguments. */
  static final int WIDE = 0x4000_0000;
  /** {@code cpu_off} of a device tree for PSCI 0.1. */
  static final int OLD_CPU_OFF = 1;
  /** {@code cpu_on} of a device tree for PSCI 0.1. */
  static final int OLD_CPU_ON = 2;
  /** How many functions of PSCI there are, for the count of the standard service. */
  static final int FUNCTIONS = 12;

  static final long SUCCESS = 0;
  static final long NOT_SUPPORTED = -1;
  static final long INVALID_PARAMETERS = -2;
  static final long ALREADY_ON = -4;
  static final long INVALID_ADDRESS = -9;

  private static final long VERSION_1_1 = 0x1_0001;
  /** No trusted OS, or one that needs no migration. */
  private static final long TOS_NOT_PRESENT = 2;
  private static final long AFFINITY = 0xFF_00FF_FFFFL;
  private static final long ON = 0;
  private static final long OFF = 1;

  private Psci() {}

  /** Whether PSCI has a function that Xen answers. */
  static boolean has(int function) {
    return switch (function) {
      case VERSION, CPU_SUSPEND, CPU_SUSPEND | WIDE, CPU_OFF, CPU_ON, CPU_ON | WIDE, AFFINITY_INFO, AFFINITY_INFO | WIDE,
          MIGRATE_INFO_TYPE, SYSTEM_OFF, SYSTEM_RESET, FEATURES, OLD_CPU_OFF, OLD_CPU_ON -> true;
      default -> false;
    };
  }

  /** Answers a function that {@link #has} names. @return x0 */
  static long call(Vcpu vcpu, int function, long[] arguments) {
    boolean wide = (function & WIDE) != 0;
    long first = argument(arguments[1], wide);
    long second = argument(arguments[2], wide);
    long third = argument(arguments[3], wide);
    return switch (function & ~WIDE) {
      case VERSION -> VERSION_1_1;
      case CPU_SUSPEND -> {
        // Every state of suspension is standby: it ends with an interrupt, and goes on behind the call.
        vcpu.block();
        yield SUCCESS;
      }
      case CPU_OFF, OLD_CPU_OFF -> {
        vcpu.powerOff();
        yield SUCCESS;
      }
      case CPU_ON -> powerOn(vcpu.domain(), first, second, third);
      case OLD_CPU_ON -> powerOn(vcpu.domain(), arguments[1], arguments[2], 0);
      case AFFINITY_INFO -> affinityInfo(vcpu.domain(), first, second);
      case MIGRATE_INFO_TYPE -> TOS_NOT_PRESENT;
      case SYSTEM_OFF -> {
        vcpu.domain().shutdown(SchedOp.SHUTDOWN_poweroff);
        yield SUCCESS;
      }
      case SYSTEM_RESET -> {
        vcpu.domain().shutdown(SchedOp.SHUTDOWN_reboot);
        yield SUCCESS;
      }
      default -> features((int) first);
    };
  }

  private static long argument(long value, boolean wide) {
    return wide ? value : value & 0xFFFF_FFFFL;
  }

  private static long powerOn(Domain domain, long target, long entry, long context) {
    // Aff0 has 16 vCPUs, Aff1 the rest.
    long id = target & 15 | target >> 4 & 0xFF0;
    Vcpu woken = (target & AFFINITY & ~0xFF0FL) == 0 ? domain.vcpu((int) id) : null;
    if (woken == null) {
      return INVALID_PARAMETERS;
    }
    if ((entry & 1) != 0) {
      // An address for Thumb code, which AArch64 has not.
      return INVALID_ADDRESS;
    }
    if (woken.online()) {
      return ALREADY_ON;
    }
    woken.powerOn(entry, context);
    return SUCCESS;
  }

  private static long affinityInfo(Domain domain, long target, long lowestLevel) {
    if (lowestLevel < 0 || lowestLevel > 3) {
      return INVALID_PARAMETERS;
    }
    long mask = AFFINITY & (lowestLevel == 3 ? 0xFF_0000_0000L : -1L << lowestLevel * 8);
    boolean found = false;
    List<? extends Vcpu> all = domain.vcpus();
    for (int i = 0; i < all.size(); i++) {
      long affinity = i & 15 | (i >> 4) << 8;
      if ((affinity & mask) == (target & mask)) {
        found = true;
        if (all.get(i).online()) {
          return ON;
        }
      }
    }
    return found ? OFF : INVALID_PARAMETERS;
  }

  private static long features(int function) {
    boolean versioned = function != OLD_CPU_OFF && function != OLD_CPU_ON && has(function);
    return versioned || function == Smccc.SMCCC_VERSION ? SUCCESS : NOT_SUPPORTED;
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.trace;

import java.util.Locale;
import org.xenolith.hyp.kit.TraceRing;

/** Entries of the record as lines for people: virtual seconds, vCPU, kind, what happened. */
final class TraceLines {
  /** Fields of ESR_EL2.ISS, Arm ARM D17.2.37. */
  private static final int DATA_WRITE = 1 << 6;
  private static final int FAULT_STATUS = 0x3F;

  private TraceLines() {}

  /** One line, without its end. */
  static String line(TraceRing.Entry entry) {
    String who = entry.domid() < 0 ? "-" : "d" + entry.domid() + "v" + entry.vcpu();
    return String.format(Locale.ROOT, "%d.%09d %-7s %-11s %s", entry.time() / 1_000_000_000, entry.time() % 1_000_000_000, who,
        entry.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), what(entry));
  }

  private static String what(TraceRing.Entry entry) {
    long a = entry.a();
    long b = entry.b();
    long c = entry.c();
    return switch (entry.kind()) {
      case TRAP -> trap((int) a, (int) b) + " at " + hex(c);
      case HYPERCALL -> Names.hypercall(a) + (Names.hasOperations(a) ? " " + Names.operation(a, b) : " " + hex(b)) + " " + hex(c);
      case RESULT -> Names.hypercall(a) + (c != 0 ? " goes on" : " = " + Names.result(b));
      case INTERRUPT -> b == 0 ? "INTID " + a + " injected" : "INTID " + a + " of the hardware on CPU " + c;
      case EVENT -> "port " + a + " of d" + b + ", " + Names.channel(c);
      case GRANT_MAP -> "reference " + a + " of d" + b + (c == -1 ? " for a back end" : " at frame " + hex(c));
      case GRANT_UNMAP -> "reference " + a + (c == -1 ? " for a back end" : ", handle " + b + " at frame " + hex(c));
      case SWITCH -> (entry.domid() < 0 ? "idle" : "runs") + " on CPU " + a;
      case DOMAIN -> "d" + a + switch ((int) b) {
        case TraceRecorder.CREATED -> " created";
        case TraceRecorder.STARTED -> " started";
        case TraceRecorder.SHUT_DOWN -> " shut down: " + Names.shutdown(c);
        default -> " destroyed";
      };
    };
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** Exception classes of ESR_EL2 that lead to EL2, Arm ARM D17.2.37. */
  private static String trap(int exceptionClass, int syndrome) {
    return switch (exceptionClass) {
      case 0x01 -> (syndrome & 1) == 0 ? "WFI" : "WFE";
      case 0x07 -> "floating point";
      case 0x16 -> "HVC " + hex(syndrome & 0xFFFF);
      case 0x17 -> "SMC " + hex(syndrome & 0xFFFF);
      case 0x18 -> systemRegister(syndrome);
      case 0x20 -> "instruction abort, status " + hex(syndrome & FAULT_STATUS);
      case 0x24 -> "data abort, " + ((syndrome & DATA_WRITE) != 0 ? "write" : "read") + ", status " + hex(syndrome & FAULT_STATUS);
      default -> "exception class " + hex(exceptionClass) + ", syndrome " + hex(syndrome);
    };
  }

  private static String systemRegister(int syndrome) {
    return ((syndrome & 1) != 0 ? "MRS" : "MSR") + " S" + (syndrome >>> 20 & 3) + "_" + (syndrome >>> 14 & 7) + "_C"
        + (syndrome >>> 10 & 15) + "_C" + (syndrome >>> 1 & 15) + "_" + (syndrome >>> 17 & 7);
  }
}

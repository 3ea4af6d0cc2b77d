// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.trace;

import java.util.Locale;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.kit.TraceRing;

/** Entries of the record as lines for people: virtual seconds, vCPU, kind, what happened. */
final class TraceLines {
  private final ArchitectureFacts architecture;

  TraceLines(ArchitectureFacts architecture) {
    this.architecture = architecture;
  }

  /** One line, without its end. */
  String line(TraceRing.Entry entry) {
    String who = entry.domid() < 0 ? "-" : "d" + entry.domid() + "v" + entry.vcpu();
    return String.format(Locale.ROOT, "%d.%09d %-7s %-11s %s", entry.time() / 1_000_000_000, entry.time() % 1_000_000_000, who,
        entry.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), what(entry));
  }

  private String what(TraceRing.Entry entry) {
    long a = entry.a();
    long b = entry.b();
    long c = entry.c();
    return switch (entry.kind()) {
      case TRAP -> architecture.trap(a, b) + " at " + hex(c);
      case HYPERCALL -> Names.hypercall(a) + (Names.hasOperations(a) ? " " + Names.operation(a, b) : " " + hex(b)) + " " + hex(c);
      case RESULT -> Names.hypercall(a) + (c != 0 ? " goes on" : " = " + Names.result(b));
      case INTERRUPT -> b == 0 ? "INTID " + a + " injected" : "INTID " + a + " of the hardware on CPU " + c;
      case EVENT -> "port " + a + " of d" + b + ", " + Names.channel(c);
      case GRANT_MAP -> "reference " + a + " of d" + b + (c == -1 ? " for a back end" : " at frame " + hex(c));
      case GRANT_UNMAP -> "reference " + a + (c == -1 ? " for a back end" : ", handle " + b + " at frame " + hex(c));
      case SWITCH -> (entry.domid() < 0 ? "idle" : "runs") + " on CPU " + a;
      case STAGE2 -> "d" + a + (c < 0 ? " loses " + -c : " gets " + c) + " frames from " + hex(b);
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
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.trace;

import java.util.Locale;
import org.xenolith.hyp.api.HypercallOperation;
import org.xenolith.hyp.api.HypercallsPort;

/** The hypercalls that are served now, with what is declared of their sub-operations, as lines for people. */
final class DeclaredCalls {
  private DeclaredCalls() {}

  static String text(HypercallsPort hypercalls) {
    StringBuilder text = new StringBuilder();
    for (int number : hypercalls.served()) {
      text.append(number).append(' ').append(Names.hypercall(number)).append('\n');
      for (HypercallOperation operation : hypercalls.operations(number)) {
        text.append("  ").append(line(operation)).append('\n');
      }
    }
    return text.isEmpty() ? "no hypercall is served\n" : text.toString();
  }

  private static String line(HypercallOperation operation) {
    String number = operation.number() < 0 ? "0x" + Integer.toHexString(operation.number()) : Integer.toString(operation.number());
    String structure = operation.argument() == null ? "-"
        : operation.argument().getClass().getSimpleName() + ", " + operation.argument().sizeOf() + " bytes";
    return String.format(Locale.ROOT, "%3s %-28s %-8s %s", number, operation.name(),
        operation.privilege().name().toLowerCase(Locale.ROOT), structure);
  }
}

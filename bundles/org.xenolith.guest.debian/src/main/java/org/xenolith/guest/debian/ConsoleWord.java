// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.util.Map;
import java.util.Optional;
import org.xenolith.boot.api.BoardConsole;

/**
 * What Linux calls a board's console. A driver has a name for its lines and takes their numbers from the tree's aliases (its
 * {@code of_alias_get_id} of "serial"; admin-guide/serial-console). The names are those of the drivers that the kernel has built in.
 */
final class ConsoleWord {
  /** The drivers' names by what they serve: amba-pl011, 8250_of and 8250_dw. */
  private static final Map<String, String> LINES = Map.of("arm,pl011", "ttyAMA", "arm,sbsa-uart", "ttyAMA", "ns16550", "ttyS", "ns16550a",
      "ttyS", "snps,dw-apb-uart", "ttyS");

  private ConsoleWord() {}

  /** {@code console=} with the name; empty for other drivers: without the word Linux takes the {@code stdout-path} of its tree. */
  static String of(BoardConsole console) {
    Optional<String> lines = console.compatible().stream().filter(LINES::containsKey).map(LINES::get).findFirst();
    return lines.map(name -> "console=" + name + console.line()).orElse("");
  }
}

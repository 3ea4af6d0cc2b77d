// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.from.qemu.QemuLine.Option;

/** Who takes an option of QEMU's, by its name. */
final class OptionTable {
  private final Map<String, Consumer<Option>> takers = new HashMap<>();

  /** @param names of options that mean the same, with blanks between */
  void put(String names, Consumer<Option> taker) {
    for (String name : names.split(" ")) {
      takers.put(name, taker);
    }
  }

  /** Has an option taken. @return false if nobody knows it */
  boolean take(Option option) {
    Consumer<Option> taker = takers.get(option.name());
    if (taker != null) {
      taker.accept(option);
    }
    return taker != null;
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.kit.Texts;

/**
 * Values of a step's keys, read.
 *
 * @param on     the machine that they are of
 * @param values as the file has them
 */
record Arguments(NamedMachine on, Map<String, String> values) {
  private static final int WORD = 8;
  private static final List<Integer> SIZES = List.of(1, 2, 4, WORD);

  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** @throws IllegalArgumentException if it is missing */
  String need(String key) {
    return text(key).orElseThrow(() -> new IllegalArgumentException("the key '" + key + "' is missing"));
  }

  /** @throws IllegalArgumentException if it is no number */
  Optional<Long> number(String key) {
    return text(key).map(text -> Texts.number(text).orElseThrow(() -> new IllegalArgumentException(key + ": '" + text
        + "' is no number; write it in decimal, or in hexadecimal behind 0x")));
  }

  /** Bytes of a number in memory. @param usual if none are said */
  int size(int usual) {
    int size = number("size").map(Long::intValue).orElse(usual);
    if (!SIZES.contains(size)) {
      throw new IllegalArgumentException("size: " + size + " bytes; expected 1, 2, 4 or 8");
    }
    return size;
  }

  /** The processor that {@code cpu} names, else the first. */
  InspectedProcessor processor() {
    return on.processor(text("cpu").map(text -> MemorySpace.processor(text.matches("[0-9]{1,4}") ? "cpu" + text : text).orElseThrow(
        () -> new IllegalArgumentException("cpu: '" + text + "' is none; expected its index, such as 0"))).orElse(0));
  }
}

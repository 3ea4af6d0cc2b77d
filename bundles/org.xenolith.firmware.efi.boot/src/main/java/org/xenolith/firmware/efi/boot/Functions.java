// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;

/** Functions that have a pointer, by the numbers of their stubs. */
final class Functions {
  /** A function: of a layer, by name. */
  record Name(String layer, String name) {
    // As in EfiGuid: what the JVM makes of a record for these two takes a start too long.

    @Override
    public boolean equals(Object other) {
      return other instanceof Name its && layer.equals(its.layer) && name.equals(its.name);
    }

    @Override
    public int hashCode() {
      return 31 * layer.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
      return layer + "." + name;
    }
  }

  private final List<Name> names = new ArrayList<>();
  private final Map<Name, Integer> stubNumbers = new HashMap<>();

  void clear() {
    names.clear();
    stubNumbers.clear();
  }

  /** A function's number, the same each time. @throws EfiError OUT_OF_RESOURCES */
  int number(String layer, String name) {
    Name wanted = new Name(layer, name);
    Integer number = stubNumbers.get(wanted);
    if (number != null) {
      return number;
    }
    if (names.size() == FirmwareProgram.FUNCTIONS) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, wanted + ": there are " + FirmwareProgram.FUNCTIONS + " functions already");
    }
    names.add(wanted);
    stubNumbers.put(wanted, names.size() - 1);
    return names.size() - 1;
  }

  /** The function of a number; null if there is none. */
  Name name(int number) {
    return number >= 0 && number < names.size() ? names.get(number) : null;
  }

  byte[] save() {
    LongWriter out = new LongWriter();
    return out.all(names, each -> out.put(each.layer).put(each.name)).bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("functions", bytes);
    clear();
    in.each(() -> number(in.text(), in.text()));
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariableServices;

/** The variables of a store, for people. */
final class VariableLines {
  private static final int MOST = 1000;
  /** Room for a name or a value. */
  private static final long ROOM = 1 << 20;
  private static final VariableName FIRST = new VariableName("", EfiGuid.of("00000000-0000-0000-0000-000000000000"));

  private VariableLines() {}

  /** A line each: name, vendor, attributes, bytes; or one that says that there is none. */
  static List<String> of(VariableServices variables) {
    List<String> lines = new ArrayList<>();
    VariableName name = FIRST;
    while (lines.size() < MOST) {
      NameAnswer next = variables.getNextVariableName(name, ROOM);
      if (next.status() != EfiStatus.SUCCESS) {
        break;
      }
      name = next.name();
      VariableAnswer value = variables.getVariable(name, ROOM);
      lines.add("%s  attributes 0x%X, %d bytes".formatted(name, value.attributes(), value.size()));
    }
    return lines.isEmpty() ? List.of("no variables, or no store of them that answers") : lines;
  }
}

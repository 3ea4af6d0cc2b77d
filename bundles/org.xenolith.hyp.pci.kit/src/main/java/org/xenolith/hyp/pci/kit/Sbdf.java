// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci.kit;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a PCI function, packed as Xen's public headers do: segment in bits 31 to 16, bus in 15 to 8, device in 7 to 3,
 * function in 2 to 0. Bits 15 to 0 are its routing id (RID).
 */
public final class Sbdf {
  private static final Pattern FORM = Pattern.compile("(?:([0-9a-fA-F]{1,4}):)?([0-9a-fA-F]{1,2}):([01]?[0-9a-fA-F])\\.([0-7])");

  private Sbdf() {}

  /** Packs an address. */
  public static int of(int segment, int rid) {
    return segment << 16 | rid & 0xFFFF;
  }

  /** Its segment. */
  public static int segment(int sbdf) {
    return sbdf >>> 16;
  }

  /** Its routing id: bus, device, function. */
  public static int rid(int sbdf) {
    return sbdf & 0xFFFF;
  }

  /** Its bus. */
  public static int bus(int sbdf) {
    return sbdf >>> 8 & 0xFF;
  }

  /** As {@code lspci -D} writes it: {@code 0000:01:00.0}. */
  public static String text(int sbdf) {
    return String.format("%04x:%02x:%02x.%x", segment(sbdf), bus(sbdf), sbdf >>> 3 & 0x1F, sbdf & 7);
  }

  /** Reads {@code [SSSS:]BB:DD.F}, hexadecimal; empty for anything else. */
  public static OptionalInt parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      return OptionalInt.empty();
    }
    int segment = form.group(1) == null ? 0 : Integer.parseInt(form.group(1), 16);
    return OptionalInt.of(segment << 16 | Integer.parseInt(form.group(2), 16) << 8 | Integer.parseInt(form.group(3), 16) << 3
        | Integer.parseInt(form.group(4)));
  }
}

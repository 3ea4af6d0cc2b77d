// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.xen.abi.XenErrno;

/**
 * One PCI function as {@code xl-pci-configuration(5)} has it: {@code [SSSS:]BB:DD.F[@VSLOT],KEY=VALUE,...}.
 *
 * @param sbdf    its address, packed as {@link Sbdf} says
 * @param slot    devfn on the domain's virtual bus, or -1 for the next free one
 * @param ignored keys that mean nothing here
 */
record PciSpec(int sbdf, int slot, List<String> ignored) {
  private static final int SLOTS = 32;
  /** What libxl's back end and x86 know: there is no filter of registers, no driver of ours in Dom0, no RMRR. */
  private static final List<String> WITHOUT_MEANING = List.of("permissive", "seize", "msitranslate", "power_mgmt");

  static PciSpec parse(String place, String text) {
    String address = "";
    String slot = "";
    List<String> ignored = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      String part = word.strip();
      int equals = part.indexOf('=');
      String key = equals < 0 ? "" : part.substring(0, equals);
      String value = part.substring(equals + 1);
      if (WITHOUT_MEANING.contains(key) && value.matches("[01]") || key.equals("rdm_policy") && value.matches("strict|relaxed")) {
        ignored.add(key);
      } else if (key.equals("vslot")) {
        slot = value;
      } else if ((key.isEmpty() || key.equals("bdf")) && address.isEmpty()) {
        int at = value.indexOf('@');
        address = at < 0 ? value : value.substring(0, at);
        slot = at < 0 ? slot : value.substring(at + 1);
        if (at >= 0 && slot.isEmpty()) {
          throw bad(place, "expected a slot behind the @ of '" + value + "'");
        }
      } else {
        throw bad(place, "'" + part + "' isn't understood; known are bdf, vslot, " + String.join(", ", WITHOUT_MEANING)
            + " (0 or 1), rdm_policy (strict or relaxed)");
      }
    }
    return new PciSpec(address(place, address), slot(place, slot), List.copyOf(ignored));
  }

  /** Reads an address. */
  static int address(String place, String text) {
    OptionalInt sbdf = Sbdf.parse(text);
    if (sbdf.isEmpty()) {
      throw bad(place, "'" + text + "': expected [SEGMENT:]BUS:DEVICE.FUNCTION such as 0000:01:00.0"
          + (text.endsWith(".*") ? "; name each function by itself" : ""));
    }
    return sbdf.getAsInt();
  }

  /** Reads a slot, hexadecimal as {@code xl} has it; 0 or nothing stands for any. */
  static int slot(String place, String text) {
    if (!text.matches("(0x)?[0-9a-fA-F]{0,2}") || text.equals("0x")) {
      throw bad(place, "slot '" + text + "': expected a device number from 1 to 1f, hexadecimal, or 0 for any");
    }
    int slot = text.isEmpty() ? 0 : Integer.parseInt(text.replace("0x", ""), 16);
    if (slot >= SLOTS) {
      throw bad(place, "slot '" + text + "': expected a device number from 1 to 1f, hexadecimal, or 0 for any");
    }
    return slot == 0 ? -1 : slot << 3;
  }

  private static HypervisorException bad(String place, String what) {
    return new HypervisorException(-XenErrno.XEN_EINVAL, place + ": pci: " + what);
  }
}

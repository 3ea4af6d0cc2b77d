// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.CpuModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.api.PciRange;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * How many bits a CPU's physical addresses have (ID_AA64MMFR0_EL1.PARange). One that is asked for by name has its own; else they are those of the standard one, unless the
 * board has something above them: boards whose CPUs have 48 bits have RAM or devices up there, and a kernel that can't reach its console dies without a word.
 *
 * @param model which CPU it is
 * @param named whether somebody asked for it by name
 * @param announce  what is to be said
 */
record PhysicalSize(CpuModel model, boolean named, Consumer<String> announce) {
  /** The option of a CPU's node. */
  static final String OPTION = "physical-bits";

  /**
   * The size for a CPU of a board.
   *
   * @param option the option's value; empty for what the CPU has, or the board needs
   * @throws ModelException if the option's value is no size
   */
  int bits(PlatformNode cpu, Platform platform, String option) {
    long last = last(platform);
    int needed = CpuConfig.PHYSICAL_SIZES.stream().filter(bits -> last >>> bits == 0).findFirst().orElse(CpuConfig.PHYSICAL_SIZES
        .getLast());
    int own = model.physicalBits();
    int bits = !option.isEmpty() ? parse(cpu, option) : named ? own : Math.max(needed, own);
    String place = " something at 0x" + Long.toHexString(last);
    if (last >>> bits != 0) {
      announce.accept("physical addresses of " + bits + " bits" + (named && option.isEmpty() ? ", as " + model.name() + " has" : "")
          + ", though the board has" + place
          + " that they don't reach" + (named && option.isEmpty() ? "; name another CPU, or say the option " + OPTION : ""));
    } else if (bits > own) {
      announce.accept("physical addresses of " + bits + " bits" + (option.isEmpty() ? ", as the board has" + place : "") + "; " + model
          .name()
          + " has "
          + own + (option.isEmpty() ? " (option " + OPTION + ")" : ""));
    }
    return bits;
  }

  private static int parse(PlatformNode cpu, String option) {
    return CpuConfig.PHYSICAL_SIZES.stream().filter(bits -> option.equals(bits.toString())).findFirst().orElseThrow(
        () -> new ModelException(cpu.path() + ": option " + OPTION + ": expected one of " + CpuConfig.PHYSICAL_SIZES.stream().map(
            String::valueOf).collect(Collectors.joining(", ")) + ", got '" + option + "'"));
  }

  /** The last address at which the board has something, as an unsigned number; windows that have no end in 64 bits aren't meant. */
  private static long last(Platform platform) {
    return platform.nodes().stream().filter(PlatformNode::enabled).flatMap(node -> Stream.concat(node.windows().stream(), passed(platform,
        node))).filter(window -> window.size() > 0).mapToLong(window -> window.base() + window.size() - 1).reduce(0, (a, b) -> Long
            .compareUnsigned(a, b) > 0 ? a : b);
  }

  /** What a PCI host bridge passes from the CPUs to its bus. */
  private static Stream<AddressWindow> passed(Platform platform, PlatformNode node) {
    if (node.property("device_type").filter(type -> type.string().equals("pci")).isEmpty()) {
      return Stream.of();
    }
    try {
      return PciRange.of(platform, node).stream().map(PciRange::cpu);
    } catch (ModelException malformed) {
      // The bridge's own bundle says so, if there is one.
      return Stream.of();
    }
  }
}

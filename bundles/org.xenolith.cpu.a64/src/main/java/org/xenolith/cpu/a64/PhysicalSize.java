// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.api.PciRange;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * How many bits a CPU's physical addresses have (ID_AA64MMFR0_EL1.PARange). Those of Cortex-A57, unless the board has something above
 * them: boards whose CPUs have 48 bits have RAM or devices up there, and a kernel that can't reach its console dies without a word.
 */
final class PhysicalSize {
  /** The option of a CPU's node. */
  static final String OPTION = "physical-bits";

  private PhysicalSize() {}

  /**
   * The size for a CPU of a board.
   *
   * @param option the option's value; empty for what the board needs
   * @param told   what is to be said of it
   * @throws ModelException if the option's value is no size
   */
  static int bits(PlatformNode cpu, Platform platform, String option, Consumer<String> told) {
    long last = last(platform);
    int needed = CpuConfig.PHYSICAL_SIZES.stream().filter(bits -> last >>> bits == 0).findFirst().orElse(CpuConfig.PHYSICAL_SIZES
        .getLast());
    int own = CpuConfig.CORTEX_A57_PHYSICAL_BITS;
    int bits = option.isEmpty() ? Math.max(needed, own) : parse(cpu, option);
    String place = " something at 0x" + Long.toHexString(last);
    if (last >>> bits != 0) {
      told.accept("physical addresses of " + bits + " bits, though the board has" + place + " that they don't reach");
    } else if (bits > own) {
      told.accept("physical addresses of " + bits + " bits" + (option.isEmpty() ? ", as the board has" + place : "") + "; a Cortex-A57 has "
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

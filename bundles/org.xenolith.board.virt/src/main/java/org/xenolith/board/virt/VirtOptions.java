// SPDX-License-Identifier: EPL-2.0
package org.xenolith.board.virt;

import java.util.OptionalLong;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.PlatformException;

/**
 * The choices that {@code virt} offers, checked.
 *
 * @param cpus        number of CPUs, 1 to 8
 * @param memoryBytes RAM in bytes, whole MiB
 * @param gic         version of the interrupt controller, 2 or 3
 * @param virtioSlots number of virtio-mmio transports
 * @param psciMethod  instruction that calls PSCI, {@code hvc} or {@code smc}
 * @param virtualization whether the board is made for a hypervisor at EL2
 * @param pcie        the PCI host bridge: the name of a {@link HostBridge}
 * @param its         whether a GICv3 has an ITS, which takes the messages of PCI functions
 * @param iommu       what translates the addresses of PCI functions: {@code none} or {@code smmuv3}
 * @param pmu         whether the CPUs have performance monitors
 * @param kaslrSeed   where kernels put themselves, as 64 random bits; empty for kernels that stay where they are linked
 * @param flash       whether flash memory is where it is on QEMU's machine, with nothing in it
 * @param platformBus whether there is the bus for devices without a place of their own
 */
record VirtOptions(int cpus, long memoryBytes, int gic, int virtioSlots, String psciMethod, boolean virtualization, String pcie,
    boolean its, String iommu, boolean pmu, OptionalLong kaslrSeed, boolean flash, boolean platformBus) {
  private static final long MIB = 1L << 20;
  private static final long SMALLEST_MEMORY = 32 * MIB;
  /** From 0x4000_0000 to the end of the first 256 GiB, where the map of the board goes on. */
  private static final long LARGEST_MEMORY = 255L << 30;
  private static final int STANDARD_GIC = 2;
  /** GICv2 has interface bits for 8 CPUs; the same limit for GICv3 keeps all in one affinity cluster. */
  private static final int MOST_CPUS = 8;
  /** "Xenolith": always the same, so that a run repeats. */
  private static final long STANDARD_KASLR_SEED = 0x58656e6f6c697468L;
  private static final String NONE = "none";

  VirtOptions {
    if (cpus < 1 || cpus > MOST_CPUS) {
      throw unmet(cpus + " CPUs", "1 to " + MOST_CPUS);
    }
    if (memoryBytes < SMALLEST_MEMORY || memoryBytes > LARGEST_MEMORY || memoryBytes % MIB != 0) {
      throw unmet(memoryBytes + " bytes of memory", "whole MiB from 32 MiB to 255 GiB");
    }
    if (gic != 2 && gic != 3) {
      throw unmet("GIC version " + gic, "2 or 3");
    }
    if (virtioSlots < 0 || virtioSlots > VirtTree.VIRTIO_SLOTS) {
      throw unmet("virtio=" + virtioSlots, "0 to " + VirtTree.VIRTIO_SLOTS);
    }
    if (HostBridge.named(pcie).isEmpty()) {
      throw unmet("pcie=" + pcie, HostBridge.names());
    }
    if (its && gic == 2) {
      throw unmet("its=on", "its=off on GIC version 2, whose messages go to a frame of GICv2m");
    }
    if (!iommu.equals(NONE) && !(iommu.equals("smmuv3") && !pcie.equals("none"))) {
      throw unmet("iommu=" + iommu, "none, or smmuv3 on a board with a PCI host bridge");
    }
    if (!iommu.equals(NONE) && gic == 2 && HostBridge.named(pcie).orElseThrow().xgene() && !virtualization) {
      throw unmet("iommu=" + iommu + " with pcie=" + pcie + " on GIC version 2",
          "GIC version 3, or under a hypervisor (virtualization=on), as drivers of apm,xgene1-msi don't have an SMMU let"
              + " messages pass");
    }
    if (!psciMethod.equals("hvc") && !psciMethod.equals("smc")) {
      throw unmet("psci=" + psciMethod, "hvc or smc");
    }
  }

  static VirtOptions of(BoardRequest request) {
    int slots = VirtTree.VIRTIO_SLOTS;
    String psci = "";
    boolean virtualization = false;
    String pcie = "";
    String its = "";
    String iommu = NONE;
    String kaslr = "";
    boolean pmu = true;
    boolean flash = true;
    boolean platformBus = true;
    for (String option : request.options()) {
      int equals = option.indexOf('=');
      String value = option.substring(equals + 1);
      switch (equals < 0 ? "" : option.substring(0, equals)) {
        case "virtio" -> slots = number(option, value);
        case "psci" -> psci = value;
        case "pcie" -> pcie = value;
        case "its" -> its = value;
        case "iommu" -> iommu = value;
        case "kaslr-seed" -> kaslr = value;
        case "flash" -> flash = switch (value) {
          case "blank" -> true;
          case NONE -> false;
          default -> throw unmet("option '" + option + "'", "flash=none|blank");
        };
        case "platform-bus" -> platformBus = flag(option, value);
        case "pmu" -> pmu = flag(option, value);
        case "virtualization" -> virtualization = flag(option, value);
        default -> throw unmet("option '" + option + "'", "virtio=N, psci=hvc|smc, pcie="
            + HostBridge.names().replace(", ", "|") + ", its=on|off, iommu=none|smmuv3, pmu=on|off, kaslr-seed=none|HEX,"
            + " flash=none|blank, platform-bus=on|off and virtualization=on|off");
      }
    }
    int gic = request.gic() == 0 ? STANDARD_GIC : request.gic();
    if (psci.isEmpty()) {
      // HVC calls the software at EL2 where that level is built; the firmware is then behind SMC.
      psci = virtualization ? "smc" : "hvc";
    }
    if (pcie.isEmpty()) {
      pcie = (gic == 3 ? HostBridge.ECAM : HostBridge.NONE).toString();
    }
    return new VirtOptions(request.cpus(), request.memoryBytes(), gic, slots, psci, virtualization, pcie,
        its.isEmpty() ? gic == 3 : flag("its=" + its, its), iommu, pmu, seed(kaslr), flash, platformBus);
  }

  private static boolean flag(String option, String value) {
    return switch (value) {
      case "on" -> true;
      case "off" -> false;
      default -> throw unmet("option '" + option + "'", option.substring(0, option.indexOf('=')) + "=on|off");
    };
  }

  private static OptionalLong seed(String value) {
    if (value.equals(NONE)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(value.isEmpty() ? STANDARD_KASLR_SEED : Long.parseUnsignedLong(value, 16));
    } catch (NumberFormatException e) {
      throw unmet("option 'kaslr-seed=" + value + "'", "none, or up to 16 hexadecimal digits");
    }
  }

  /** The PCI host bridge. */
  HostBridge bridge() {
    return HostBridge.named(pcie).orElseThrow();
  }

  private static int number(String option, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw unmet("option '" + option + "'", "a decimal number, 0 to " + VirtTree.VIRTIO_SLOTS);
    }
  }

  private static PlatformException unmet(String request, String possible) {
    return new PlatformException("board virt: " + request + " can't be had; possible: " + possible);
  }
}

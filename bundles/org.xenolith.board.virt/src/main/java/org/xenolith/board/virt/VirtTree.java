// SPDX-License-Identifier: EPL-2.0
package org.xenolith.board.virt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;

/** Makes the tree of the board. Addresses and interrupt numbers are those of QEMU's machine of the same name. */
final class VirtTree {
  static final int VIRTIO_SLOTS = 32;

  private static final int CLOCK_PHANDLE = 1;
  private static final int GIC_PHANDLE = 2;
  private static final int GPIO_PHANDLE = 3;
  private static final int MSI_PHANDLE = 4;

  private static final long GIC_DISTRIBUTOR = 0x0800_0000;
  private static final long GIC_CPU_INTERFACE = 0x0801_0000;
  private static final long GIC_MESSAGES = 0x0802_0000;
  private static final long GIC_TRANSLATION = 0x0808_0000;
  private static final long GIC_HYPERVISOR_CONTROL = 0x0803_0000;
  private static final long GIC_VIRTUAL_INTERFACE = 0x0804_0000;
  private static final long GIC_REDISTRIBUTORS = 0x080a_0000;
  private static final long GIC_REDISTRIBUTORS_SIZE = 0x00f6_0000;
  private static final long UART = 0x0900_0000;
  private static final long RTC = 0x0901_0000;
  private static final long GPIO = 0x0903_0000;
  private static final long VIRTIO = 0x0a00_0000;
  private static final long VIRTIO_SIZE = 0x200;
  private static final long FLASH = 0;
  private static final long FLASH_BANK = 0x0400_0000;
  private static final long PLATFORM_BUS = 0x0c00_0000;
  private static final int PLATFORM_BUS_SIZE = 0x0200_0000;
  private static final long RAM = 0x4000_0000;
  private static final long PAGE = 0x1000;

  // first and last cell of a GIC interrupt specifier (devicetree binding of the Arm GIC)
  private static final int SPI = 0;
  private static final int PPI = 1;
  private static final int EDGE_RISING = 1;
  private static final int LEVEL_HIGH = 4;

  private static final int UART_SPI = 1;
  private static final int RTC_SPI = 2;
  private static final int GPIO_SPI = 7;
  private static final int MAINTENANCE_PPI = 9;
  private static final int PMU_PPI = 7;
  private static final int FIRST_VIRTIO_SPI = 16;
  private static final int POWER_BUTTON_LINE = 3;
  private static final int KEY_POWER = 116;

  /**
   * Entropy for the guest, always the same so that a run repeats. Without any, Linux holds its random pool for empty and
   * computes a hash on every system call (9,700 instructions for a getppid instead of about 500).
   */
  private static final String SEED = "Xenolith virt: the same seed for every run.";

  private final FdtBuilder root = FdtBuilder.root();
  private final VirtOptions options;

  private VirtTree(VirtOptions options) {
    this.options = options;
  }

  static Fdt of(VirtOptions options) {
    VirtTree tree = new VirtTree(options);
    tree.general();
    tree.processors();
    tree.interruptController();
    tree.peripherals();
    if (options.flash()) {
      // Its name is ours alone: no guest is shown what has no driver.
      tree.root.child(unit("flash", FLASH)).strings("compatible", "xenolith,blank-flash")
          .u64("reg", FLASH, FLASH_BANK, FLASH + FLASH_BANK, FLASH_BANK);
    }
    tree.virtio();
    if (options.bridge() != HostBridge.NONE) {
      new VirtPcie(tree.root, GIC_PHANDLE, MSI_PHANDLE, CLOCK_PHANDLE).add(options.bridge(), options.gic() == 2,
          options.gic() == 2 || options.its(), options.iommu().equals("smmuv3"));
    }
    if (options.platformBus()) {
      tree.platformBus();
    }
    return Fdt.of(tree.root.build());
  }

  private void general() {
    root.strings("model", "Xenolith virt").strings("compatible", "linux,dummy-virt")
        .cells("#address-cells", 2).cells("#size-cells", 2).cells("interrupt-parent", GIC_PHANDLE);
    root.child("aliases").strings("serial0", path("pl011", UART));
    FdtBuilder chosen = root.child("chosen").strings("stdout-path", path("pl011", UART)).bytes("rng-seed", SEED.getBytes(US_ASCII));
    options.kaslrSeed().ifPresent(seed -> chosen.u64("kaslr-seed", seed));
    root.child(unit("memory", RAM)).strings("device_type", "memory").u64("reg", RAM, options.memoryBytes());
  }

  private void processors() {
    FdtBuilder cpus = root.child("cpus").cells("#address-cells", 1).cells("#size-cells", 0);
    for (int cpu = 0; cpu < options.cpus(); cpu++) {
      cpus.child(unit("cpu", cpu)).strings("device_type", "cpu").strings("compatible", "arm,cortex-a57")
          .cells("reg", cpu).strings("enable-method", "psci");
    }
    root.child("psci").strings("compatible", "arm,psci-1.0", "arm,psci-0.2").strings("method", options.psciMethod());
    // GICv2 specifiers of private interrupts also tell which CPUs have them, in bits 15:8
    int flags = LEVEL_HIGH | (options.gic() == 2 ? (1 << options.cpus()) - 1 << 8 : 0);
    root.child("timer").strings("compatible", "arm,armv8-timer", "arm,armv7-timer").flag("always-on")
        .cells("interrupts", PPI, 13, flags, PPI, 14, flags, PPI, 11, flags, PPI, 10, flags);
    if (options.pmu()) {
      root.child("pmu").strings("compatible", "arm,armv8-pmuv3").cells("interrupts", PPI, PMU_PPI, flags);
    }
  }

  private void interruptController() {
    FdtBuilder gic = root.child(unit("intc", GIC_DISTRIBUTOR));
    if (options.gic() == 2) {
      gic.strings("compatible", "arm,cortex-a15-gic");
      if (options.virtualization()) {
        gic.u64("reg", GIC_DISTRIBUTOR, 0x1_0000, GIC_CPU_INTERFACE, 0x1_0000, GIC_HYPERVISOR_CONTROL, 0x1_0000,
            GIC_VIRTUAL_INTERFACE, 0x1_0000);
      } else {
        gic.u64("reg", GIC_DISTRIBUTOR, 0x1_0000, GIC_CPU_INTERFACE, 0x1_0000);
      }
    } else {
      gic.strings("compatible", "arm,gic-v3").cells("#redistributor-regions", 1)
          .u64("reg", GIC_DISTRIBUTOR, 0x1_0000, GIC_REDISTRIBUTORS, GIC_REDISTRIBUTORS_SIZE);
    }
    if (options.virtualization()) {
      gic.cells("interrupts", PPI, MAINTENANCE_PPI, LEVEL_HIGH);
    }
    gic.cells("#interrupt-cells", 3).flag("interrupt-controller").cells("#address-cells", 2)
        .cells("#size-cells", 2).flag("ranges").cells("phandle", GIC_PHANDLE);
    if (options.gic() == 2 ? options.bridge() != HostBridge.NONE && !options.bridge().xgene() : options.its()) {
      messages(gic);
    }
  }

  /** What takes the messages of PCI functions: a frame of GICv2m where there are any, or the ITS. */
  private void messages(FdtBuilder gic) {
    FdtBuilder controller;
    if (options.gic() == 2) {
      controller = gic.child(unit("v2m", GIC_MESSAGES)).strings("compatible", "arm,gic-v2m-frame").u64("reg", GIC_MESSAGES, PAGE);
    } else {
      controller = gic.child(unit("its", GIC_TRANSLATION)).strings("compatible", "arm,gic-v3-its")
          .u64("reg", GIC_TRANSLATION, 0x2_0000).cells("#msi-cells", 1);
    }
    controller.flag("msi-controller").cells("phandle", MSI_PHANDLE);
  }

  private void peripherals() {
    root.child("apb-pclk").strings("compatible", "fixed-clock").cells("#clock-cells", 0)
        .cells("clock-frequency", 24_000_000).strings("clock-output-names", "clk24mhz")
        .cells("phandle", CLOCK_PHANDLE);
    primecell("pl011", UART, UART_SPI).strings("clock-names", "uartclk", "apb_pclk")
        .cells("clocks", CLOCK_PHANDLE, CLOCK_PHANDLE);
    primecell("pl031", RTC, RTC_SPI).strings("clock-names", "apb_pclk").cells("clocks", CLOCK_PHANDLE);
    primecell("pl061", GPIO, GPIO_SPI).strings("clock-names", "apb_pclk").cells("clocks", CLOCK_PHANDLE)
        .flag("gpio-controller").cells("#gpio-cells", 2).cells("phandle", GPIO_PHANDLE);
    root.child("gpio-keys").strings("compatible", "gpio-keys").child("poweroff")
        .strings("label", "GPIO Key Poweroff").cells("linux,code", KEY_POWER)
        .cells("gpios", GPIO_PHANDLE, POWER_BUTTON_LINE, 0);
  }

  private FdtBuilder primecell(String part, long base, int spi) {
    return root.child(unit(part, base)).strings("compatible", "arm," + part, "arm,primecell").u64("reg", base, PAGE)
        .cells("interrupts", SPI, spi, LEVEL_HIGH);
  }

  private void virtio() {
    for (int slot = 0; slot < options.virtioSlots(); slot++) {
      long base = VIRTIO + slot * VIRTIO_SIZE;
      root.child(unit("virtio_mmio", base)).strings("compatible", "virtio,mmio").u64("reg", base, VIRTIO_SIZE)
          .cells("interrupts", SPI, FIRST_VIRTIO_SPI + slot, EDGE_RISING).flag("dma-coherent");
    }
  }

  /** The bus on which QEMU puts what has no place of its own (its option {@code -device}): here nothing is on it. */
  private void platformBus() {
    root.child(unit("platform-bus", PLATFORM_BUS)).strings("compatible", "qemu,platform", "simple-bus")
        .cells("interrupt-parent", GIC_PHANDLE).cells("#address-cells", 1).cells("#size-cells", 1)
        .cells("ranges", 0, 0, (int) PLATFORM_BUS, PLATFORM_BUS_SIZE);
  }

  private static String unit(String name, long address) {
    return name + "@" + Long.toHexString(address);
  }

  private static String path(String name, long address) {
    return "/" + unit(name, address);
  }
}

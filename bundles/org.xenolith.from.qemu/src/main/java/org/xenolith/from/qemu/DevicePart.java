// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import org.xenolith.from.qemu.QemuLine.Option;

/** The option {@code device}: disks, cards and folders are their parts', the others are here. */
final class DevicePart {
  /** Those that have no counterpart, by the form of their names, the first that fits. */
  private static final List<Entry<String, String>> MISSING = List.of(Map.entry(
      "(usb-|qemu-xhci|nec-usb|piix.-usb|ich9-usb|pci-ohci|.*-ehci).*", "there is no USB"), Map.entry(
          "(virtio-gpu|virtio-vga|VGA|vga|cirrus|qxl|bochs|vmware-svga|secondary-vga).*",
          "there is no such display; --display ramfb has a frame buffer"), Map.entry(
              "(intel-hda|ich9-intel-hda|hda-|AC97|ac97|ES1370|sb16|virtio-sound).*", "there is no sound"), Map.entry(
                  "(virtio-(keyboard|mouse|tablet|multitouch|input)).*", "nobody sits at a keyboard but that of the console"), Map.entry(
                      "(vhost-user-fs|virtio-fs).*",
                      "nothing of the host's is behind a machine; --share PATH shows a folder by 9P, which the guest mounts as 9p"), Map
                          .entry(
                              "(vfio-|pci-assign).*",
                              "devices of the host aren't given to machines; a domain of the hypervisor can have the machine's"), Map.entry(
                                  "(vhost-|virtio-vsock).*",
                                  "nothing of the host's kernel is behind a machine"), Map.entry("(tpm-).*", "there is no TPM"), Map.entry(
                                      "(virtio-balloon).*",
                                      "memory isn't given back to the host"), Map.entry("(intel-iommu|virtio-iommu).*",
                                          "the IOMMU of a PC is --iommu amdvi, that of virt smmuv3"), Map.entry(
                                              "(virtio-crypto|virtio-mem|virtio-pmem|nvdimm|pc-dimm).*", "there is no such device"), Map
                                                  .entry(
                                                      "(i6300esb|ib700|sbsa_gwdt).*",
                                                      "there is no watchdog"), Map.entry("(pci-testdev|pc-testdev|edu|ivshmem).*",
                                                          "there is no such test device"), Map.entry("(pvpanic).*",
                                                              "a kernel's panic is seen on the console"));
  /** Those that only lead to others. */
  private static final String SILENT =
      "(virtio-serial|pcie-root-port|pcie-pci-bridge|pci-bridge|i82801b11-bridge|ioh3420|pxb|pcie-switch|x3130|xio3130|isa-serial|pci-serial|vmgenid|vmcoreinfo).*";
  private final BootLine boot;
  private final DiskPart disks;
  private final NetPart cards;
  private final FolderPart folders;
  private final MachinePart machine;
  private final List<Runnable> waiting = new ArrayList<>();

  DevicePart(BootLine boot, DiskPart disks, NetPart cards, FolderPart folders, MachinePart machine) {
    this.boot = boot;
    this.disks = disks;
    this.cards = cards;
    this.folders = folders;
    this.machine = machine;
  }

  void addTo(OptionTable table) {
    table.put("device", this::device);
    table.put("virtioconsole", option -> boot.joined("virtio-console", ""));
  }

  private void device(Option option) {
    if (option.value().startsWith("{")) {
      boot.missing(option, "JSON isn't read here; give it as keys and values");
      return;
    }
    KeyValues said = new KeyValues(option.value(), "driver");
    String driver = said.take("driver", "");
    if (disks.device(option, driver, said) || cards.device(option, driver, said) || folders.device(option, driver, said)) {
      return;
    }
    switch (driver) {
      case "virtio-rng-device" -> waiting.add(() -> boot.joined("rng", ""));
      case "virtio-rng-pci", "virtio-rng", "virtio-rng-pci-non-transitional" -> waiting.add(() -> boot.joined("rng", "pci=" + boot.slot(
          "virtio")));
      case "virtconsole", "virtserialport" -> console(option, driver);
      case "ramfb" -> boot.add("display", "ramfb");
      case "isa-debug-exit" -> boot.joined("debug-exit", said.take("iobase", "0x501"));
      case "guest-loader" -> module(option, said);
      case "loader" -> boot.missing(option,
          "nothing is put into memory beside what is booted; --module gives a hypervisor its kernel and ramdisk, --kernel-address a flat program its place");
      default -> other(option, driver);
    }
  }

  private void console(Option option, String driver) {
    if (driver.equals("virtconsole")) {
      waiting.add(() -> boot.joined("virtio-console", ""));
      boot.otherwise(option, "--console shows it in the place of the serial line: --console " + (boot.arm()
          ? "/virtio_mmio@a000000 or what 'devices' at the prompt lists"
          : "and the node that 'devices' at the prompt lists"));
    } else {
      boot.missing(option, "a virtio console has no further ports");
    }
  }

  /** Source: QEMU, System Emulation, Guest Loader. */
  private void module(Option option, KeyValues said) {
    String kernel = said.take("kernel", "");
    String initrd = said.take("initrd", "");
    if (!kernel.isEmpty()) {
      machine.module("kernel", kernel, said.take("bootargs", ""));
    } else if (!initrd.isEmpty()) {
      machine.module("ramdisk", initrd, "");
    } else {
      boot.missing(option, "it names neither a kernel nor an initrd");
    }
  }

  private void other(Option option, String driver) {
    if (driver.matches(SILENT)) {
      boot.silent(option);
      return;
    }
    boot.missing(option, MISSING.stream().filter(each -> driver.matches(each.getKey())).map(Entry::getValue).findFirst().orElse(
        "there is no model of it; ./xenolith models lists what there is" + (driver.toLowerCase(Locale.ROOT).startsWith("virtio")
            ? ", of virtio disks, SCSI, network cards, consoles and entropy"
            : "")));
  }

  /** All has been read. */
  void end() {
    waiting.forEach(Runnable::run);
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xenolith.command.api.BadInput;
import org.xenolith.from.qemu.QemuLine.Option;

/** Options {@code M cpu smp m} and what runs: {@code kernel initrd append dtb bios semihosting no-reboot}. */
final class MachinePart {
  private static final int MOST_CPUS = 8;
  /** QEMU's own, of both programs. */
  private static final String USUAL_MEMORY = "128M";
  private static final Map<String, String> MISSING = Map.of("secure", "the secure world isn't modelled", "mte",
      "memory tagging isn't modelled", "ras",
      "reports of hardware errors aren't modelled", "confidential-guest-support", "guests aren't encrypted");
  private final BootLine boot;
  private final List<String> processors;
  private final List<String[]> modules = new ArrayList<>();
  private String kernel = "";
  private String initrd = "";
  private String append = "";
  private String tree = "";
  private String firmware = "";
  private String memory = USUAL_MEMORY;
  private boolean named;

  MachinePart(BootLine boot, List<String> processors) {
    this.boot = boot;
    this.processors = processors;
  }

  void addTo(OptionTable table) {
    table.put("M machine", this::machine);
    table.put("cpu", this::cpu);
    table.put("smp", this::smp);
    table.put("m", this::memory);
    table.put("kernel", option -> kernel = option.value());
    table.put("initrd", this::initrd);
    table.put("append", option -> append = option.value());
    table.put("dtb", option -> tree = option.value());
    table.put("bios", this::bios);
    table.put("semihosting", option -> semihosting());
    table.put("semihosting-config", option -> semihosting());
    table.put("no-reboot", option -> boot.head("on-reset", "stop"));
  }

  // ---- The machine

  private void machine(Option option) {
    KeyValues said = new KeyValues(option.value(), "type");
    String type = said.take("type", "");
    if (!type.isEmpty()) {
      named = true;
      type(type);
    }
    said.drop("accel", "kernel_irqchip", "kernel-irqchip", "usb", "dump-guest-core", "graphics", "mem-merge", "memory-backend", "vmport",
        "smm", "hpet", "pit", "pic", "rtc",
        "isa-serial", "x-option-roms", "nvdimm", "hmat", "suppress-vmdesc", "highmem", "smbios-entry-point-type", "max-ram-below-4g",
        "pcspk-audiodev", "i8042",
        "auto-kernel-cmdline", "ioapic2", "sata", "pcie", "dtb-randomness", "dtb-kaslr-seed", "default-bus-bypass-iommu", "gmch");
    if (boot.arm()) {
      controller(said.take("gic-version", ""));
      if (said.on("virtualization")) {
        boot.flag("el2");
      }
      switch (said.take("iommu", "none")) {
        case "smmuv3" -> boot.head("iommu", "smmuv3");
        case "none" -> {
        }
        default -> boot.missing(option, "the IOMMU of this board is smmuv3");
      }
      if (said.take("its", "on").matches("off|no")) {
        boot.head("option", "its=off");
      }
    }
    kernel = said.take("kernel", kernel);
    initrd = said.take("initrd", initrd);
    append = said.take("append", append);
    tree = said.take("dtb", tree);
    said.drop("acpi");
    if (said.left().containsKey("dumpdtb")) {
      throw new BadInput("from-qemu: dumpdtb writes the machine's device tree, and starts nothing: ./xenolith topology export " + (boot
          .arm() ? "virt" : "pc-pvh")
          + " FILE.dtb");
    }
    said.left().forEach((key, value) -> {
      if (!value.matches("off|no|false|none")) {
        boot.missing("-machine " + key + "=" + value, MISSING.getOrDefault(key, "the board has no such option"));
      }
    });
  }

  private void type(String type) {
    if (boot.arm() && !type.matches("virt(-[0-9.]+)?")) {
      throw new BadInput("from-qemu: -machine " + type
          + ": of Arm's machines there is virt here; another one's device tree can be booted as a board of its own (boot FILE.dtb)");
    }
    if (!boot.arm() && !type.matches("(pc|q35|microvm)(-.*)?|pc-.*")) {
      throw new BadInput("from-qemu: -machine " + type + ": of PCs there is pc-pvh here, one without legacy devices");
    }
    if (!boot.arm() && !type.startsWith("microvm")) {
      boot.otherwise((named ? "-machine " : "the machine, ") + type,
          "a PC without legacy devices and firmware: the kernel is entered by its PVH entry, disks are /dev/vd*, the console is ttyS0");
    }
  }

  private void controller(String version) {
    switch (version) {
      case "" -> {
      }
      case "2", "3" -> controller(version, "");
      case "max", "4" -> controller("3", "the latest that is modelled is version 3");
      case "host" -> controller("3", "not the host's");
      default -> boot.missing("-machine gic-version=" + version, "there are 2 and 3");
    }
  }

  private void controller(String version, String why) {
    boot.controller(version);
    boot.head("gic", version);
    if (!why.isEmpty()) {
      boot.otherwise("-machine gic-version", why);
    }
  }

  /** What machine it is has been read. */
  void known() {
    if (!named && boot.arm()) {
      throw new BadInput("from-qemu: no machine is named, which qemu-system-aarch64 wants, too: -M virt");
    }
    if (!named) {
      type("pc");
    }
  }

  private void cpu(Option option) {
    String name = option.value().split(",")[0].toLowerCase(Locale.ROOT);
    boolean features = option.value().contains(",");
    if (option.value().contains("aarch64=off") || name.matches("cortex-a(7|8|9|15)|arm.*|cortex-[mr].*")) {
      throw new BadInput("from-qemu: " + option + ": 32-bit Arm isn't modelled");
    }
    if (processors.contains(name)) {
      boot.head("cpu", name);
    }
    if (!processors.contains(name) || features) {
      boot.otherwise(option, (processors.contains(name) ? "without what is behind the name" : name.matches("host|max")
          ? "the board's own CPU, not the host's"
          : "the board's own CPU") + (boot.arm() ? "; by name there are " + String.join(", ", processors.stream().filter(each -> each
              .startsWith("cortex")).toList()) : ""));
    }
  }

  private void smp(Option option) {
    KeyValues said = new KeyValues(option.value(), "cpus");
    int product = 1;
    boolean divided = false;
    for (String key : List.of("sockets", "dies", "clusters", "cores", "threads")) {
      String count = said.take(key, "");
      divided |= !count.isEmpty();
      product *= count.isEmpty() ? 1 : number(option, count);
    }
    String cpus = said.take("cpus", "");
    if (cpus.indexOf(ShellWords.PUT_IN) >= 0) {
      boot.head("cpus", cpus);
      return;
    }
    int count = cpus.isEmpty() && divided ? product : cpus.isEmpty() ? number(option, said.take("maxcpus", "1")) : number(option, cpus);
    boot.head("cpus", Integer.toString(Math.min(count, MOST_CPUS)));
    if (count > MOST_CPUS) {
      boot.otherwise(option, "a machine has " + MOST_CPUS + " CPUs at most");
    }
  }

  private static int number(Option option, String text) {
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new BadInput("from-qemu: " + option + ": '" + text.replace(ShellWords.PUT_IN, '$')
          + "' is no number of CPUs; put in what stands for it");
    }
    return Integer.parseInt(text);
  }

  /** A number is of MiB for both. */
  private void memory(Option option) {
    KeyValues said = new KeyValues(option.value(), "size");
    memory = said.take("size", USUAL_MEMORY).replaceAll("(?i)b$", "").toUpperCase(Locale.ROOT);
    if (memory.indexOf(ShellWords.PUT_IN) >= 0) {
      memory = new KeyValues(option.value(), "size").take("size", "");
    } else if (memory.endsWith("T")) {
      throw new BadInput("from-qemu: " + option + ": a machine has 255 GiB at most");
    }
    said.drop("slots", "maxmem");
  }

  // ---- What runs

  private void initrd(Option option) {
    initrd = option.value();
  }

  private void bios(Option option) {
    if (!boot.arm()) {
      boot.missing(option, "a PC here has no firmware");
    } else if (!option.value().equals("none")) {
      firmware = option.value();
    }
  }

  private void semihosting() {
    if (boot.arm()) {
      boot.flag("semihosting");
    } else {
      boot.missing("-semihosting", "it is Arm's");
    }
  }

  /** What a loader of QEMU's puts into memory for a hypervisor. */
  void module(String kind, String file, String words) {
    modules.add(new String[] {kind, file, words});
  }

  /** Whether something was named that runs. */
  boolean starts() {
    return !kernel.isEmpty() || !firmware.isEmpty();
  }

  /** All has been read. @param disks what drives have named */
  void end(DiskPart disks) {
    firmware = firmware.isEmpty() ? disks.flash() : firmware;
    boot.head("memory", memory);
    if (!tree.isEmpty()) {
      boot.board(tree);
      boot.otherwise("-dtb", "the machine is what this device tree says, and not QEMU's with another description");
    }
    if (!firmware.isEmpty()) {
      boot.head("firmware", firmware);
      if (!disks.variables().isEmpty()) {
        boot.otherwise("the second image of flash",
            "firmware's variables are kept as long as the machine runs; its file isn't read or written");
      }
    }
    if (!kernel.isEmpty()) {
      boot.head("kernel", kernel);
      if (!initrd.isEmpty()) {
        boot.head("initrd", initrd);
      }
      if (!boot.arm() && !append.contains("console=") && append.indexOf(ShellWords.PUT_IN) < 0) {
        append = (append + " console=ttyS0").strip();
        boot.otherwise("-append", "there is no screen, so that console=ttyS0 is added");
      }
      if (!append.isEmpty()) {
        boot.head("append", disks.hasScsi() ? append : disks(append));
      }
    }
    modules.forEach(each -> boot.head("module", each[0] + "=" + each[1] + (each[2].isEmpty() ? "" : "," + each[2])));
  }

  /** Linux calls virtio's disks vda where it calls IDE's and SCSI's sda. */
  private String disks(String words) {
    String other = words.replaceAll("(root=/dev/)(?:sd|hd|xvd)([a-z])", "$1vd$2");
    if (!other.equals(words)) {
      boot.otherwise("-append", "disks are virtio's, whose names are /dev/vd*");
    }
    return other;
  }
}

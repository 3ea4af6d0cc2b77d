// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.xen.abi.XenErrno;

/**
 * What a configuration file asks for, as {@code xl.cfg(5)} defines the keys.
 *
 * @param name       the domain's name
 * @param uuid       its UUID; made of its name unless said, so that runs repeat
 * @param memory     MiB at the start
 * @param vcpus      virtual CPUs
 * @param firmware   what it starts with in the place of a kernel: a name of {@code DomainFirmwareKind} or a file; empty for none
 * @param kernel     kernel file; empty with firmware
 * @param ramdisk    first root file system, or empty
 * @param line       kernel command line
 * @param disks      block devices
 * @param interfaces network interfaces
 * @param folders    folders of the host
 * @param weight     {@code cpu_weight}
 * @param cap        {@code cap}
 * @param vuart      {@code sbsa_uart} or empty
 * @param acpi       {@code acpi}: it is described by ACPI
 * @param container  {@code container}: which devices a PVH guest has, by a name that its builder knows; empty for the usual one
 * @param builder    name of the builder of domains; empty for the one that takes it
 * @param pci        PCI functions; null without the key: then the domain has no host bridge, which an empty list gives it
 * @param actions    what to do at {@code poweroff}, {@code reboot}, {@code crash}, {@code watchdog}, {@code soft_reset}
 * @param warnings   what a person should know: keys that were left out
 */
record DomainConfig(String name, UUID uuid, long memory, int vcpus, String firmware, String kernel, String ramdisk,
    String line, List<DiskSpec> disks, List<VifSpec> interfaces, List<FolderSpec> folders, int weight, int cap, String vuart, boolean acpi,
    String container,
    String builder, List<
        PciSpec> pci,
    Map<String, String> actions, List<String> warnings) {
  private static final Set<String> KNOWN = new TreeSet<>(Set.of("name", "uuid", "memory", "maxmem", "vcpus", "maxvcpus", "firmware",
      "kernel", "ramdisk", "extra", "root", "cmdline", "disk", "vif", "p9", "cpu_weight", "cap", "vuart", "acpi", "container", "pci",
      "type",
      "builder",
      "on_poweroff",
      "on_reboot", "on_crash", "on_watchdog", "on_soft_reset"));
  /** What {@code builder} had for values before xl had {@code type}; none is a builder of ours. */
  private static final Set<String> OLD_BUILDERS = Set.of("generic", "linux", "hvm");
  /** What a kernel is given and firmware isn't. */
  private static final List<String> OF_KERNELS = List.of("ramdisk", "root", "extra", "cmdline");
  /** What {@code xl.cfg(5)} has for a domain's end, and what is done instead of that, which isn't served. */
  private static final Map<String, String> ACTIONS = new TreeMap<>(Map.of("destroy", "destroy", "restart", "restart", "preserve",
      "preserve", "rename-restart", "restart", "coredump-destroy", "destroy", "coredump-restart", "restart", "soft-reset", "restart"));

  /** @throws HypervisorException naming file, line and remedy for what can't be */
  static DomainConfig read(String file, String text) {
    return new Reader(file, ConfigFile.parse(file, text)).config();
  }

  private record Reader(String file, Map<String, ConfigFile.Entry> entries) {
    DomainConfig config() {
      List<String> warnings = new ArrayList<>();
      entries.forEach((key, entry) -> {
        if (!KNOWN.contains(key)) {
          warnings.add(file + ":" + entry.line() + ": " + key + " isn't supported and left out; known are " + KNOWN);
        }
      });
      String name = text("name", "");
      if (name.isEmpty()) {
        throw bad("name", "is missing: say what the domain is called");
      }
      String firmware = text("firmware", "");
      if (name.chars().anyMatch(c -> c < ' ')) {
        throw bad("name", "has a control character");
      }
      if (firmware.isEmpty() == text("kernel", "").isEmpty()) {
        throw firmware.isEmpty()
            ? bad("kernel", "is missing: name a kernel file, or firmware that finds one on the domain's disks")
            : bad("firmware", "stands there with kernel: name one of them, which the domain starts with");
      }
      long memory = number("memory", number("maxmem", 128));
      long cpus = number("vcpus", number("maxvcpus", 1));
      if (memory < 16 || memory > 1 << 20) {
        throw bad("memory", "expected 16 to 1048576 MiB, got " + memory);
      }
      if (cpus < 1 || cpus > 128) {
        throw bad("vcpus", "expected 1 to 128, got " + cpus);
      }
      int vcpus = (int) cpus;
      if (!firmware.isEmpty()) {
        OF_KERNELS.stream().filter(entries::containsKey).forEach(key -> warnings.add(place(key) + ": " + key
            + " is a kernel's and left out: the domain starts with firmware, which knows nothing of it"));
      }
      String line = firmware.isEmpty() ? line() : "";
      return new DomainConfig(name, uuid(name), memory, vcpus, firmware, text("kernel", ""), firmware.isEmpty() ? text("ramdisk", "") : "",
          line,
          disks(warnings), interfaces(name, warnings), folders(warnings),
          number("cpu_weight", 256, 1, 65535), number("cap", 0, 0, 100 * vcpus), text("vuart", ""), number("acpi", 0, 0, 1) == 1, text(
              "container", ""), builder(),
          functions(warnings), actions(warnings), warnings);
    }

    private Map<String, String> actions(List<String> warnings) {
      String crash = action("on_crash", "destroy", warnings);
      return Map.of("poweroff", action("on_poweroff", "destroy", warnings), "reboot", action("on_reboot", "restart", warnings), "crash",
          crash,
          "watchdog", action("on_watchdog", "destroy", warnings), "soft_reset", action("on_soft_reset", crash, warnings));
    }

    private String line() {
      String line = text("cmdline", "");
      return line.isEmpty() ? ((text("root", "").isEmpty() ? "" : "root=" + text("root", "") + " ") + text("extra", "")).strip() : line;
    }

    private List<DiskSpec> disks(List<String> warnings) {
      return values("disk").stream().map(disk -> DiskLine.parse(place("disk"), disk, warnings::add)).toList();
    }

    private List<VifSpec> interfaces(String name, List<String> warnings) {
      List<VifSpec> all = new ArrayList<>();
      for (String text : values("vif")) {
        all.add(VifSpec.parse(place("vif"), text, name, all.size(), warnings::add));
      }
      return all;
    }

    private List<FolderSpec> folders(List<String> warnings) {
      Set<String> tags = new HashSet<>();
      List<FolderSpec> all = values("p9").stream().map(text -> FolderSpec.parse(place("p9"), text, warnings::add)).toList();
      all.stream().filter(folder -> !tags.add(folder.tag())).findFirst().ifPresent(folder -> {
        throw bad("p9", "two folders have the tag '" + folder.tag() + "'");
      });
      return all;
    }

    private List<PciSpec> functions(List<String> warnings) {
      ConfigFile.Entry entry = entries.get("pci");
      if (entry == null) {
        return null;
      }
      if (!entry.list()) {
        throw bad("pci", "expected a list such as [ '0000:01:00.0' ], got one value");
      }
      List<PciSpec> all = values("pci").stream().map(text -> PciSpec.parse(place("pci"), text)).toList();
      Set<Integer> addresses = new HashSet<>();
      Set<Integer> slots = new HashSet<>();
      for (PciSpec spec : all) {
        if (!addresses.add(spec.sbdf()) || spec.slot() >= 0 && !slots.add(spec.slot())) {
          throw bad("pci", Sbdf.text(spec.sbdf()) + " stands there with another one of the same address or slot");
        }
      }
      all.stream().flatMap(s -> s.ignored().stream()).distinct()
          .forEach(key -> warnings.add(place("pci") + ": pci: " + key + " isn't supported and left out"));
      return all;
    }

    private String builder() {
      String name = text("builder", "");
      return OLD_BUILDERS.contains(name) ? "" : name;
    }

    private UUID uuid(String name) {
      String text = text("uuid", "");
      try {
        return text.isEmpty() ? UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)) : UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        throw bad("uuid", "expected the form 01234567-89ab-cdef-0123-456789abcdef, got " + text);
      }
    }

    private String action(String key, String otherwise, List<String> warnings) {
      String action = text(key, otherwise);
      String served = ACTIONS.get(action);
      if (served == null) {
        throw bad(key, "expected one of " + ACTIONS.keySet() + ", got " + action);
      }
      if (!served.equals(action)) {
        warnings.add(place(key) + ": " + key + ": " + action + " isn't supported; " + served + " is done instead");
      }
      return served;
    }

    private List<String> values(String key) {
      ConfigFile.Entry entry = entries.get(key);
      if (entry != null && entry.values().stream().anyMatch(value -> value.chars().anyMatch(c -> c < ' ' && c != '\t' && c != '\n'))) {
        throw bad(key, "has a control character");
      }
      if (entry != null && entry.nested()) {
        throw bad(key, "expected a list of texts, got lists in it");
      }
      return entry == null ? List.of() : entry.values();
    }

    private String text(String key, String otherwise) {
      ConfigFile.Entry entry = entries.get(key);
      if (entry == null) {
        return otherwise;
      }
      if (entry.list()) {
        throw bad(key, "expected one value, got a list");
      }
      return entry.values().getFirst();
    }

    /** In the range that {@code xl.cfg(5)} has for it. */
    private int number(String key, int otherwise, int least, int most) {
      long number = number(key, otherwise);
      if (number < least || number > most) {
        throw bad(key, "expected " + least + " to " + most + ", got " + number);
      }
      return (int) number;
    }

    private long number(String key, long otherwise) {
      String text = text(key, "");
      try {
        return text.isEmpty() ? otherwise : Long.decode(text);
      } catch (NumberFormatException e) {
        throw bad(key, "expected a number, got '" + text + "'");
      }
    }

    private String place(String key) {
      return file + ":" + (entries.containsKey(key) ? entries.get(key).line() : 1);
    }

    private HypervisorException bad(String key, String what) {
      return new HypervisorException(-XenErrno.XEN_EINVAL, place(key) + ": " + key + ": " + what);
    }
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.Map;

/** Options that say nothing to the guest, and those that have no counterpart whatever their arguments are. */
final class QuietOptions {
  private static final String SILENT =
      "nographic vnc spice display k name uuid enable-kvm no-kvm accel msg monitor qmp qmp-pretty mon nodefaults no-user-config "
          + "daemonize pidfile runas sandbox D d dfilter L readconfig_ cpu-pm overcommit mem-prealloc mem-path enable-fips icount one-insn-per-tb singlestep "
          + "rtc localtime boot no-fd-bootchk no-hpet no-quit no-frame full-screen curses sdl alt-grab ctrl-grab win2k-hack only-migratable preconfig hax "
          + "enable-hax compat async-teardown nouserconfig tb-size chroot echr trace global set object chardev numa parallel";

  private static final Map<String, String> MISSING = Map.ofEntries(Map.entry("usb", "there is no USB"), Map.entry("usbdevice",
      "there is no USB"), Map.entry("soundhw",
          "there is no sound"), Map.entry("audiodev", "there is no sound"), Map.entry("audio", "there is no sound"), Map.entry("fw_cfg",
              "files of fw_cfg can't be added"), Map
                  .entry("smbios", "there are no SMBIOS tables"), Map.entry("acpitable",
                      "ACPI tables are made from the board's topology; others can't be added"), Map.entry(
                          "option-rom", "PCI devices have no option ROM"), Map.entry("tpmdev", "there is no TPM"), Map.entry("watchdog",
                              "there is no watchdog"), Map.entry(
                                  "watchdog-action", "there is no watchdog"), Map.entry("incoming",
                                      "machines aren't migrated; --save and --load keep one in a folder"), Map.entry("loadvm",
                                          "snapshots inside an image aren't read; --save and --load keep a machine in a folder"), Map.entry(
                                              "readconfig",
                                              "QEMU's configuration files aren't read; give the options"), Map.entry("no-acpi",
                                                  "ACPI tables of a PC can't be left out"),
      Map.entry("no-shutdown",
          "a machine that powers off ends; --stay stays at the prompt then"), Map.entry("plugin",
              "QEMU's plugins are QEMU's; --trace and 'executions' at the prompt list what happened"));

  private QuietOptions() {}

  static void addTo(OptionTable table, BootLine boot) {
    table.put(SILENT, boot::silent);
    MISSING.forEach((name, why) -> table.put(name, option -> boot.missing(option, why)));
    table.put("vga", option -> {
      if (option.value().matches("none|std|cirrus|virtio|qxl|vmware")) {
        boot.silent(option);
      } else {
        boot.missing(option, "there is no such display; --display ramfb has a frame buffer");
      }
    });
  }
}

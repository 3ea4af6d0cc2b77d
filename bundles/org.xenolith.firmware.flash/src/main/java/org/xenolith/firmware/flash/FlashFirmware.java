// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import static org.xenolith.command.api.OptionName.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.FirmwareFiles;
import org.xenolith.boot.api.FirmwareKind;
import org.xenolith.boot.api.FirmwareSource;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.firmware.api.AcpiDescriber;
import org.xenolith.firmware.api.AcpiDescription;
import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformReader;

/**
 * Starts a machine in its flash, as hardware does. Where programs for QEMU's {@code virt} look, firmware finds the device tree at the start
 * of RAM (QEMU, docs/system/arm/virt.rst) and by fw_cfg whatever else it is told: ACPI tables for its operating systems, and a kernel if
 * one is named.
 */
@Component(property = "service.ranking:Integer=10")
public final class FlashFirmware implements LaunchShaper {
  private static final String OPTION = "firmware";
  private static final String FW_CFG = "qemu,fw-cfg-mmio";
  /** Property of the same node where firmware is to hand on the device tree, as with QEMU's acpi=off. */
  private static final String NO_ACPI = "xenolith,no-acpi";
  /** Event: what the board has and its tables can't say. */
  private static final String UNTOLD = "acpi-untold";

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.UPDATE)
  private final List<FirmwareKind> kinds = new CopyOnWriteArrayList<>();
  @Reference
  private PlatformReader reader;
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile AcpiDescriber describer;

  /** What the option says; empty if it isn't said. */
  private static Optional<String> said(LaunchRequest request) {
    return request.option(OPTION).stream().findFirst();
  }

  private Optional<FirmwareKind> kind(String name) {
    return kinds.stream().filter(kind -> kind.name().equals(name)).findFirst();
  }

  /** Whatever is of no kind that does without flash: what is in flash, and files. */
  @Override
  public boolean serves(LaunchRequest request) {
    return said(request).map(text -> FirmwareSource.isMeant(text, kinds)).orElse(false);
  }

  @Override
  public Map<String, String> boardOptions(LaunchRequest request) {
    return Map.of("flash", "cfi", "fw-cfg", "on");
  }

  @Override
  public Map<String, String> disks(Platform platform, LaunchRequest request, ProgressListener progress) {
    String text = said(request).orElseThrow();
    return FlashFiles.disks(text, files(text, progress), request.option(StoreOption.NAME).stream().findFirst().map(Path::of), banks(
        platform));
  }

  private FirmwareFiles files(String text, ProgressListener progress) {
    FirmwareKind kind = kind(text).orElse(null);
    if (!(kind instanceof FirmwareSource source)) {
      return new FirmwareFiles(Path.of(text), Optional.empty(), List.of());
    }
    Availability availability = source.availability();
    if (!availability.usable()) {
      throw BadInput.at(OPTION, text, availability.reason() + " " + availability.remedy());
    }
    try {
      return source.obtain(progress);
    } catch (BootException e) {
      throw BadInput.at(OPTION, text, e.getMessage());
    }
  }

  private static List<FlashBank> banks(Platform platform) {
    List<FlashBank> banks = FlashBank.of(platform);
    if (banks.isEmpty()) {
      throw new BadInput(option(OPTION) + ": the board " + platform.name()
          + " has no flash that firmware could be in; expected a node that is compatible with cfi-flash");
    }
    return banks;
  }

  @Override
  public boolean startsAlone(LaunchRequest request) {
    return true;
  }

  @Override
  public Optional<BoardDescription> describe(Machine machine, Platform platform, Fdt tree, LaunchRequest request) {
    return Optional.of(new HandedTree(tree));
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request,
      Optional<BoardDescription> description) {
    if (!(description.orElse(null) instanceof HandedTree handed)) {
      return false;
    }
    byte[] tree = FdtWriter.write(handed.tree());
    AddressWindow ram = platform.memory().stream().filter(bank -> bank.size() != 0).findFirst().orElseThrow();
    if (tree.length > ram.size()) {
      throw new BadInput(platform.name() + ": its device tree has " + tree.length + " bytes, and the first bank of RAM " + ram.size()
          + ": say more with " + option("memory"));
    }
    tellReserved(machine, platform, ram, tree.length);
    machine.load(ram.base(), tree, 0, tree.length);
    platform.nodes().stream().filter(node -> node.enabled() && node.isCompatible(FW_CFG)).findFirst().ifPresent(node -> {
      FwCfgPort port = machine.port(node.path(), FwCfgPort.class);
      BootItems.machine(port, platform.cpus().size());
      image.ifPresent(guest -> BootItems.kernel(port, guest, (guest.commandLine() + " " + request.text("append").orElse("")).strip()));
      SmbiosFiles.of(platform).forEach(port::file);
      if (!node.has(NO_ACPI)) {
        tables(machine, platform, handed.tree(), port);
      }
    });
    machine.start(new ArmEntry(banks(platform).getFirst().window().base(), 0));
    return true;
  }

  /** Firmware that is made for QEMU's virt looks for the tree at the start of RAM, and takes all RAM for its own, whatever the tree keeps. */
  private static void tellReserved(Machine machine, Platform platform, AddressWindow ram, int length) {
    for (AddressWindow kept : platform.reserved()) {
      if (kept.base() < ram.base() + length && ram.base() < kept.end()) {
        throw new BadInput(platform.name() + ": firmware in flash finds the device tree at the start of RAM, which the board reserves ("
            + kept + "); move the reservation, or start with " + option(OPTION) + " xenolith");
      }
      if (platform.memory().stream().anyMatch(bank -> bank.base() < kept.end() && kept.base() < bank.end())) {
        machine.eventLog().announce("config-warning", "/reserved-memory", kept + " is reserved by the board: firmware in flash that is made"
            + " for QEMU's virt doesn't look for that and may use it; " + option(OPTION) + " xenolith keeps off");
      }
    }
  }

  /** Without a bundle that describes boards by ACPI, firmware has none, and hands the device tree on. */
  private void tables(Machine machine, Platform platform, Fdt tree, FwCfgPort port) {
    AcpiDescriber now = describer;
    if (now == null) {
      return;
    }
    Platform shown = reader.platform(platform.name(), tree, Map.of());
    AcpiDescription description = now.describe(shown, AcpiDescriber.BOARD, OptionalLong.empty());
    description.untold().forEach(each -> machine.eventLog().report(UNTOLD, each.path(), each.what() + "; " + each.remedy()));
    TableLoader.files(description.tables(), AcpiDescriber.BOARD).forEach(port::file);
  }
}

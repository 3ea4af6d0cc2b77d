// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.ControllerBranch;
import org.xenolith.efi.boot.api.DriverFacts;
import org.xenolith.efi.boot.api.FirmwareFacts;
import org.xenolith.efi.boot.api.HandleFacts;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.ProtocolFacts;
import org.xenolith.efi.boot.api.ProtocolLink;
import org.xenolith.efi.boot.api.UseFacts;
import org.xenolith.machine.control.Machine.DeviceFact;

/**
 * A row of the tree of firmware, or of a chain of protocols. Two are equal if they stand for the same thing, whatever is known of it.
 *
 * @param key      what it stands for
 * @param what     what it is
 * @param path     a controller's device path, without that of the controller above; how a protocol is used
 * @param drivers  who manages a controller, who published a protocol
 * @param firmware in which it is
 * @param handle   of the controller; 0 for firmware itself
 * @param protocol which one of the controller's; empty for the controller itself and for firmware
 * @param provider the bundle that is behind it; empty if that isn't known
 * @param below    of firmware its controllers; of a controller its protocols, then what was made of it; of a protocol who uses it
 */
record FirmwareRow(String key, String what, String path, String drivers, FirmwareFacts firmware, long handle, Optional<EfiGuid> protocol,
    Optional<DeviceFact> provider, List<FirmwareRow> below) {
  private static final String PREFIX = "org.xenolith.";

  /** Makes rows of the facts of one firmware and of the machine's devices. */
  private record Maker(FirmwareFacts firmware, List<DeviceFact> devices) {
    private Optional<DeviceFact> provider(String layer) {
      return firmware.layer(layer).flatMap(each -> each.provider(devices));
    }

    private FirmwareRow row(ControllerBranch branch, String above, String pathAbove) {
      HandleFacts handle = branch.controller();
      String key = above + "/" + handle.handle();
      String path = !pathAbove.isEmpty() && handle.path().startsWith(pathAbove + "/") ? handle.path().substring(pathAbove.length()) : handle
          .path();
      List<FirmwareRow> below = new ArrayList<>(handle.protocols().stream().filter(each -> !each.guid().equals(Protocol.DEVICE_PATH)).map(
          each -> row(key, handle, each)).toList());
      branch.below().forEach(each -> below.add(row(each, key, handle.path())));
      return new FirmwareRow(key, "%02X  %s".formatted(handle.number(), offers(handle)), path, String.join(", ", handle
          .managers()), firmware, handle.handle(), Optional.empty(), Optional.empty(), below);
    }

    /** Names of what it has, the latest first, but for protocols that only mark it. */
    private static String offers(HandleFacts handle) {
      String names = handle.protocols().reversed().stream().filter(each -> !each.guid().equals(Protocol.DEVICE_PATH) && !each.name().equals(
          each.guid()
              .toString())).map(ProtocolFacts::name).collect(Collectors.joining(", "));
      return names.isEmpty() ? "no driver" : names;
    }

    private FirmwareRow row(String above, HandleFacts handle, ProtocolFacts protocol) {
      String key = above + " " + protocol.guid();
      List<FirmwareRow> users = protocol.uses().stream().map(each -> row(key, handle, protocol.guid(), each)).toList();
      return new FirmwareRow(key, protocol.name(), "", title(protocol.layer()), firmware, handle.handle(), Optional.of(protocol.guid()),
          provider(protocol.layer()), users);
    }

    private FirmwareRow row(String above, HandleFacts handle, EfiGuid protocol, UseFacts use) {
      String layer = firmware.drivers().stream().filter(each -> each.handle() == use.agent()).map(DriverFacts::layer).findFirst().orElse(
          "");
      String child = use.controller() == 0 || use.controller() == handle.handle() ? ""
          : firmware.handle(use.controller()).map(each -> "  %02X".formatted(each.number())).orElse("");
      return new FirmwareRow(above + " " + use.agent() + " " + use.controller() + " " + use.attributes(), use.name(), use.attributeText()
          + child, "", firmware, handle.handle(), Optional.of(protocol), provider(layer), List.of());
    }

    private FirmwareRow row(int place, ProtocolLink link) {
      return new FirmwareRow(place + " " + link.handle().handle() + " " + link.protocol().guid(), link.protocol().name(), "%02X  %s"
          .formatted(link.handle().number(), link.handle().path()), title(link.protocol().layer()), firmware, link.handle().handle(),
          Optional.of(
              link.protocol().guid()), provider(link.protocol().layer()), List.of());
    }

    /** A layer by the name of its driver, if it is one. */
    private String title(String layer) {
      return firmware.drivers().stream().filter(each -> !layer.isEmpty() && each.layer().equals(layer)).map(DriverFacts::name).findFirst()
          .orElse(layer);
    }
  }

  /** Whether no driver cares about a controller; such ones come last. */
  private static boolean isIdle(ControllerBranch branch) {
    return branch.below().isEmpty() && branch.controller().managers().isEmpty();
  }

  /** The tree of a firmware. @param devices of the machine */
  static FirmwareRow of(FirmwareFacts firmware, List<DeviceFact> devices) {
    Maker maker = new Maker(firmware, devices);
    return new FirmwareRow(firmware.name(), firmware.name().isEmpty() ? "Board" : "Domain " + firmware.name(), count(firmware
        .handles(), "handle"), count(firmware.drivers(), "driver"), firmware, 0, Optional.empty(), Optional.empty(), firmware.tree()
            .stream().sorted(
                Comparator.comparing(FirmwareRow::isIdle)).map(each -> maker.row(each, firmware.name(), "")).toList());
  }

  private static String count(List<?> all, String what) {
    return all.size() + " " + what + (all.size() == 1 ? "" : "s");
  }

  /** How it came about: a row for each link of the chain that leads to it. @param devices of the machine */
  List<FirmwareRow> chain(List<DeviceFact> devices) {
    Maker maker = new Maker(firmware, devices);
    List<FirmwareRow> rows = new ArrayList<>();
    firmware.handle(handle).map(found -> protocol.flatMap(found::protocol).map(each -> firmware.chain(found, each)).orElseGet(() -> firmware
        .chain(found))).orElse(List.of()).forEach(link -> rows.add(maker.row(rows.size(), link)));
    return rows;
  }

  /** The bundle that is behind it, and its version. */
  String bundle() {
    return provider.map(each -> (each.bundle().startsWith(PREFIX) ? each.bundle().substring(PREFIX.length()) : each.bundle()) + " " + each
        .version()).orElse("");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FirmwareRow row && row.key.equals(key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }
}

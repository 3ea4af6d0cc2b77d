// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Inspection;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;

/** Answers people's questions; the guest's memory is looked at, not changed. */
final class Inspecting implements Inspection {
  private static final int MOST_NAME = 80;
  private static final int DRIVER_NAME = 24;
  private static final int MOST_DEPTH = 16;
  private static final Map<EfiGuid, String> NAMES = names();

  private static final String VARIABLES = "vars";

  private final Supplier<Map<String, BootFirmware>> running;
  private final Supplier<List<String>> variables;

  /**
   * @param running   firmware whose boot services are there, by names; the machine's has none
   * @param variables the machine's, as lines
   */
  Inspecting(Supplier<Map<String, BootFirmware>> running, Supplier<List<String>> variables) {
    this.running = running;
    this.variables = variables;
  }

  /** Names of protocols, by the contract's constants. */
  private static Map<EfiGuid, String> names() {
    Map<EfiGuid, String> names = new HashMap<>();
    for (Field field : Protocol.class.getFields()) {
      try {
        StringBuilder name = new StringBuilder();
        for (String part : field.getName().split("_")) {
          name.append(part.charAt(0)).append(part.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        names.put((EfiGuid) field.get(null), name.toString());
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    return names;
  }

  @Override
  public List<String> questions() {
    return List.of("dh      handles and their protocols", "drivers driver bindings, and how many controllers each manages",
        "devtree controllers below one another, with who manages them", "map     file systems and disks",
        "memmap  memory by its kinds", "vars    the board's variables", "layers  bundles that are layers",
        "calls   calls that are open, the innermost last");
  }

  @Override
  public List<String> answer(String question) {
    if (question.equals(VARIABLES)) {
      return variables.get();
    }
    List<String> lines = new ArrayList<>();
    running.get().forEach((name, firmware) -> {
      if (!name.isEmpty()) {
        lines.add(name + ":");
      }
      lines.addAll(new View(firmware).answer(question));
    });
    return lines;
  }

  /** What one firmware has. */
  private record View(BootFirmware firmware) {
    private List<String> answer(String question) {
      return switch (question) {
        case "dh" -> handles();
        case "drivers" -> drivers();
        case "devtree" -> tree();
        case "map" -> DiskMap.lines(firmware, this::path);
        case "memmap" -> firmware.pageMap().lines();
        case "layers" -> firmware.layers().layers().stream().map(LayersPort.Claim::layer).map(layer -> layer.name() + " version " + layer
            .version()).toList();
        case "calls" -> firmware.engine().lines();
        default -> throw new IllegalArgumentException(question);
      };
    }

    private static String name(EfiGuid protocol) {
      return NAMES.getOrDefault(protocol, protocol.toString());
    }

    private String path(long handle) {
      try {
        long at = firmware.handles().find(handle, Protocol.DEVICE_PATH);
        return at == 0 ? "" : DevicePathText.of(DevicePath.read(firmware.memory(), at));
      } catch (EfiError e) {
        return "(" + e.getMessage() + ")";
      }
    }

    private String driver(long handle) {
      try {
        EfiRam memory = firmware.memory();
        long names = firmware.handles().find(handle, Protocol.COMPONENT_NAME2);
        return names == 0 ? "handle 0x" + Long.toHexString(handle) : memory.text(names + DRIVER_NAME + 8, MOST_NAME);
      } catch (EfiError e) {
        return "handle 0x" + Long.toHexString(handle);
      }
    }

    private List<String> handles() {
      List<String> lines = new ArrayList<>();
      int number = 0;
      for (long handle : firmware.handles().handles(null)) {
        String path = path(handle);
        lines.add("%02X: %s%s".formatted(++number, firmware.handles().protocols(handle).reversed().stream().map(View::name).collect(
            Collectors.joining(" ")), path.isEmpty() ? "" : "  " + path));
      }
      return lines;
    }

    private Set<Long> used(long handle, int attribute, boolean agents) {
      Set<Long> found = new LinkedHashSet<>();
      for (EfiGuid protocol : firmware.handles().protocols(handle)) {
        for (HandleDatabase.Use use : firmware.handles().uses(handle, protocol)) {
          if ((use.attributes() & attribute) != 0) {
            found.add(agents ? use.agent() : use.controller());
          }
        }
      }
      return found;
    }

    private List<String> drivers() {
      List<Long> all = firmware.handles().handles(null);
      return firmware.handles().handles(Protocol.DRIVER_BINDING).stream().map(driver -> "%3d  %s".formatted(all.stream().filter(
          handle -> used(
              handle, HandleDatabase.BY_DRIVER, true).contains(driver)).count(), driver(driver))).toList();
    }

    private List<String> tree() {
      List<Long> all = firmware.handles().handles(Protocol.DEVICE_PATH);
      Set<Long> children = new LinkedHashSet<>();
      all.forEach(handle -> children.addAll(used(handle, HandleDatabase.BY_CHILD_CONTROLLER, false)));
      List<String> lines = new ArrayList<>();
      all.stream().filter(handle -> !children.contains(handle)).forEach(handle -> branch(handle, 0, lines));
      return lines;
    }

    private void branch(long handle, int depth, List<String> lines) {
      if (depth > MOST_DEPTH || !firmware.handles().exists(handle)) {
        return;
      }
      String managers = used(handle, HandleDatabase.BY_DRIVER, true).stream().map(this::driver).collect(Collectors.joining(", "));
      lines.add("  ".repeat(depth) + path(handle) + (managers.isEmpty() ? "" : "  [" + managers + "]"));
      used(handle, HandleDatabase.BY_CHILD_CONTROLLER, false).forEach(child -> branch(child, depth + 1, lines));
    }
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.DriverFacts;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.FirmwareFacts;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.HandleFacts;
import org.xenolith.efi.boot.api.LayerFacts;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.OpenCallFacts;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.ProtocolFacts;
import org.xenolith.efi.boot.api.UseFacts;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;

/** Takes facts of one firmware; the guest's memory is looked at, not changed, and what is nonsense there is named so. */
final class FirmwareSurvey {
  private static final int MOST_NAME = 80;
  private static final int DRIVER_NAME = 24;
  private static final int DRIVER_VERSION = 24;
  private static final Map<EfiGuid, String> NAMES = names();

  private final BootFirmware firmware;
  private final HandleDatabase database;
  /** By handle: each is read once. */
  private final Map<Long, String> agents = new HashMap<>();

  FirmwareSurvey(BootFirmware firmware) {
    this.firmware = firmware;
    database = firmware.handles();
  }

  /** Names of protocols, by the contract's constants. */
  private static Map<EfiGuid, String> names() {
    Map<EfiGuid, String> names = new HashMap<>();
    for (Field field : Protocol.class.getFields()) {
      try {
        StringBuilder name = new StringBuilder();
        for (String part : field.getName().split("_")) {
          name.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        names.put((EfiGuid) field.get(null), name.toString());
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    return names;
  }

  /** All that there is. @param name the domain's; empty for the machine's firmware */
  FirmwareFacts facts(String name) {
    List<HandleFacts> handles = handles();
    return new FirmwareFacts(name, handles, drivers(handles), layers(), calls());
  }

  List<HandleFacts> handles() {
    List<Long> all = database.handles(null);
    Map<Long, Set<Long>> parents = new HashMap<>();
    Map<Long, Set<Long>> children = new LinkedHashMap<>();
    for (long handle : all) {
      for (EfiGuid protocol : database.protocols(handle).reversed()) {
        for (HandleDatabase.Use use : database.uses(handle, protocol)) {
          if ((use.attributes() & HandleDatabase.BY_CHILD_CONTROLLER) != 0) {
            children.computeIfAbsent(handle, key -> new LinkedHashSet<>()).add(use.controller());
            parents.computeIfAbsent(use.controller(), key -> new LinkedHashSet<>()).add(handle);
          }
        }
      }
    }
    List<HandleFacts> facts = new ArrayList<>();
    for (long handle : all) {
      facts.add(new HandleFacts(facts.size() + 1, handle, path(handle, Protocol.DEVICE_PATH), database.protocols(handle).reversed().stream()
          .map(each -> protocol(handle, each)).toList(), List.copyOf(children.getOrDefault(handle, Set.of())), List.copyOf(parents
              .getOrDefault(handle, Set.of()))));
    }
    return facts;
  }

  private ProtocolFacts protocol(long handle, EfiGuid protocol) {
    return new ProtocolFacts(protocol, NAMES.getOrDefault(protocol, protocol.toString()), publisher(handle, protocol), database.uses(handle,
        protocol).stream().map(use -> new UseFacts(use.agent(), agents.computeIfAbsent(use.agent(), this::agent), use.controller(), use
            .attributes(), use.count())).toList());
  }

  private String publisher(long handle, EfiGuid protocol) {
    String layer = firmware.interfaces().layer(database.find(handle, protocol));
    return layer == null ? "" : layer;
  }

  private String path(long handle, EfiGuid protocol) {
    try {
      long at = database.find(handle, protocol);
      return at == 0 ? "" : DevicePathText.of(DevicePath.read(firmware.memory(), at));
    } catch (EfiError e) {
      return "(" + e.getMessage() + ")";
    }
  }

  /** Drivers and images use protocols: the former have names, of the latter it is known what they were loaded from. */
  private String agent(long handle) {
    if (handle == firmware.image()) {
      return "firmware";
    }
    String path = database.find(handle, Protocol.COMPONENT_NAME2) == 0 ? path(handle, Protocol.LOADED_IMAGE_DEVICE_PATH) : "";
    return path.isEmpty() ? driver(handle) : path;
  }

  private String driver(long handle) {
    try {
      long names = database.find(handle, Protocol.COMPONENT_NAME2);
      return names == 0 ? "handle 0x" + Long.toHexString(handle) : firmware.memory().text(names + DRIVER_NAME + 8, MOST_NAME);
    } catch (EfiError e) {
      return "handle 0x" + Long.toHexString(handle);
    }
  }

  List<DriverFacts> drivers(List<HandleFacts> handles) {
    return handles.stream().filter(each -> each.has(Protocol.DRIVER_BINDING)).map(HandleFacts::handle).map(driver -> new DriverFacts(driver,
        driver(driver), version(driver), publisher(driver, Protocol.DRIVER_BINDING), handles.stream().filter(each -> each.uses(
            HandleDatabase.BY_DRIVER).anyMatch(use -> use.agent() == driver)).map(HandleFacts::handle).toList())).toList();
  }

  private long version(long driver) {
    try {
      return firmware.memory().get32(database.find(driver, Protocol.DRIVER_BINDING) + DRIVER_VERSION);
    } catch (EfiError e) {
      return 0;
    }
  }

  List<LayerFacts> layers() {
    return firmware.layers().layers().stream().map(FirmwareSurvey::layer).toList();
  }

  private static LayerFacts layer(LayersPort.Claim claim) {
    return new LayerFacts(claim.layer().name(), claim.layer().version(), claim.owner() == null ? "" : claim.owner().instance());
  }

  List<OpenCallFacts> calls() {
    return firmware.engine().calls();
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.kit.EfiMemoryType;

/** Protocols: installed, taken away, opened and closed (UEFI 2.10, 7.3). */
final class ProtocolServices {
  private static final int MOST_ATTRIBUTES = 0x3F;
  private static final int MOST_PAIRS = 64;
  private static final int USE_BYTES = 24;

  /** Steps of services that take an interface away: the first, one behind each driver that was asked to leave it, and behind a driver that has come for a new one. */
  private enum Leaving {
    BEGIN, LEFT, OVER
  }

  private enum UninstallingMany {
    BEGIN, UNINSTALLED
  }

  /** Number of UninstallMultipleProtocolInterfaces: pairs that are done. */
  private enum UninstallSlot {
    PAIRS
  }

  private final BootFirmware firmware;

  ProtocolServices(BootFirmware firmware) {
    this.firmware = firmware;
  }

  void addTo(Map<String, EfiFunction> functions) {
    functions.put(BootService.INSTALL_PROTOCOL_INTERFACE.name(), this::install);
    functions.put(BootService.REINSTALL_PROTOCOL_INTERFACE.name(), this::reinstall);
    functions.put(BootService.UNINSTALL_PROTOCOL_INTERFACE.name(), this::uninstall);
    functions.put(BootService.INSTALL_MULTIPLE_PROTOCOL_INTERFACES.name(), this::installMany);
    functions.put(BootService.UNINSTALL_MULTIPLE_PROTOCOL_INTERFACES.name(), this::uninstallMany);
    functions.put(BootService.OPEN_PROTOCOL.name(), this::open);
    functions.put(BootService.CLOSE_PROTOCOL.name(), this::close);
    functions.put(BootService.HANDLE_PROTOCOL.name(), this::handleProtocol);
    functions.put(BootService.OPEN_PROTOCOL_INFORMATION.name(), this::information);
    functions.put(BootService.PROTOCOLS_PER_HANDLE.name(), this::perHandle);
  }

  private EfiStep install(Call call) {
    EfiRam memory = firmware.memory();
    if (call.argument(0) == 0 || call.argument(1) == 0 || (int) call.argument(2) != 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long handle = memory.get64(call.argument(0));
    memory.put64(call.argument(0), firmware.handles().install(handle, memory.guid(call.argument(1)), call.argument(3)));
    return EfiStep.done();
  }

  /** Drivers that manage it leave it, and whoever can manage the new one is connected. */
  private EfiStep reinstall(Call call) {
    EfiGuid protocol = firmware.memory().guid(call.argument(1));
    Handles.Installed installed = firmware.handles().installed(call.argument(0), protocol);
    if (call.isAt(Leaving.OVER)) {
      return EfiStep.done();
    }
    if (installed.address != call.argument(2)) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    EfiStep first = disconnect(call, call.argument(0), protocol);
    if (first != null) {
      return first;
    }
    installed.address = call.argument(3);
    firmware.notifications().installed(call.argument(0), protocol).forEach(event -> firmware.events().signal(firmware.events().event(
        event)));
    return EfiStep.call(Leaving.OVER, firmware.service(BootService.CONNECT_CONTROLLER), call.argument(0), 0, 0, 1);
  }

  /** The next driver that has to leave a protocol; null if none has. The step that follows is {@link Leaving#LEFT}. */
  private EfiStep disconnect(Call call, long handle, EfiGuid protocol) {
    if (call.isAt(Leaving.LEFT) && call.result() < 0) {
      throw new EfiError(EfiStatus.ACCESS_DENIED, protocol + ": a driver doesn't leave it");
    }
    for (HandleDatabase.Use use : firmware.handles().uses(handle, protocol)) {
      if ((use.attributes() & HandleDatabase.BY_DRIVER) != 0) {
        return EfiStep.call(Leaving.LEFT, firmware.service(BootService.DISCONNECT_CONTROLLER), handle, use.agent(), 0);
      }
    }
    return null;
  }

  private EfiStep uninstall(Call call) {
    if (call.argument(1) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiGuid protocol = firmware.memory().guid(call.argument(1));
    EfiStep first = firmware.handles().installed(call.argument(0), protocol).address != call.argument(2)
        ? EfiStep.done(EfiStatus.NOT_FOUND)
        : disconnect(call, call.argument(0), protocol);
    if (first == null) {
      firmware.handles().uninstall(call.argument(0), protocol, call.argument(2));
      first = EfiStep.done();
    }
    return first;
  }

  private EfiStep installMany(Call call) {
    EfiRam memory = firmware.memory();
    long handle = memory.get64(call.argument(0));
    boolean isNew = handle == 0;
    int done = 0;
    try {
      for (int at = 1; call.argument(at) != 0; at += 2) {
        EfiGuid protocol = memory.guid(call.argument(at));
        if (at > 2 * MOST_PAIRS) {
          throw new EfiError(EfiStatus.INVALID_PARAMETER, "more than " + MOST_PAIRS + " protocols");
        }
        if (protocol.equals(Protocol.DEVICE_PATH) && isThere(DevicePath.read(memory, call.argument(at + 1)))) {
          throw new EfiError(EfiStatus.ALREADY_STARTED, "there is a handle with that device path");
        }
        handle = firmware.handles().install(handle, protocol, call.argument(at + 1));
        done++;
      }
    } catch (EfiError e) {
      for (int at = 2 * done - 1; at > 0; at -= 2) {
        firmware.handles().uninstall(handle, memory.guid(call.argument(at)), call.argument(at + 1));
      }
      throw e;
    }
    if (isNew && done == 0) {
      return EfiStep.done();
    }
    memory.put64(call.argument(0), handle);
    return EfiStep.done();
  }

  private boolean isThere(byte[] path) {
    List<Long> handles = firmware.handles().handles(Protocol.DEVICE_PATH);
    return handles.stream().anyMatch(handle -> Arrays.equals(path, DevicePath.read(firmware.memory(), firmware.handles().find(handle,
        Protocol.DEVICE_PATH))));
  }

  /** One after the other; if one can't be taken away those before it are put back. */
  private EfiStep uninstallMany(Call call) {
    EfiRam memory = firmware.memory();
    int at = 1 + 2 * (int) call.get(UninstallSlot.PAIRS);
    if (call.isAt(UninstallingMany.UNINSTALLED)) {
      if (call.result() < 0) {
        for (int back = at - 2; back > 0; back -= 2) {
          if (firmware.handles().exists(call.argument(0))) {
            firmware.handles().install(call.argument(0), memory.guid(call.argument(back)), call.argument(back + 1));
          }
        }
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      call.set(UninstallSlot.PAIRS, call.get(UninstallSlot.PAIRS) + 1);
      at += 2;
    }
    if (call.argument(at) == 0 || at > 2 * MOST_PAIRS) {
      return EfiStep.done();
    }
    return EfiStep.call(UninstallingMany.UNINSTALLED, firmware.function(CoreServices.LAYER, BootService.UNINSTALL_PROTOCOL_INTERFACE
        .name()), call.argument(0), call
            .argument(at), call.argument(at + 1));
  }

  private EfiStep open(Call call) {
    long handle = call.argument(0);
    int attributes = (int) call.argument(5);
    boolean tests = attributes == HandleDatabase.TEST_PROTOCOL;
    if (call.argument(1) == 0 || call.argument(2) == 0 && !tests || attributes <= 0 || attributes > MOST_ATTRIBUTES) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if ((attributes & (HandleDatabase.BY_DRIVER | HandleDatabase.BY_CHILD_CONTROLLER)) != 0 && !firmware.handles().exists(call.argument(
        4))) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiGuid protocol = firmware.memory().guid(call.argument(1));
    if ((attributes & Handles.EXCLUSIVE) != 0 && firmware.handles().has(handle, protocol)) {
      EfiStep first = disconnect(call, handle, protocol);
      if (first != null) {
        return first;
      }
    }
    try {
      long address = firmware.handles().open(handle, protocol, call.argument(3), call.argument(4), attributes);
      if (!tests) {
        firmware.memory().put64(call.argument(2), address);
      }
      return EfiStep.done();
    } catch (EfiError e) {
      if (e.status() == EfiStatus.ALREADY_STARTED) {
        firmware.memory().put64(call.argument(2), firmware.handles().find(handle, protocol));
      } else if (call.argument(2) != 0 && !tests) {
        firmware.memory().put64(call.argument(2), 0);
      }
      throw e;
    }
  }

  private EfiStep close(Call call) {
    if (call.argument(1) == 0 || !firmware.handles().exists(call.argument(2))) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    firmware.handles().close(call.argument(0), firmware.memory().guid(call.argument(1)), call.argument(2), call.argument(3));
    return EfiStep.done();
  }

  private EfiStep handleProtocol(Call call) {
    if (call.argument(1) == 0 || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiGuid protocol = firmware.memory().guid(call.argument(1));
    firmware.memory().put64(call.argument(2), 0);
    firmware.memory().put64(call.argument(2), firmware.handles().open(call.argument(0), protocol, firmware.image(), 0, Handles.BY_HANDLE));
    return EfiStep.done();
  }

  private EfiStep information(Call call) {
    EfiRam memory = firmware.memory();
    List<HandleDatabase.Use> uses = List.copyOf(firmware.handles().installed(call.argument(0), memory.guid(call.argument(1))).uses);
    long buffer = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), Math.max(1, (long) USE_BYTES * uses.size()));
    for (int i = 0; i < uses.size(); i++) {
      long at = buffer + (long) USE_BYTES * i;
      memory.put64(at, uses.get(i).agent());
      memory.put64(at + 8, uses.get(i).controller());
      memory.put32(at + 16, uses.get(i).attributes());
      memory.put32(at + 20, uses.get(i).count());
    }
    memory.put64(call.argument(2), buffer);
    memory.put64(call.argument(3), uses.size());
    return EfiStep.done();
  }

  private EfiStep perHandle(Call call) {
    EfiRam memory = firmware.memory();
    if (call.argument(1) == 0 || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    List<EfiGuid> protocols = firmware.handles().protocols(call.argument(0));
    long buffer = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), (long) (8 + EfiGuid.SIZE) * protocols.size());
    for (int i = 0; i < protocols.size(); i++) {
      long guid = buffer + 8L * protocols.size() + (long) EfiGuid.SIZE * i;
      memory.put64(buffer + 8L * i, guid);
      memory.write(guid, protocols.get(i).toBytes());
    }
    memory.put64(call.argument(1), buffer);
    memory.put64(call.argument(2), protocols.size());
    return EfiStep.done();
  }
}

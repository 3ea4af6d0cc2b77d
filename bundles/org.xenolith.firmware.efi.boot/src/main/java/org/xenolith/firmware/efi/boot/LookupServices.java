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
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.kit.EfiMemoryType;

/** Handles and protocols are looked up (UEFI 2.10, 7.3). */
final class LookupServices {
  private static final int ALL_HANDLES = 0;
  private static final int BY_REGISTER_NOTIFY = 1;
  private static final int BY_PROTOCOL = 2;
  private static final int HANDLE_BYTES = 16;
  private static final int END_BYTES = 4;

  private final BootFirmware firmware;

  LookupServices(BootFirmware firmware) {
    this.firmware = firmware;
  }

  void addTo(Map<String, EfiFunction> functions) {
    functions.put(BootService.LOCATE_HANDLE.name(), this::locateHandle);
    functions.put(BootService.LOCATE_HANDLE_BUFFER.name(), this::locateHandleBuffer);
    functions.put(BootService.LOCATE_PROTOCOL.name(), this::locateProtocol);
    functions.put(BootService.LOCATE_DEVICE_PATH.name(), this::locateDevicePath);
    functions.put(BootService.REGISTER_PROTOCOL_NOTIFY.name(), this::register);
  }

  private List<Long> found(Call call) {
    int how = (int) call.argument(0);
    if (how == ALL_HANDLES) {
      return firmware.handles().handles(null);
    }
    if (how == BY_REGISTER_NOTIFY) {
      long handle = firmware.notifications().next(call.argument(2));
      return handle == 0 ? List.of() : List.of(handle);
    }
    if (how != BY_PROTOCOL || call.argument(1) == 0) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "how to search: " + how);
    }
    return firmware.handles().handles(firmware.memory().guid(call.argument(1)));
  }

  private EfiStep locateHandle(Call call) {
    EfiRam memory = firmware.memory();
    if (call.argument(3) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    List<Long> found = found(call);
    if (found.isEmpty()) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    long room = memory.get64(call.argument(3));
    memory.put64(call.argument(3), 8L * found.size());
    if (Long.compareUnsigned(room, 8L * found.size()) < 0) {
      return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
    }
    write(call.argument(4), found);
    return EfiStep.done();
  }

  private void write(long to, List<Long> handles) {
    for (int i = 0; i < handles.size(); i++) {
      firmware.memory().put64(to + 8L * i, handles.get(i));
    }
  }

  private EfiStep locateHandleBuffer(Call call) {
    if (call.argument(3) == 0 || call.argument(4) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    List<Long> found = found(call);
    firmware.memory().put64(call.argument(3), found.size());
    if (found.isEmpty()) {
      firmware.memory().put64(call.argument(4), 0);
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    long buffer = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), 8L * found.size());
    write(buffer, found);
    firmware.memory().put64(call.argument(4), buffer);
    return EfiStep.done();
  }

  private EfiStep locateProtocol(Call call) {
    if (call.argument(0) == 0 || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiGuid protocol = firmware.memory().guid(call.argument(0));
    long handle = call.argument(1) != 0 ? firmware.notifications().next(call.argument(1))
        : firmware.handles().handles(protocol).stream().findFirst().orElse(0L);
    firmware.memory().put64(call.argument(2), firmware.handles().find(handle, protocol));
    return CoreServices.done(handle != 0, EfiStatus.NOT_FOUND);
  }

  /** The handle whose path is the longest beginning of the one that was given. */
  private EfiStep locateDevicePath(Call call) {
    EfiRam memory = firmware.memory();
    if (call.argument(0) == 0 || call.argument(1) == 0 || memory.get64(call.argument(1)) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiGuid protocol = memory.guid(call.argument(0));
    long at = memory.get64(call.argument(1));
    byte[] wanted = DevicePath.read(memory, at);
    long best = 0;
    int length = -1;
    for (long handle : firmware.handles().handles(protocol)) {
      long path = firmware.handles().find(handle, Protocol.DEVICE_PATH);
      byte[] bytes = path == 0 ? new byte[0] : DevicePath.read(memory, path);
      int nodes = bytes.length - END_BYTES;
      if (path != 0 && nodes > length && nodes <= wanted.length - END_BYTES && Arrays.equals(bytes, 0, nodes, wanted, 0, nodes)) {
        best = handle;
        length = nodes;
      }
    }
    if (best == 0) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    if (call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    memory.put64(call.argument(1), at + length);
    memory.put64(call.argument(2), best);
    return EfiStep.done();
  }

  private EfiStep register(Call call) {
    if (call.argument(0) == 0 || call.argument(1) == 0 || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    Events.Event event = firmware.events().event(call.argument(1));
    long registration = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), HANDLE_BYTES);
    firmware.notifications().add(registration, firmware.memory().guid(call.argument(0)), event.handle);
    firmware.memory().put64(call.argument(2), registration);
    return EfiStep.done();
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.OnError;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.kit.EfiMemoryType;

/**
 * Reads the file that a device path leads to, by the simple file system on its device: arguments are the path and where address (in the pool)
 * and size are put.
 */
final class FileReading {
  /** Its name among the core's functions. */
  static final String NAME = "ReadFile";
  private static final EfiGuid FILE_INFO = EfiGuid.of("09576e92-6d3f-11d2-8e39-00a0c969723b");
  private static final int OPEN_VOLUME = 8;
  private static final int OPEN = 8;
  private static final int CLOSE = 16;
  private static final int READ = 32;
  private static final int GET_INFO = 64;
  private static final int FILE_SIZE = 8;
  private static final int INFO_ROOM = 1024;
  private static final int FILE_NODE = 4;
  private static final long MODE_READ = 1;
  private static final long MOST = 1 << 29;

  /** Numbers of the call: where pointers are put, root and file, the buffer, its bytes, the status that the end has. */
  private enum Slot {
    POINTERS, ROOT, FILE, BUFFER, SIZE, STATUS
  }

  /** Steps, each with what it does if the one before has failed: what is open is closed in either case. */
  private enum Step {
    OPEN_VOLUME(OnError.IGNORE), OPEN_FILE(OnError.FAIL), READ_INFORMATION(OnError.FAIL), READ(OnError.FAIL), SEE_SIZE(OnError.FAIL),
    CLOSE_ROOT(OnError.IGNORE), GIVE(OnError.IGNORE);

    private static final Step[] ALL = values();
    private final OnError onError;

    Step(OnError onError) {
      this.onError = onError;
    }
  }

  private final BootFirmware firmware;

  FileReading(BootFirmware firmware) {
    this.firmware = firmware;
  }

  /** Where a path leads to: a handle, 0 if there is none, and bytes of the path that lead there. */
  record Place(long handle, int offset) {}

  /** The handle with the longest path that this one begins with. @param protocol that it must have, or null */
  Place device(long path, EfiGuid protocol) {
    byte[] wanted = DevicePath.read(firmware.memory(), path);
    long best = 0;
    int length = -1;
    for (long handle : firmware.handles().handles(Protocol.DEVICE_PATH)) {
      byte[] bytes = DevicePath.read(firmware.memory(), firmware.handles().find(handle, Protocol.DEVICE_PATH));
      int nodes = bytes.length - 4;
      if (nodes > length && nodes < wanted.length && Arrays.equals(bytes, 0, nodes, wanted, 0, nodes)
          && (protocol == null || firmware.handles().has(handle, protocol))) {
        best = handle;
        length = nodes;
      }
    }
    return new Place(best, Math.max(0, length));
  }

  /** The name that the nodes of a path give from an offset on, joined as they are (UEFI 2.10, 10.3.5.4). */
  private String name(long path, int offset) {
    byte[] bytes = DevicePath.read(firmware.memory(), path);
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (int at = offset; at + 4 < bytes.length;) {
      int length = bytes[at + 2] & 0xFF | (bytes[at + 3] & 0xFF) << 8;
      if (bytes[at] != DevicePath.MEDIA || bytes[at + 1] != FILE_NODE) {
        throw new EfiError(EfiStatus.UNSUPPORTED, "the device path goes on with a node that is no file");
      }
      if (name.size() > 0) {
        name.writeBytes(new byte[] {'\\', 0});
      }
      int end = at + length;
      while (end - 2 >= at + 4 && bytes[end - 1] == 0 && bytes[end - 2] == 0) {
        end -= 2;
      }
      name.write(bytes, at + 4, end - at - 4);
      at += length;
    }
    return name.toString(StandardCharsets.UTF_16LE);
  }

  EfiStep read(Call call) {
    EfiRam memory = firmware.memory();
    long path = call.argument(0);
    long pointers = call.get(Slot.POINTERS);
    Step step = call.step(Step.ALL);
    if (call.result() < 0 && step.onError == OnError.FAIL) {
      call.set(Slot.STATUS, call.result());
      return end(call);
    }
    switch (step) {
      case OPEN_VOLUME -> {
        Place place = device(path, Protocol.SIMPLE_FILE_SYSTEM);
        if (place.handle == 0) {
          return EfiStep.done(EfiStatus.NOT_FOUND);
        }
        byte[] name = (name(path, place.offset) + '\0').getBytes(StandardCharsets.UTF_16LE);
        pointers = call.room(16 + EfiGuid.SIZE + INFO_ROOM + name.length);
        call.set(Slot.POINTERS, pointers);
        memory.write(pointers + 16, FILE_INFO.toBytes());
        memory.write(pointers + 32 + INFO_ROOM, name);
        long system = firmware.handles().find(place.handle, Protocol.SIMPLE_FILE_SYSTEM);
        return EfiStep.call(Step.OPEN_FILE, memory.get64(system + OPEN_VOLUME), system, pointers);
      }
      case OPEN_FILE -> {
        long root = memory.get64(pointers);
        call.set(Slot.ROOT, root);
        return EfiStep.call(Step.READ_INFORMATION, memory.get64(root + OPEN), root, pointers, pointers + 32 + INFO_ROOM, MODE_READ, 0);
      }
      case READ_INFORMATION -> {
        long file = memory.get64(pointers);
        call.set(Slot.FILE, file);
        memory.put64(pointers + 8, INFO_ROOM);
        return EfiStep.call(Step.READ, memory.get64(file + GET_INFO), file, pointers + 16, pointers + 8, pointers + 32);
      }
      case READ -> {
        long size = memory.get64(pointers + 32 + FILE_SIZE);
        if (size <= 0 || size > MOST) {
          call.set(Slot.STATUS, EfiStatus.LOAD_ERROR.code());
          return end(call);
        }
        call.set(Slot.BUFFER, firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), size));
        memory.put64(pointers + 8, size);
        return EfiStep.call(Step.SEE_SIZE, memory.get64(call.get(Slot.FILE) + READ), call.get(Slot.FILE), pointers + 8, call.get(
            Slot.BUFFER));
      }
      case SEE_SIZE -> {
        call.set(Slot.SIZE, memory.get64(pointers + 8));
        return end(call);
      }
      case CLOSE_ROOT -> {
        return call.get(Slot.ROOT) == 0 ? new EfiStep.Go(Step.GIVE) : EfiStep.call(Step.GIVE, memory.get64(call.get(Slot.ROOT) + CLOSE),
            call.get(Slot.ROOT));
      }
      default -> {
        return give(call);
      }
    }
  }

  /** Closes what is open. */
  private EfiStep end(Call call) {
    return call.get(Slot.FILE) == 0 ? new EfiStep.Go(Step.CLOSE_ROOT)
        : EfiStep.call(Step.CLOSE_ROOT, firmware.memory().get64(call.get(Slot.FILE) + CLOSE), call.get(Slot.FILE));
  }

  private EfiStep give(Call call) {
    if (call.get(Slot.STATUS) != 0) {
      if (call.get(Slot.BUFFER) != 0) {
        firmware.pool().free(call.get(Slot.BUFFER));
      }
      return EfiStep.done(call.get(Slot.STATUS));
    }
    firmware.memory().put64(call.argument(1), call.get(Slot.BUFFER));
    firmware.memory().put64(call.argument(1) + 8, call.get(Slot.SIZE));
    return EfiStep.done();
  }
}

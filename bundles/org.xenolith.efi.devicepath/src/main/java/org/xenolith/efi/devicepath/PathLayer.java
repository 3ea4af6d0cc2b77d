// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.devicepath;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.efi.boot.kit.LayerPointers;
import org.xenolith.efi.boot.kit.Ucs2;

/**
 * EFI_DEVICE_PATH_UTILITIES_PROTOCOL, EFI_DEVICE_PATH_TO_TEXT_PROTOCOL and EFI_DEVICE_PATH_FROM_TEXT_PROTOCOL (UEFI 2.10, 10.5 and 10.6) on a handle of
 * their own. What they return are addresses of the pool, the caller's to free; 0 if an argument isn't what it must be, or there is no memory.
 */
final class PathLayer implements EfiLayer {
  private static final String[] UTILITIES = {"GetDevicePathSize", "DuplicateDevicePath", "AppendDevicePath", "AppendDeviceNode",
      "AppendDevicePathInstance", "GetNextDevicePathInstance", "IsDevicePathMultiInstance", "CreateDeviceNode"};
  private static final String[] TO_TEXT = {"ConvertDeviceNodeToText", "ConvertDevicePathToText"};
  private static final String[] FROM_TEXT = {"ConvertTextToDeviceNode", "ConvertTextToDevicePath"};
  private static final int BOOT_SERVICES_DATA = 4;
  private static final int HEADER = 4;
  private static final int INSTANCE = 1;
  /** Characters of a text; the longest path has fewer. */
  private static final int MOST_TEXT = 1 << 19;

  private enum Giving {
    ALLOCATE, WRITE, FREED
  }

  /** Numbers: where the pool puts the address, how many bytes were allocated. */
  private enum Slot {
    ADDRESS, LENGTH
  }

  @Override
  public String name() {
    return "efi.devicepath";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void begin(Firmware firmware) {
    long handle = firmware.handles().install(0, Protocol.DEVICE_PATH_UTILITIES, make(firmware, UTILITIES));
    firmware.handles().install(handle, Protocol.DEVICE_PATH_TO_TEXT, make(firmware, TO_TEXT));
    firmware.handles().install(handle, Protocol.DEVICE_PATH_FROM_TEXT, make(firmware, FROM_TEXT));
  }

  private long make(Firmware firmware, String[] functions) {
    long at = firmware.interfaceMemory(this, 8 * functions.length, 0);
    LayerPointers.write(firmware, this, at, functions);
    return at;
  }

  @Override
  public EfiFunction function(String name) {
    return switch (name) {
      case "GetDevicePathSize" -> call -> EfiStep.done(length(bytes(() -> call.argument(0) == 0 ? null : path(call, 0))));
      case "DuplicateDevicePath" -> call -> give(call, () -> call.argument(0) == 0 ? null : path(call, 0));
      case "AppendDevicePath" -> call -> give(call, () -> join(call, path(call, 0), path(call, 1), false));
      case "AppendDeviceNode" -> call -> give(call, () -> join(call, path(call, 0), node(call, 1), false));
      case "AppendDevicePathInstance" -> call -> give(call, () -> call.argument(1) == 0 ? null : join(call, path(call, 0), path(call, 1),
          true));
      case "GetNextDevicePathInstance" -> PathLayer::instance;
      case "IsDevicePathMultiInstance" -> call -> EfiStep.done(isMulti(bytes(() -> path(call, 0))) ? 1 : 0);
      case "CreateDeviceNode" -> call -> give(call, () -> created(call));
      case "ConvertDeviceNodeToText" -> call -> give(call, () -> call.argument(0) == 0 ? null : Ucs2.bytes(nodeText(call)));
      case "ConvertDevicePathToText" -> call -> give(call, () -> call.argument(0) == 0 ? null : Ucs2.bytes(pathText(call)));
      case "ConvertTextToDeviceNode" -> call -> give(call, () -> call.argument(0) == 0 ? null : withoutEnd(DevicePathText.parseNode(read(
          call)).bytes()));
      case "ConvertTextToDevicePath" -> call -> give(call, () -> call.argument(0) == 0 ? null : DevicePathText.parse(read(call)));
      default -> null;
    };
  }

  /** What makes the bytes that a call returns. */
  @FunctionalInterface
  private interface Maker {
    byte[] make();
  }

  /** What is made; null if an argument isn't what it must be. No function has a status: a caller would take it for an address or a size. */
  private static byte[] bytes(Maker maker) {
    try {
      return maker.make();
    } catch (EfiError | IllegalArgumentException e) {
      return null;
    }
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static boolean isMulti(byte[] path) {
    return path != null && instanceEnd(path) >= 0;
  }

  /** Bytes in memory of the pool: its address, or 0. */
  private static EfiStep give(Call call, Maker maker) {
    if (call.isAt(Giving.FREED) || call.isAt(Giving.WRITE) && call.result() != 0) {
      return EfiStep.done(0);
    }
    byte[] bytes = bytes(maker);
    if (call.isAt(Giving.ALLOCATE)) {
      if (bytes == null) {
        return EfiStep.done(0);
      }
      call.set(Slot.ADDRESS, call.room(16));
      call.set(Slot.LENGTH, bytes.length);
      return EfiStep.call(Giving.WRITE, call.firmware().service(BootService.ALLOCATE_POOL), BOOT_SERVICES_DATA, bytes.length, call.get(
          Slot.ADDRESS));
    }
    EfiRam memory = call.firmware().memory();
    long at = memory.get64(call.get(Slot.ADDRESS));
    // They are made of the guest's memory once more: who changed it meanwhile could have made them longer than what was allocated.
    if (length(bytes) != call.get(Slot.LENGTH)) {
      return EfiStep.call(Giving.FREED, call.firmware().service(BootService.FREE_POOL), at);
    }
    memory.write(at, bytes);
    return EfiStep.done(at);
  }

  /** A path that an argument points to, with its end; only that if the argument is 0. */
  private static byte[] path(Call call, int argument) {
    return call.argument(argument) == 0 ? new DevicePath().bytes() : DevicePath.read(call.firmware().memory(), call.argument(argument));
  }

  /** A node that an argument points to, with an end behind it. */
  private static byte[] node(Call call, int argument) {
    EfiRam memory = call.firmware().memory();
    long at = call.argument(argument);
    if (at == 0) {
      return new DevicePath().bytes();
    }
    int length = memory.get16(at + 2);
    if (length < HEADER) {
      throw new IllegalArgumentException("a node of " + length + " bytes");
    }
    return ByteBuffer.allocate(length + HEADER).put(memory.read(at, length)).put(new DevicePath().bytes()).array();
  }

  private static boolean isForPeople(Call call) {
    return (call.argument(1) & 0xFF) != 0;
  }

  private static String pathText(Call call) {
    byte[] path = path(call, 0);
    return isForPeople(call) ? DevicePathText.of(path) : DevicePathText.exact(path);
  }

  private static String nodeText(Call call) {
    byte[] node = node(call, 0);
    byte[] data = Arrays.copyOfRange(node, HEADER, node.length - HEADER);
    int type = node[0] & 0xFF;
    int subtype = node[1] & 0xFF;
    return isForPeople(call) ? DevicePathText.node(type, subtype, data) : DevicePathText.exactNode(type, subtype, data);
  }

  private static byte[] withoutEnd(byte[] path) {
    return Arrays.copyOf(path, path.length - HEADER);
  }

  /** One path and another behind it, as the same instance or as one more. */
  private static byte[] join(Call call, byte[] one, byte[] other, boolean more) {
    if (more && call.argument(0) == 0) {
      return other;
    }
    int length = one.length - HEADER;
    ByteBuffer out = ByteBuffer.allocate(length + (more ? HEADER : 0) + other.length).put(one, 0, length);
    if (more) {
      out.put(new byte[] {DevicePath.END, INSTANCE, HEADER, 0});
    }
    return out.put(other).array();
  }

  private static int nodeLength(byte[] path, int at) {
    return ByteBuffer.wrap(path).order(ByteOrder.LITTLE_ENDIAN).getShort(at + 2) & 0xFFFF;
  }

  /** Where the first instance ends, if there is another one; else -1. */
  private static int instanceEnd(byte[] path) {
    for (int at = 0; at + HEADER <= path.length; at += nodeLength(path, at)) {
      if (path[at] == DevicePath.END) {
        return path[at + 1] == INSTANCE ? at : -1;
      }
    }
    return -1;
  }

  /** Arguments: where the path's address is, which is moved on; where the size goes, or 0. Both are written before an allocation. */
  private static EfiStep instance(Call call) {
    EfiRam memory = call.firmware().memory();
    long pointer = call.argument(0);
    long size = call.argument(1);
    if (call.isAt(Giving.ALLOCATE)) {
      try {
        if (size != 0) {
          memory.put64(size, 0);
        }
        if (pointer == 0 || memory.get64(pointer) == 0) {
          return EfiStep.done(0);
        }
        memory.put64(pointer, memory.get64(pointer));
      } catch (EfiError e) {
        return EfiStep.done(0);
      }
    }
    EfiStep step = give(call, () -> first(DevicePath.read(memory, memory.get64(pointer))));
    if (call.isAt(Giving.WRITE) && step instanceof EfiStep.Return done && done.value() != 0) {
      long from = memory.get64(pointer);
      byte[] path = DevicePath.read(memory, from);
      int end = instanceEnd(path);
      memory.put64(pointer, end < 0 ? 0 : from + end + nodeLength(path, end));
      if (size != 0) {
        memory.put64(size, call.get(Slot.LENGTH));
      }
    }
    return step;
  }

  private static byte[] first(byte[] path) {
    int end = instanceEnd(path);
    return end < 0 ? path : ByteBuffer.allocate(end + HEADER).put(path, 0, end).put(new DevicePath().bytes()).array();
  }

  /** Arguments: type, subtype, bytes. */
  private static byte[] created(Call call) {
    int length = (int) call.argument(2) & 0xFFFF;
    return length < HEADER ? null : ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).put((byte) call.argument(0)).put((byte) call
        .argument(1)).putShort((short) length).array();
  }

  private static String read(Call call) {
    return call.firmware().memory().text(call.argument(0), MOST_TEXT);
  }
}

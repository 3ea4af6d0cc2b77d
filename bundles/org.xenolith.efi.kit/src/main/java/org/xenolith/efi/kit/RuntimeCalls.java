// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.CallerLimits;
import org.xenolith.efi.api.CapsuleAnswer;
import org.xenolith.efi.api.CapsuleHeader;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.WakeupAnswer;

/**
 * Runtime services as functions with pointers (UEFI 2.10, chapter 8): fetches what their caller's point to, calls the service, and puts the
 * answers there. What is null and mustn't be, isn't aligned as its type is (2.3.1), or can't be read or written is INVALID_PARAMETER, and
 * nothing has happened. SetVirtualAddressMap and ConvertPointer aren't here, as they are about one caller's memory.
 */
public final class RuntimeCalls {
  private static final int PAGE = 4096;
  /** EFI_TIME_CAPABILITIES without the bytes behind it. */
  private static final int CAPABILITIES = 9;
  private static final int WORD = Integer.BYTES;

  private final RuntimeServices services;

  /** Calls of these services. */
  public RuntimeCalls(RuntimeServices services) {
    this.services = services;
  }

  /**
   * A call.
   *
   * @param a its arguments, eight of them
   * @throws IllegalArgumentException for a function that isn't here
   */
  public EfiStatus call(RuntimeFunction function, long[] a, CallerMemory memory) {
    return switch (function) {
      case GET_TIME -> getTime(memory, a[0], a[1]);
      case SET_TIME -> {
        EfiTime time = time(memory, a[0]);
        yield time == null ? EfiStatus.INVALID_PARAMETER : services.setTime(time);
      }
      case GET_WAKEUP_TIME -> getWakeupTime(memory, a[0], a[1], a[2]);
      case SET_WAKEUP_TIME -> setWakeupTime(memory, (a[0] & 0xFF) != 0, a[1]);
      case GET_VARIABLE -> getVariable(memory, a);
      case GET_NEXT_VARIABLE_NAME -> getNextVariableName(memory, a[0], a[1], a[2]);
      case SET_VARIABLE -> setVariable(memory, a);
      case GET_NEXT_HIGH_MONOTONIC_COUNT -> count(memory, a[0]);
      case RESET_SYSTEM -> reset(memory, a);
      case UPDATE_CAPSULE -> {
        List<CapsuleHeader> capsules = capsules(memory, a[0], a[1]);
        yield capsules == null ? EfiStatus.INVALID_PARAMETER : services.updateCapsule(capsules, a[2]);
      }
      case QUERY_CAPSULE_CAPABILITIES -> queryCapsules(memory, a);
      case QUERY_VARIABLE_INFO -> queryVariables(memory, a);
      case SET_VIRTUAL_ADDRESS_MAP, CONVERT_POINTER -> throw new IllegalArgumentException(function.toString());
    };
  }

  // ---- What is where pointers point to

  private static boolean out(CallerMemory memory, long address, int size, int alignment) {
    return address != 0 && address % alignment == 0 && memory.isWritable(address, size);
  }

  private static byte @Nullable [] in(CallerMemory memory, long address, int size, int alignment) {
    return address == 0 || address % alignment != 0 ? null : memory.read(address, size);
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void putLong(CallerMemory memory, long address, long value) {
    memory.write(address, bytes(Long.BYTES).putLong(value).array());
  }

  private static void putInt(CallerMemory memory, long address, int value) {
    memory.write(address, bytes(WORD).putInt(value).array());
  }

  private static @Nullable EfiTime time(CallerMemory memory, long address) {
    byte[] bytes = in(memory, address, EfiTime.SIZE, WORD);
    return bytes == null ? null : EfiTime.ofBytes(bytes, 0);
  }

  /** GUIDs of operating systems have the alignment of a 32-bit number, and some have none. */
  private static @Nullable EfiGuid guid(CallerMemory memory, long address) {
    byte[] bytes = in(memory, address, EfiGuid.SIZE, 1);
    return bytes == null ? null : EfiGuid.ofBytes(bytes, 0);
  }

  /** The text up to its NUL, read page by page, as there may be nothing behind it. Null without a NUL in so many bytes. */
  private static @Nullable String text(CallerMemory memory, long address, long most) {
    if (address == 0 || address % 2 != 0) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    long left = Long.compareUnsigned(most, CallerLimits.NAME_BYTES) < 0 ? most & -2 : CallerLimits.NAME_BYTES;
    for (long at = address; left > 0;) {
      int piece = (int) Math.min(left, PAGE - (at & PAGE - 1));
      byte[] bytes = memory.read(at, piece);
      if (bytes == null) {
        return null;
      }
      for (int i = 0; i < piece; i += 2) {
        char next = (char) (bytes[i] & 0xFF | bytes[i + 1] << 8);
        if (next == 0) {
          return text.toString();
        }
        text.append(next);
      }
      at += piece;
      left -= piece;
    }
    return null;
  }

  private static @Nullable VariableName name(CallerMemory memory, long text, long most, long vendor) {
    String read = text(memory, text, most);
    EfiGuid guid = read == null ? null : guid(memory, vendor);
    return guid == null ? null : new VariableName(read, guid);
  }

  // ---- Services

  private EfiStatus getTime(CallerMemory memory, long time, long capabilities) {
    if (!out(memory, time, EfiTime.SIZE, WORD) || capabilities != 0 && !out(memory, capabilities, CAPABILITIES, WORD)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    TimeAnswer answer = services.getTime();
    if (answer.status() == EfiStatus.SUCCESS) {
      memory.write(time, answer.time().toBytes());
      if (capabilities != 0) {
        memory.write(capabilities, bytes(CAPABILITIES).putInt(answer.resolution()).putInt(answer.accuracy())
            .put((byte) (answer.setsToZero() ? 1 : 0)).array());
      }
    }
    return answer.status();
  }

  private EfiStatus getWakeupTime(CallerMemory memory, long enabled, long pending, long time) {
    if (!out(memory, enabled, 1, 1) || !out(memory, pending, 1, 1) || !out(memory, time, EfiTime.SIZE, WORD)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    WakeupAnswer answer = services.getWakeupTime();
    if (answer.status() == EfiStatus.SUCCESS) {
      memory.write(enabled, new byte[] {(byte) (answer.enabled() ? 1 : 0)});
      memory.write(pending, new byte[] {(byte) (answer.pending() ? 1 : 0)});
      memory.write(time, answer.time().toBytes());
    }
    return answer.status();
  }

  /** The time is optional: without it an alarm is as it was set before. */
  private EfiStatus setWakeupTime(CallerMemory memory, boolean enable, long time) {
    EfiTime when = enable && time != 0 ? time(memory, time) : null;
    return enable && time != 0 && when == null ? EfiStatus.INVALID_PARAMETER : services.setWakeupTime(enable, when);
  }

  private EfiStatus getVariable(CallerMemory memory, long[] a) {
    VariableName name = name(memory, a[0], CallerLimits.NAME_BYTES, a[1]);
    byte[] size = in(memory, a[3], Long.BYTES, Long.BYTES);
    if (name == null || size == null || !memory.isWritable(a[3], Long.BYTES) || a[2] != 0 && !out(memory, a[2], WORD, WORD)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    VariableAnswer answer = services.getVariable(name, ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getLong());
    EfiStatus status = answer.status();
    if (status == EfiStatus.SUCCESS && answer.size() != 0 && !out(memory, a[4], answer.data().length, 1)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (status == EfiStatus.SUCCESS || status == EfiStatus.BUFFER_TOO_SMALL) {
      putLong(memory, a[3], answer.size());
      if (a[2] != 0) {
        putInt(memory, a[2], answer.attributes());
      }
    }
    if (status == EfiStatus.SUCCESS && answer.size() != 0) {
      memory.write(a[4], answer.data());
    }
    return status;
  }

  private EfiStatus getNextVariableName(CallerMemory memory, long size, long text, long vendor) {
    byte[] room = in(memory, size, Long.BYTES, Long.BYTES);
    if (room == null || !memory.isWritable(size, Long.BYTES)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    long bytes = ByteBuffer.wrap(room).order(ByteOrder.LITTLE_ENDIAN).getLong();
    VariableName previous = name(memory, text, bytes, vendor);
    if (previous == null || !memory.isWritable(vendor, EfiGuid.SIZE)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    NameAnswer answer = services.getNextVariableName(previous, bytes);
    if (answer.status() == EfiStatus.SUCCESS) {
      if (!memory.write(text, answer.name().toBytes())) {
        return EfiStatus.INVALID_PARAMETER;
      }
      memory.write(vendor, answer.name().vendor().toBytes());
    }
    if (answer.status() == EfiStatus.SUCCESS || answer.status() == EfiStatus.BUFFER_TOO_SMALL) {
      putLong(memory, size, answer.size());
    }
    return answer.status();
  }

  private EfiStatus setVariable(CallerMemory memory, long[] a) {
    VariableName name = name(memory, a[0], CallerLimits.NAME_BYTES, a[1]);
    if (name == null || Long.compareUnsigned(a[3], CallerLimits.BUFFER_BYTES) > 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    byte[] data = a[3] == 0 ? new byte[0] : in(memory, a[4], (int) a[3], 1);
    return data == null ? EfiStatus.INVALID_PARAMETER : services.setVariable(name, (int) a[2], data);
  }

  private EfiStatus count(CallerMemory memory, long high) {
    if (!out(memory, high, WORD, WORD)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    CounterAnswer answer = services.getNextHighMonotonicCount();
    if (answer.status() == EfiStatus.SUCCESS) {
      putInt(memory, high, answer.high());
    }
    return answer.status();
  }

  /** Data that can't be read don't keep a machine from its reset. */
  private EfiStatus reset(CallerMemory memory, long[] a) {
    byte[] data = a[2] == 0 || Long.compareUnsigned(a[2], CallerLimits.BUFFER_BYTES) > 0 ? null : in(memory, a[3], (int) a[2], 1);
    services.resetSystem(ResetType.of((int) a[0]), a[1], data == null ? new byte[0] : data);
    return EfiStatus.SUCCESS;
  }

  private static @Nullable List<CapsuleHeader> capsules(CallerMemory memory, long array, long count) {
    if (count == 0 || Long.compareUnsigned(count, CallerLimits.CAPSULES) > 0) {
      return null;
    }
    byte[] pointers = in(memory, array, (int) count * Long.BYTES, Long.BYTES);
    if (pointers == null) {
      return null;
    }
    List<CapsuleHeader> capsules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] header = in(memory, ByteBuffer.wrap(pointers).order(ByteOrder.LITTLE_ENDIAN).getLong(i * Long.BYTES), CapsuleHeader.SIZE,
          WORD);
      if (header == null) {
        return null;
      }
      capsules.add(CapsuleHeader.ofBytes(header, 0));
    }
    return capsules;
  }

  private EfiStatus queryCapsules(CallerMemory memory, long[] a) {
    List<CapsuleHeader> capsules = capsules(memory, a[0], a[1]);
    if (capsules == null || !out(memory, a[2], Long.BYTES, Long.BYTES) || !out(memory, a[3], WORD, WORD)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    CapsuleAnswer answer = services.queryCapsuleCapabilities(capsules);
    if (answer.status() == EfiStatus.SUCCESS) {
      putLong(memory, a[2], answer.maximumSize());
      putInt(memory, a[3], answer.reset().ordinal());
    }
    return answer.status();
  }

  private EfiStatus queryVariables(CallerMemory memory, long[] a) {
    for (int i = 1; i <= 3; i++) {
      if (!out(memory, a[i], Long.BYTES, Long.BYTES)) {
        return EfiStatus.INVALID_PARAMETER;
      }
    }
    SpaceAnswer answer = services.queryVariableInfo((int) a[0]);
    if (answer.status() == EfiStatus.SUCCESS) {
      putLong(memory, a[1], answer.maximumStorage());
      putLong(memory, a[2], answer.remainingStorage());
      putLong(memory, a[3], answer.maximumVariable());
    }
    return answer.status();
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.xen.abi.EfiCall;
import org.xenolith.xen.abi.FirmwareInfo;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryMap;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.PlatformOp;
import org.xenolith.xen.abi.XenErrno;

/**
 * platform_op of Dom0, above all EFI's runtime services. An input is up to 16 calls; each first writes names and bytes to Dom0's memory
 * (low 3 bits of a byte: how many), then the words of a frame, as {@link #word} has them.
 */
final class EfiCallAttack implements Attack {
  private static final int MOST_CALLS = 16;
  private static final int FRAME = 136;
  private static final int HEAD = 8;
  private static final int EFI_ARGUMENT = 56;
  private static final int EACH = 32;
  private static final String NAMES = "BootOrder\0PK\0db\0Boot0001\0V\0\0\u4e2d\ud800\0SecureBoot\0";
  private static final Set<Integer> ERRORS = Set.of(0, XenErrno.XEN_EFAULT, XenErrno.XEN_EINVAL, XenErrno.XEN_EIO, XenErrno.XEN_ENOMEM,
      XenErrno.XEN_ENOSYS, XenErrno.XEN_EOPNOTSUPP, XenErrno.XEN_EACCES, XenErrno.XEN_ESRCH, XenErrno.XEN_ENODATA);

  private FirmwareWorld world;
  private long rest;
  private int inputs;

  @Override
  public String word() {
    return "eficalls";
  }

  @Override
  public String says() {
    return "up to 16 calls of platform_op in Dom0's name, most of them EFI's runtime services with names, data and sizes anywhere; and of "
        + "what firmware and the memory map tell";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hyp.efi.**", "org.xenolith.hyp.platform.**", "org.xenolith.hyp.p2m.a64.MachineMemoryMap",
        "org.xenolith.firmware.efi.**", "org.xenolith.efi.**");
  }

  @Override
  public void fresh() {
    if (world != null) {
      world.close();
      world = null;
    }
  }

  @Override
  public List<String> execute(byte[] bytes) {
    if (world == null) {
      world = new FirmwareWorld();
      rest = world.rest();
      inputs = 0;
    }
    InputBytes input = new InputBytes(bytes);
    byte[] blank = new byte[FirmwareWorld.ARENA];
    world.dom0.memory().write(world.arena, blank, 0, blank.length);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < MOST_CALLS && !input.end() && wrong.isEmpty(); i++) {
      wrong.addAll(call(input));
      wrong.addAll(world.faults());
    }
    if (inputs++ % EACH == 0 && world.rest() != rest) {
      wrong.add("Dom0's memory changed where no call was told to write");
    }
    long commands = world.port(PlatformOperationsPort.class).operations().size();
    if (commands != 3 || !world.port(HypercallsPort.class).served(HypercallNumber.__HYPERVISOR_platform_op)) {
      wrong.add("platform_op has " + commands + " commands");
    }
    return wrong;
  }

  private List<String> call(InputBytes input) {
    int head = input.next();
    for (int i = head & 7; i > 0; i--) {
      fill(input);
    }
    int command = switch (head >>> 3 & 7) {
      case 0 -> PlatformOp.XENPF_firmware_info;
      case 1 -> PlatformOp.XENPF_settime64;
      case 2 -> input.next();
      case 3 -> -1;
      default -> PlatformOp.XENPF_efi_runtime_call;
    };
    long at = (head & 0x40) != 0 ? world.arena + FirmwareWorld.ARENA - FRAME : (head & 0x80) != 0 ? word(input) : world.arena + 0x100;
    ByteBuffer frame = ByteBuffer.allocate(FRAME).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(command).putInt(PlatformOp.XENPF_INTERFACE_VERSION).putInt(input.next()).putInt((int) word(input));
    for (int i = 0; i < 6; i++) {
      frame.putLong(word(input));
    }
    if (within(at, FRAME)) {
      world.dom0.memory().write(at, frame.array(), 0, FRAME);
    }
    byte[] before = world.arena();
    long result = command < 0
        ? dispatch(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_machine_memory_map, at)
        : dispatch(HypercallNumber.__HYPERVISOR_platform_op, at, 0);
    return judge(result, command, at, before, world.arena());
  }

  private long dispatch(int number, long first, long second) {
    long result = world.port(HypercallsPort.class).dispatch(new FirmwareCall(world, number, first, second));
    if (Boolean.getBoolean("xenolith.fuzz.trace")) {
      System.out.printf("hypercall %d %x %x: %d, function %x, misc %x, status %x%n", number, first, second, result,
          world.dom0.memory().read32(first + HEAD), world.dom0.memory().read32(first + HEAD + 4), world.dom0.memory().read64(first + HEAD
              + 8));
    }
    return result;
  }

  /** Writes a list of names, a time, or bytes of the input. */
  private void fill(InputBytes input) {
    int which = input.next();
    int to = (int) (input.next(2) % FirmwareWorld.ARENA);
    ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    switch (which & 3) {
      case 0 -> NAMES.substring(which >>> 2 & 31).chars().forEach(c -> bytes.putShort((short) c));
      case 1 -> bytes.putLong(world.arena + (input.next(2) & 0xFFFF)).putLong(word(input));
      default -> bytes.put(input.take(which >>> 2));
    }
    world.dom0.memory().write(world.arena + to, bytes.array(), 0, Math.min(bytes.position(), FirmwareWorld.ARENA - to));
  }

  /** A word: by the value of a byte a place in the arena, one near its end, a small or a well-known number, or eight bytes. */
  private long word(InputBytes input) {
    int which = input.next();
    long end = world.arena + FirmwareWorld.ARENA;
    long word = switch (which >>> 5) {
      case 0 -> which;
      case 1 -> world.arena + (which & 31) * 0x400;
      case 2, 3 -> world.arena + input.next(2);
      case 4 -> end - (which & 31);
      case 5 -> input.next(2);
      case 6 -> new long[] {0x10, -1, -8, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 20, (1L << 20) + 1, 128 << 10, 1L << 32, 1L << 40, 1L << 48,
          end, end + 4096, 0x4000_0000L, 1024, 1025}[which & 15];
      default -> input.next(8);
    };
    // a Dom0 may say where to write to, and this one says it of the arena only
    return word >= world.ram && word < world.arena ? world.arena + (word & 0xFFFF) : word;
  }

  private boolean within(long at, long length) {
    return at >= world.arena && length >= 0 && length <= FirmwareWorld.ARENA && at - world.arena <= FirmwareWorld.ARENA - length;
  }

  private List<String> judge(long result, int command, long at, byte[] before, byte[] after) {
    if (result > 0 || !ERRORS.contains((int) -result)) {
      return List.of("command " + command + " answers " + result);
    }
    List<long[]> free = new ArrayList<>();
    int size = command < 0 ? MemoryMap.SIZE : FRAME;
    if (within(at, size)) {
      int offset = (int) (at - world.arena);
      ByteBuffer asked = ByteBuffer.wrap(before, offset, size).slice().order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer told = ByteBuffer.wrap(after, offset, size).slice().order(ByteOrder.LITTLE_ENDIAN);
      if (result == 0) {
        allow(free, at + (command < 0 ? 0 : HEAD), command < 0 ? size : command == PlatformOp.XENPF_settime64 ? 0 : EFI_ARGUMENT);
      }
      if (result == 0 && command == PlatformOp.XENPF_efi_runtime_call && EfiStatus.of(told.getLong(HEAD + 8)) == null) {
        return List.of("status " + Long.toHexString(told.getLong(HEAD + 8)));
      }
      buffers(free, command, asked);
    }
    for (long[] range : free) {
      System.arraycopy(before, (int) range[0], after, (int) range[0], (int) range[1]);
    }
    int differs = Arrays.mismatch(before, after);
    return differs < 0 ? List.of() : List.of("command " + command + " with answer " + result + " wrote to byte 0x"
        + Integer.toHexString(differs) + " of the arena");
  }

  /** What a call was told to write to, by its frame. */
  private void buffers(List<long[]> free, int command, ByteBuffer asked) {
    int function = asked.getInt(HEAD);
    if (command < 0) {
      allow(free, asked.getLong(8), 20L * Integer.toUnsignedLong(asked.getInt(0)));
    } else if (command == PlatformOp.XENPF_efi_runtime_call && function == EfiCall.XEN_EFI_get_variable) {
      allow(free, asked.getLong(HEAD + 32), asked.getLong(HEAD + 24));
    } else if (command == PlatformOp.XENPF_efi_runtime_call && function == EfiCall.XEN_EFI_get_next_variable_name) {
      allow(free, asked.getLong(HEAD + 24), asked.getLong(HEAD + 16));
    } else if (command == PlatformOp.XENPF_firmware_info && asked.getInt(HEAD + 4) == FirmwareInfo.XEN_FW_EFI_VENDOR) {
      allow(free, asked.getLong(HEAD + 16), Integer.toUnsignedLong(asked.getInt(HEAD + 12)));
    }
  }

  private void allow(List<long[]> free, long at, long length) {
    long from = at - world.arena;
    if (from >= 0 && from < FirmwareWorld.ARENA) {
      long room = FirmwareWorld.ARENA - from;
      free.add(new long[] {from, Long.compareUnsigned(length, room) < 0 ? length : room});
    }
  }
}

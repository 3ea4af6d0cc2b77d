// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.xenolith.testkit.efi.PathBench.END;
import static org.xenolith.testkit.efi.PathBench.MARK;
import static org.xenolith.testkit.efi.PathBench.join;

import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** Utilities for device paths; the correct ones keep the contract. */
class TwinPathsTest extends DevicePathUtilitiesContract {
  /** What is wrong with them. */
  enum Defect {
    NONE, SIZE_WITHOUT_THE_END, SIZE_OF_THE_FIRST_INSTANCE, SIZE_OF_NOTHING, LENGTHS_OF_8_BITS, THE_PATH_ITSELF, NO_END, IN_NO_POOL,
    OTHER_MEMORY, WRITES_TOO_FAR, CHANGES_THE_PATH, NOTHING_IS_AN_END, KEEPS_THE_FIRST_END, APPENDS_TO_THE_FIRST_INSTANCE,
    NOTHING_TWICE_IS_NOTHING, WITHOUT_THE_FIRST_NOTHING, WITHOUT_THE_SECOND_NOTHING, NODE_WITHOUT_AN_END, NODE_AND_WHAT_FOLLOWS,
    INSTANCE_WITHOUT_A_MARK, INSTANCE_ENDS_THE_PATH, MARK_BEFORE_THE_FIRST, NO_INSTANCE_IS_A_COPY, NEXT_IS_ALL, NEXT_STAYS,
    NEXT_IS_THE_MARK,
    NEVER_THE_LAST, INSTANCE_WITH_ITS_MARK, SIZE_IN_32_BITS, SIZE_OF_NODES, SIZE_LEFT_ALONE, WANTS_A_SIZE, SIZE_WRITTEN_AT_LAST,
    MARKS_BY_BYTES, NEVER_SEVERAL,
    SEVERAL_NODES, SHORT_NODE_MADE, LENGTH_OF_DATA, LENGTH_WITH_SIGN, TYPE_LEFT_OUT, NUMBERS_OF_64_BITS, NO_MEMORY_IS_A_STATUS,
    NO_MEMORY_IS_NO_MATTER, BROKEN_IS_A_STATUS, SHORT_NODES_ARE_HEADERS, BREAKS_AFTER_AN_ERROR, KEEPS_MEMORY, MOVED_BEFORE_MEMORY,
    SHORT_NODE_APPENDED
  }

  private static final int MOST = 1 << 20;

  Defect defect = Defect.NONE;

  private final class Twin {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long protocol = firmware.room(64);
    private boolean broken;

    Twin() {
      firmware.handles().install(0, Protocol.DEVICE_PATH_UTILITIES, protocol);
      for (int i = 0; i < 8; i++) {
        int function = i;
        memory.put64(protocol + 8L * i, firmware.guest(call -> EfiStep.done(answer(function, call))));
      }
    }

    private long answer(int function, Call call) {
      if (broken) {
        return 0;
      }
      try {
        return result(function, call);
      } catch (EfiError e) {
        if (defect == Defect.KEEPS_MEMORY) {
          give(END);
        }
        broken = defect == Defect.BREAKS_AFTER_AN_ERROR;
        return defect == Defect.BROKEN_IS_A_STATUS ? e.status().code() : 0;
      }
    }

    private long result(int function, Call call) {
      long one = call.argument(0);
      long other = call.argument(1);
      return switch (function) {
        case 0 -> one == 0 ? defect == Defect.SIZE_OF_NOTHING ? 4 : 0 : size(path(one));
        case 1 -> one == 0 ? defect == Defect.NOTHING_IS_AN_END ? give(END) : 0 : copy(one);
        case 2 -> append(one, other, other == 0 ? null : path(other));
        case 3 -> append(one, other, other == 0 ? null : node(other));
        case 4 -> other == 0 ? defect == Defect.NO_INSTANCE_IS_A_COPY && one != 0 ? give(path(one)) : 0 : instance(one, path(other));
        case 5 -> next(one, other);
        case 6 -> one != 0 && several(path(one)) ? 1 : 0;
        default -> create(call);
      };
    }

    private long length(byte[] path) {
      int mark = mark(path);
      return defect == Defect.SIZE_OF_THE_FIRST_INSTANCE && mark >= 0 ? mark + 4 : path.length;
    }

    private long size(byte[] path) {
      return defect == Defect.SIZE_WITHOUT_THE_END ? path.length - 4 : length(path);
    }

    private int step(long at) {
      int length = memory.get16(at + 2);
      if (length < 4 && defect == Defect.SHORT_NODES_ARE_HEADERS) {
        return 4;
      }
      if (length < 4) {
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "a short node");
      }
      return defect == Defect.LENGTHS_OF_8_BITS ? Math.max(4, length & 0xFF) : length;
    }

    private byte[] path(long from) {
      long at = from;
      while (memory.get8(at) != 0x7F || memory.get8(at + 1) != 0xFF) {
        at += step(at);
        if (at - from > MOST) {
          throw new EfiError(EfiStatus.INVALID_PARAMETER, "no end");
        }
      }
      return memory.read(from, (int) (at - from) + 4);
    }

    private byte[] node(long from) {
      if (defect == Defect.NODE_AND_WHAT_FOLLOWS && memory.get8(from + 6) == 3) {
        return path(from);
      }
      int length = memory.get16(from + 2);
      if (length < 4 && defect != Defect.SHORT_NODE_APPENDED) {
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "a short node");
      }
      byte[] node = memory.read(from, Math.max(4, length));
      return defect == Defect.NODE_WITHOUT_AN_END ? node : join(node, END);
    }

    private long give(byte[] bytes) {
      long pointer = firmware.room(8);
      if (defect == Defect.IN_NO_POOL) {
        long place = firmware.room(bytes.length);
        memory.write(place, bytes);
        return place;
      }
      byte[] all = defect == Defect.NO_END ? Arrays.copyOf(bytes, bytes.length - 4) : bytes;
      long status = firmware.call(firmware.service(BootService.ALLOCATE_POOL), defect == Defect.OTHER_MEMORY ? 2 : 4, Math.max(1,
          all.length), pointer);
      if (status != 0) {
        return defect == Defect.NO_MEMORY_IS_A_STATUS ? status : defect == Defect.NO_MEMORY_IS_NO_MATTER ? pointer : 0;
      }
      memory.write(memory.get64(pointer), defect == Defect.WRITES_TOO_FAR ? Arrays.copyOf(all, all.length + 16) : all);
      return memory.get64(pointer);
    }

    private long copy(long from) {
      byte[] path = path(from);
      if (defect == Defect.CHANGES_THE_PATH) {
        memory.put8(from, 9);
      }
      return defect == Defect.THE_PATH_ITSELF ? from : give(path);
    }

    private long append(long one, long other, byte[] behind) {
      if (one == 0 && other == 0 && defect == Defect.NOTHING_TWICE_IS_NOTHING || one == 0 && other != 0
          && defect == Defect.WITHOUT_THE_FIRST_NOTHING || one != 0 && other == 0 && defect == Defect.WITHOUT_THE_SECOND_NOTHING) {
        return 0;
      }
      byte[] path = one == 0 ? END : path(one);
      int mark = mark(path);
      if (other == 0) {
        return give(path);
      }
      if (defect == Defect.APPENDS_TO_THE_FIRST_INSTANCE && mark >= 0) {
        return give(join(Arrays.copyOf(path, mark), Arrays.copyOf(behind, behind.length - 4), Arrays.copyOfRange(path, mark,
            path.length)));
      }
      return give(join(Arrays.copyOf(path, path.length - (defect == Defect.KEEPS_THE_FIRST_END ? 0 : 4)), behind));
    }

    private long instance(long one, byte[] behind) {
      if (one == 0 && defect != Defect.MARK_BEFORE_THE_FIRST) {
        return give(behind);
      }
      byte[] path = one == 0 ? END : path(one);
      byte[] mark = defect == Defect.INSTANCE_WITHOUT_A_MARK ? new byte[0] : defect == Defect.INSTANCE_ENDS_THE_PATH ? END : MARK;
      return give(join(Arrays.copyOf(path, path.length - 4), mark, behind));
    }

    /** Where the first instance ends; -1 if it is the only one. */
    private int mark(byte[] path) {
      for (int at = 0; at + 4 <= path.length; at += defect == Defect.MARKS_BY_BYTES ? 1 : Math.max(4, PathBench.length(path, at))) {
        if (Arrays.equals(path, at, at + 4, MARK, 0, 4)) {
          return at;
        }
      }
      return -1;
    }

    private boolean several(byte[] path) {
      return defect == Defect.SEVERAL_NODES ? path.length > 20 : defect != Defect.NEVER_SEVERAL && mark(path) >= 0;
    }

    private long next(long pointer, long size) {
      if (pointer == 0 || size == 0 && defect == Defect.WANTS_A_SIZE) {
        return 0;
      }
      long path = memory.get64(pointer);
      boolean late = defect == Defect.SIZE_WRITTEN_AT_LAST;
      if (size != 0 && !late && !(path == 0 && defect == Defect.SIZE_LEFT_ALONE)) {
        memory.put64(size, 0);
      }
      if (path == 0) {
        return 0;
      }
      byte[] all = path(path);
      int mark = defect == Defect.NEXT_IS_ALL ? -1 : mark(all);
      byte[] first = mark < 0 ? all : join(Arrays.copyOf(all, mark), defect == Defect.INSTANCE_WITH_ITS_MARK ? join(MARK, END) : END);
      if (defect == Defect.MOVED_BEFORE_MEMORY) {
        memory.put64(pointer, 0);
      }
      long made = give(first);
      if (made == 0) {
        return 0;
      }
      if (defect != Defect.NEXT_STAYS) {
        memory.put64(pointer, mark >= 0 ? path + mark + (defect == Defect.NEXT_IS_THE_MARK ? 0 : 4) : defect == Defect.NEVER_THE_LAST
            ? path + all.length - 4
            : 0);
      }
      if (size != 0 && defect == Defect.SIZE_IN_32_BITS) {
        memory.put64(size, first.length | 1L << 32);
      } else if (size != 0) {
        memory.put64(size, first.length - (defect == Defect.SIZE_OF_NODES ? 4 : 0));
      }
      return made;
    }

    private long create(Call call) {
      boolean whole = defect == Defect.NUMBERS_OF_64_BITS;
      long length = whole ? call.argument(2) : defect == Defect.LENGTH_WITH_SIGN ? (short) call.argument(2) : call.argument(2) & 0xFFFF;
      if (length < 4 && defect != Defect.SHORT_NODE_MADE || length > 0xFFFF) {
        return 0;
      }
      byte[] node = new byte[Math.max(4, (int) length)];
      long said = defect == Defect.LENGTH_OF_DATA ? length - 4 : length;
      node[0] = (byte) (defect == Defect.TYPE_LEFT_OUT ? 0 : call.argument(0));
      node[1] = (byte) call.argument(1);
      node[2] = (byte) said;
      node[3] = (byte) (said >> 8);
      return give(node);
    }
  }

  @Override
  protected OfferedProtocols utilities() {
    return new OfferedProtocols(new Twin().firmware);
  }
}

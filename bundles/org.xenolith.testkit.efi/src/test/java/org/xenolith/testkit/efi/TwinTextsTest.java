// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.xenolith.testkit.efi.PathBench.END;
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
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.efi.boot.kit.Ucs2;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** Texts of device paths, by the kit's forms; the correct ones keep the contract. */
class TwinTextsTest extends DevicePathTextContract {
  /** What is wrong with them. */
  enum Defect {
    NONE, FUNCTION_BEFORE_DEVICE, NUMBERS_ARE_HEXADECIMAL, NO_GENERIC_NAMES, BYTES_WITH_SIGN, FORMS_FOR_PEOPLE, BOOLEANS_OF_64_BITS,
    SHORTCUTS_OF_ITS_OWN, WITHOUT_SHORTCUTS_FOR_PEOPLE, INSTANCES_ARE_ONE, NO_LAST_INSTANCE, NOTHING_FOR_PEOPLE, EMPTY_FOR_PEOPLE,
    NODE_OF_ALL, NODE_WANTS_ALL,
    TEXT_OF_ALL_NODES, TEXTS_OF_32768, PATHS_OF_4096, LENGTHS_WITH_SIGN, NO_NUL, NO_END, IN_NO_POOL, OTHER_MEMORY, WRITES_TOO_FAR,
    NOTHING_IS_A_TEXT,
    NOTHING_IS_A_PATH, NO_MEMORY_IS_A_STATUS, NO_MEMORY_IS_NO_MATTER, BROKEN_IS_A_STATUS, BROKEN_IS_A_TEXT, SHORT_NODES_HAVE_TEXTS,
    MALFORMED_IS_A_STATUS, MALFORMED_HAS_NO_END, KEEPS_MEMORY, BREAKS_AFTER_AN_ERROR, UNENDING_IS_A_TEXT
  }

  private static final int MOST = 1 << 19;

  Defect defect = Defect.NONE;

  private final class Twin {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long toText = firmware.room(32);
    private final long pointer = firmware.room(8);
    private boolean broken;

    Twin() {
      firmware.handles().install(firmware.handles().install(0, Protocol.DEVICE_PATH_TO_TEXT, toText), Protocol.DEVICE_PATH_FROM_TEXT, toText
          + 16);
      for (int i = 0; i < 4; i++) {
        int function = i;
        memory.put64(toText + 8L * i, firmware.guest(call -> EfiStep.done(answer(function, call))));
      }
    }

    private long answer(int function, Call call) {
      if (broken) {
        return 0;
      }
      try {
        return result(function, call);
      } catch (EfiError | IllegalArgumentException e) {
        if (defect == Defect.KEEPS_MEMORY) {
          give(END);
        }
        broken = defect == Defect.BREAKS_AFTER_AN_ERROR;
        boolean status = defect == (function < 2 ? Defect.BROKEN_IS_A_STATUS : Defect.MALFORMED_IS_A_STATUS);
        return status ? EfiStatus.INVALID_PARAMETER.code() : function < 2 && defect == Defect.BROKEN_IS_A_TEXT ? give(Ucs2.bytes("?")) : 0;
      }
    }

    private long result(int function, Call call) {
      long at = call.argument(0);
      if (at == 0) {
        return function < 2 ? defect == Defect.NOTHING_IS_A_TEXT ? give(Ucs2.bytes("")) : 0
            : defect == Defect.NOTHING_IS_A_PATH ? give(END)
            : 0;
      }
      long mask = defect == Defect.BOOLEANS_OF_64_BITS ? -1 : 0xFF;
      boolean display = (call.argument(1) & mask) != 0;
      boolean shortcuts = (call.argument(2) & mask) != 0;
      return switch (function) {
        case 0 -> text(node(at), display, shortcuts);
        case 1 -> text(path(at), display, shortcuts);
        case 2 -> {
          byte[] node = parseNode(read(at));
          yield give(Arrays.copyOf(node, node.length - 4));
        }
        default -> {
          byte[] path = parse(read(at));
          yield give(defect == Defect.NO_END ? Arrays.copyOf(path, path.length - 4) : path);
        }
      };
    }

    private byte[] path(long at) {
      byte[] path = DevicePath.read(memory, at);
      if (path.length > 4096 && defect == Defect.PATHS_OF_4096) {
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "a long path");
      }
      return path;
    }

    private byte[] node(long at) {
      int length = defect == Defect.LENGTHS_WITH_SIGN ? (short) memory.get16(at + 2) : memory.get16(at + 2);
      if (length < 4 && defect != Defect.SHORT_NODES_HAVE_TEXTS) {
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "a short node");
      }
      if (defect == Defect.TEXT_OF_ALL_NODES && memory.get8(at + length) == 1 && memory.get8(at + length + 1) == 5) {
        return DevicePath.read(memory, at);
      }
      byte[] node = memory.read(at, Math.max(4, length));
      node[2] = (byte) node.length;
      node[3] = (byte) (node.length >> 8);
      return join(node, END);
    }

    private String read(long at) {
      try {
        return memory.text(at, defect == Defect.TEXTS_OF_32768 ? 1 << 15 : MOST);
      } catch (EfiError e) {
        if (defect == Defect.UNENDING_IS_A_TEXT) {
          return "a";
        }
        throw e;
      }
    }

    private long text(byte[] path, boolean display, boolean shortcuts) {
      if (display && (defect == Defect.NOTHING_FOR_PEOPLE || defect == Defect.EMPTY_FOR_PEOPLE)) {
        return defect == Defect.NOTHING_FOR_PEOPLE ? 0 : give(Ucs2.bytes(""));
      }
      boolean people = display || defect == Defect.FORMS_FOR_PEOPLE || !shortcuts && defect == Defect.WITHOUT_SHORTCUTS_FOR_PEOPLE;
      String text = people ? DevicePathText.of(path) : DevicePathText.exact(path);
      text = switch (defect) {
        case SHORTCUTS_OF_ITS_OWN -> shortcuts ? text.replace("PciRoot(", "Root(") : text;
        case BYTES_WITH_SIGN -> text.replace("Path(255,", "Path(-1,");
        case INSTANCES_ARE_ONE -> text.replace("),", ")/");
        case NO_LAST_INSTANCE -> text.endsWith(",") ? text.substring(0, text.length() - 1) : text;
        default -> text;
      };
      byte[] bytes = Ucs2.bytes(text);
      return give(defect == Defect.NO_NUL ? Arrays.copyOf(bytes, bytes.length - 2) : bytes);
    }

    private byte[] parse(String text) {
      String read = switch (defect) {
        case FUNCTION_BEFORE_DEVICE -> text.replace("Pci(0x1F,0x2)", "Pci(0x2,0x1F)");
        case NUMBERS_ARE_HEXADECIMAL -> text.replace("Pci(31,", "Pci(0x31,");
        case NO_GENERIC_NAMES -> text.replace("BbsPath(", "Bbs(");
        default -> text;
      };
      try {
        return DevicePathText.parse(read);
      } catch (IllegalArgumentException e) {
        if (defect == Defect.MALFORMED_HAS_NO_END) {
          return join(new byte[] {1, 1, 6, 0, 0, 0});
        }
        throw e;
      }
    }

    private byte[] parseNode(String text) {
      boolean all = defect == Defect.NODE_OF_ALL || defect == Defect.NODE_WANTS_ALL;
      if (defect == Defect.NODE_WANTS_ALL && text.startsWith("Pci(0x1F,0x2)/")) {
        throw new IllegalArgumentException("more than a node");
      }
      byte[] node = DevicePathText.parseNode(text).bytes();
      if (all && text.startsWith("Pci(0x1F,0x2)/P")) {
        byte[] path = DevicePathText.parse(text);
        path[2] = (byte) (path.length - 4);
        return path;
      }
      return node;
    }

    private long give(byte[] bytes) {
      if (defect == Defect.IN_NO_POOL) {
        long place = firmware.room(Math.max(1, bytes.length));
        memory.write(place, bytes);
        return place;
      }
      long status = firmware.call(firmware.service(BootService.ALLOCATE_POOL), defect == Defect.OTHER_MEMORY ? 2 : 4, Math.max(1,
          bytes.length), pointer);
      if (status != 0) {
        return defect == Defect.NO_MEMORY_IS_A_STATUS ? status : defect == Defect.NO_MEMORY_IS_NO_MATTER ? pointer : 0;
      }
      memory.write(memory.get64(pointer), defect == Defect.WRITES_TOO_FAR ? Arrays.copyOf(bytes, bytes.length + 16) : bytes);
      return memory.get64(pointer);
    }
  }

  @Override
  protected OfferedProtocols texts() {
    return new OfferedProtocols(new Twin().firmware);
  }
}

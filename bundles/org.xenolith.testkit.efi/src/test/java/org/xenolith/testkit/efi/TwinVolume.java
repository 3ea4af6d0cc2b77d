// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A volume of maps whose protocols keep their contract, or have a defect. It can't be written. */
final class TwinVolume implements FileContract.Mounted {
  /** What is wrong with it. */
  enum Defect {
    NONE, NO_REVISION, ONE_ROOT, ROOT_TO_NOWHERE, ROOT_HAS_A_NAME, RELATIVE_IS_ABSOLUTE, DOTS_HAVE_NAMES, NO_DOTS, FINDS_BEGINNINGS,
    FILES_ARE_DIRECTORIES, KEEPS_A_PAGE, ABOVE_THE_ROOT, ANY_MODE, ONE_POSITION, CLOSE_FORGETS_NOTHING, CLOSED_IS_OPEN, DELETE_IS_SUCCESS,
    DELETE_KEEPS, DELETES, OPENS_TO_WRITE, WRITES, WRITES_DIRECTORIES, SETS_ANYTHING, READS_ONE_MORE, READS_ON_BEHIND, NO_END,
    DIRECTORY_HAS_POSITIONS, NO_BEGINNING, LOSES_ENTRIES, SIZE_IS_WRONG, NOT_A_DIRECTORY, NO_LABEL, NO_BLOCKS, NO_NEEDED_SIZE, ANY_KIND,
    MOVES_ON_ERRORS, SECOND_REVISION
  }

  private record Node(String name, Node parent, byte[] content, Map<String, Node> entries) {
    boolean isDirectory() { return entries != null; }
  }

  private static final class Handle {
    final Node node;
    final String name;
    long position;

    Handle(Node node, String name) {
      this.node = node;
      this.name = name;
    }
  }

  private static final int FUNCTIONS = 14;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final byte[] bytes = new byte[1 << 16];
  private final long protocol = firmware.room(16);
  private final Node root = new Node("", null, null, new LinkedHashMap<>());
  private final Map<Long, Handle> open = new HashMap<>();
  private final Map<Node, Long> shared = new IdentityHashMap<>();
  private final long[] functions = new long[FUNCTIONS];
  private final Defect defect;

  TwinVolume(Defect defect, Map<String, byte[]> files) {
    this.defect = defect;
    files.forEach((path, content) -> {
      Node at = root;
      String[] parts = path.split("/");
      for (int i = 0; i < parts.length - 1; i++) {
        Node parent = at;
        at = at.entries.computeIfAbsent(parts[i], name -> new Node(name, parent, null, new LinkedHashMap<>()));
      }
      String last = parts[parts.length - 1];
      at.entries.put(last, new Node(last, at, content, null));
    });
    memory.put64(protocol, is(Defect.NO_REVISION) ? 0 : 0x1_0000);
    memory.put64(protocol + 8, firmware.guest(this::openVolume));
    for (int i = 0; i < FUNCTIONS; i++) {
      int function = 8 + 8 * i;
      functions[i] = firmware.guest(call -> function(call, function));
    }
  }

  private boolean is(Defect one) {
    return defect == one;
  }

  private EfiStep openVolume(Call call) {
    if (!is(Defect.ROOT_TO_NOWHERE)) {
      memory.get64(call.argument(1));
    }
    long handle = is(Defect.ONE_ROOT) && !open.isEmpty() ? shared.get(root) : make(root, is(Defect.ROOT_HAS_A_NAME) ? "\\" : "");
    shared.put(root, handle);
    memory.put64(call.argument(1), handle);
    return EfiStep.done();
  }

  private long make(Node node, String name) {
    long at = firmware.pages(1);
    memory.put64(at, is(Defect.SECOND_REVISION) ? 0x2_0000 : 0x1_0000);
    for (int i = 0; i < FUNCTIONS; i++) {
      memory.put64(at + 8 + 8L * i, functions[i]);
    }
    open.put(at, new Handle(node, name));
    return at;
  }

  private EfiStep function(Call call, int function) {
    Handle handle = open.get(call.argument(0));
    if (handle == null) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "no file");
    }
    return switch (function) {
      case FileBench.OPEN -> EfiStep.done(open(call, handle));
      case FileBench.CLOSE -> close(call, EfiStatus.SUCCESS.code());
      case FileBench.DELETE -> {
        if (is(Defect.DELETES)) {
          bytes[0]++;
        }
        yield is(Defect.DELETE_KEEPS) ? EfiStep.done(2) : close(call, is(Defect.DELETE_IS_SUCCESS) ? 0 : 2);
      }
      case FileBench.READ -> EfiStep.done(handle.node.isDirectory() ? readDirectory(call, handle) : read(call, handle));
      case FileBench.WRITE -> EfiStep.done(write(handle));
      case FileBench.GET_POSITION -> EfiStep.done(getPosition(call, handle));
      case FileBench.SET_POSITION -> EfiStep.done(setPosition(call, handle));
      case FileBench.GET_INFO -> EfiStep.done(info(call, handle));
      case FileBench.SET_INFO -> EfiStep.done(known(memory.guid(call.argument(1))) || is(Defect.SETS_ANYTHING) ? EfiStatus.WRITE_PROTECTED
          : EfiStatus.UNSUPPORTED);
      case FileBench.FLUSH -> EfiStep.done();
      default -> EfiStep.done(EfiStatus.UNSUPPORTED);
    };
  }

  private EfiStep close(Call call, long status) {
    if (!is(Defect.CLOSED_IS_OPEN)) {
      open.remove(call.argument(0));
    }
    if (!is(Defect.CLOSE_FORGETS_NOTHING)) {
      firmware.freePages(call.argument(0), 1);
    }
    return EfiStep.done(status);
  }

  private EfiStatus open(Call call, Handle from) {
    memory.get64(call.argument(1));
    String path = memory.text(call.argument(2), 400);
    long mode = call.argument(3);
    if (mode != 1 && mode != 3 && mode != (1L << 63 | 3) && !is(Defect.ANY_MODE)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (is(Defect.KEEPS_A_PAGE)) {
      firmware.pages(1);
    }
    Node at = path.startsWith("\\") || is(Defect.RELATIVE_IS_ABSOLUTE) ? root : from.node;
    String name = at == root ? "" : from.name;
    for (String part : path.split("\\\\")) {
      if (!part.isEmpty()) {
        Node next = at.isDirectory() ? step(at, part) : is(Defect.FILES_ARE_DIRECTORIES) ? at : null;
        if (next == null) {
          return mode < 0 ? EfiStatus.WRITE_PROTECTED : EfiStatus.NOT_FOUND;
        }
        at = next;
        name = is(Defect.DOTS_HAVE_NAMES) && at != root ? part : at.name;
      }
    }
    if ((mode & 2) != 0 && !is(Defect.OPENS_TO_WRITE)) {
      return EfiStatus.WRITE_PROTECTED;
    }
    long handle = is(Defect.ONE_POSITION) && shared.containsKey(at) && open.containsKey(shared.get(at)) ? shared.get(at) : make(at, name);
    shared.put(at, handle);
    memory.put64(call.argument(1), handle);
    return EfiStatus.SUCCESS;
  }

  private Node step(Node at, String part) {
    if (part.equals(".") && !is(Defect.NO_DOTS)) {
      return at;
    }
    if (part.equals("..") && !is(Defect.NO_DOTS)) {
      return at.parent == null && is(Defect.ABOVE_THE_ROOT) ? at : at.parent;
    }
    Node found = at.entries.get(part);
    if (found == null && is(Defect.FINDS_BEGINNINGS)) {
      return at.entries.values().stream().filter(each -> each.name.startsWith(part)).findFirst().orElse(null);
    }
    return found;
  }

  private EfiStatus read(Call call, Handle handle) {
    byte[] content = handle.node.content;
    if (handle.position > content.length) {
      return is(Defect.READS_ON_BEHIND) ? EfiStatus.SUCCESS : EfiStatus.DEVICE_ERROR;
    }
    long wanted = memory.get64(call.argument(1));
    int left = (int) (content.length - handle.position);
    int size = wanted < 0 || wanted > left ? left : (int) wanted;
    byte[] given = new byte[size + (is(Defect.READS_ONE_MORE) ? 1 : 0)];
    System.arraycopy(content, (int) handle.position, given, 0, size);
    if (is(Defect.MOVES_ON_ERRORS)) {
      handle.position += size;
    }
    memory.write(call.argument(2), given);
    if (!is(Defect.MOVES_ON_ERRORS)) {
      handle.position += size;
    }
    memory.put64(call.argument(1), size);
    return EfiStatus.SUCCESS;
  }

  private EfiStatus readDirectory(Call call, Handle handle) {
    List<Node> entries = new ArrayList<>(handle.node.entries.values());
    if (handle.position >= entries.size()) {
      if (is(Defect.NO_END)) {
        handle.position = 0;
      } else {
        memory.put64(call.argument(1), 0);
        return EfiStatus.SUCCESS;
      }
    }
    Node entry = entries.get((int) handle.position);
    EfiStatus status = give(call, information(entry, entry.name), 1, 2);
    if (status == EfiStatus.SUCCESS || is(Defect.LOSES_ENTRIES)) {
      handle.position++;
    }
    return status;
  }

  private EfiStatus write(Handle handle) {
    if (is(Defect.WRITES)) {
      bytes[0]++;
    }
    return handle.node.isDirectory() && !is(Defect.WRITES_DIRECTORIES) ? EfiStatus.UNSUPPORTED : EfiStatus.WRITE_PROTECTED;
  }

  private EfiStatus getPosition(Call call, Handle handle) {
    if (handle.node.isDirectory() && !is(Defect.DIRECTORY_HAS_POSITIONS)) {
      return EfiStatus.UNSUPPORTED;
    }
    memory.put64(call.argument(1), handle.position);
    return EfiStatus.SUCCESS;
  }

  private EfiStatus setPosition(Call call, Handle handle) {
    boolean isDirectory = handle.node.isDirectory();
    if (isDirectory && (call.argument(1) != 0 || is(Defect.NO_BEGINNING))) {
      return EfiStatus.UNSUPPORTED;
    }
    handle.position = call.argument(1) == -1 ? handle.node.content.length : call.argument(1);
    return EfiStatus.SUCCESS;
  }

  private static boolean known(EfiGuid kind) {
    return List.of(FileBench.FILE_INFO, FileBench.SYSTEM_INFO, FileBench.LABEL).contains(kind);
  }

  private static ByteBuffer room(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] information(Node node, String name) {
    byte[] text = (name + '\0').getBytes(StandardCharsets.UTF_16LE);
    long size = node.isDirectory() ? 0 : node.content.length + (is(Defect.SIZE_IS_WRONG) ? 1 : 0);
    long attributes = node.isDirectory() && !is(Defect.NOT_A_DIRECTORY) ? 0x10 : 0;
    return room(80 + text.length).putLong(80L + text.length).putLong(size).putLong(size).putLong(72, attributes).put(80, text).array();
  }

  private EfiStatus info(Call call, Handle handle) {
    EfiGuid kind = memory.guid(call.argument(1));
    if (kind.equals(FileBench.FILE_INFO)) {
      return give(call, information(handle.node, handle.name), 2, 3);
    }
    byte[] label = "TWIN\0".getBytes(StandardCharsets.UTF_16LE);
    if (kind.equals(FileBench.LABEL)) {
      return give(call, is(Defect.NO_LABEL) ? new byte[2] : label, 2, 3);
    }
    if (!kind.equals(FileBench.SYSTEM_INFO)) {
      return is(Defect.ANY_KIND) ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED;
    }
    return give(call, room(36 + label.length).putLong(36L + label.length).putLong(1).putLong(bytes.length).putLong(1000).putInt(is(
        Defect.NO_BLOCKS) ? 0 : 512).put(label).array(), 2, 3);
  }

  private EfiStatus give(Call call, byte[] told, int size, int buffer) {
    if (Long.compareUnsigned(memory.get64(call.argument(size)), told.length) < 0) {
      if (!is(Defect.NO_NEEDED_SIZE)) {
        memory.put64(call.argument(size), told.length);
      }
      return EfiStatus.BUFFER_TOO_SMALL;
    }
    memory.write(call.argument(buffer), told);
    memory.put64(call.argument(size), told.length);
    return EfiStatus.SUCCESS;
  }

  @Override
  public FakeFirmware firmware() {
    return firmware;
  }

  @Override
  public long protocol() {
    return protocol;
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }
}

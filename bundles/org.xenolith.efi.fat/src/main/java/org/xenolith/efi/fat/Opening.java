// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiStep;

/** Opens files by their paths, directory by directory, has made what isn't there if that is wanted, and closes them. */
final class Opening {
  private static final int MOST_PATH = 4096;
  private static final int PAGE = 4096;
  private static final long CREATE = 1L << 63;
  private static final long READ = 1;
  private static final long WRITE = 2;
  /** Attributes that something can be made with. */
  private static final long VALID = 0x37;

  /**
   * Numbers of Open: which part of the path is next, the directory's first cluster (0: the root), where it was read to and its pages, and, of what is opened as a
   * parent, its own first cluster, by which it is looked up in the directory above; whether what wasn't there was made.
   */
  private enum Slot {
    PART, CLUSTER, ROOM, PARENT, MADE
  }

  /** Steps of Open: the first, and those behind a directory of the path, the parent that is to be opened, the directory above that, and the file that was made. */
  private enum Step {
    BEGIN, READ_PART, READ_PARENT, READ_ABOVE, MADE
  }

  private final FatLayer layer;
  private final Files files;

  private final Creating creating;

  Opening(FatLayer layer, Files files, Creating creating) {
    this.layer = layer;
    this.files = files;
    this.creating = creating;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "OpenVolume" -> this::volume;
      case "Open" -> this::open;
      case "Close" -> call -> {
        files.numbers(call.firmware(), call.argument(0));
        files.close(call.firmware(), call.argument(0));
        return EfiStep.done();
      };
      default -> creating.function(name);
    };
  }

  private EfiStep volume(Call call) {
    Firmware firmware = call.firmware();
    layer.numbers(firmware, call.argument(0));
    firmware.memory().get64(call.argument(1)); // or nobody would ever close the file
    firmware.memory().put64(call.argument(1), files.openRoot(firmware, call.argument(0)));
    return EfiStep.done();
  }

  /** The parts of a path, without those that lead nowhere else. */
  private static List<String> parts(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("\\\\")) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts;
  }

  private EfiStep open(Call call) {
    Firmware firmware = call.firmware();
    long[] from = files.numbers(firmware, call.argument(0));
    if (call.argument(1) == 0 || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long mode = call.argument(3);
    if (mode != READ && mode != (READ | WRITE) && mode != (CREATE | READ | WRITE)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    firmware.memory().get64(call.argument(1));
    String path = firmware.memory().text(call.argument(2), MOST_PATH);
    List<String> parts = parts(path);
    boolean absolute = path.startsWith("\\");
    int part = (int) call.get(Slot.PART);
    if (call.isAt(Step.BEGIN)) {
      call.set(Slot.CLUSTER, absolute ? 0 : from[Files.CLUSTER]);
      call.set(Slot.ROOM, call.room(16));
      if (parts.isEmpty()) {
        if (!absolute && Files.isGone(from)) {
          return EfiStep.done(EfiStatus.NOT_FOUND);
        }
        EfiStatus refused = absolute ? EfiStatus.SUCCESS : refused(call, from[Files.SYSTEM], (int) from[Files.ATTRIBUTES]);
        if (refused == EfiStatus.SUCCESS) {
          firmware.memory().put64(call.argument(1), absolute ? files.openRoot(firmware, from[Files.SYSTEM]) : files.again(firmware, call
              .argument(0), (mode & WRITE) != 0));
        }
        return EfiStep.done(refused);
      }
      if (!absolute && ((from[Files.ATTRIBUTES] & Directory.DIRECTORY) == 0 || Files.isGone(from))) {
        return EfiStep.done(EfiStatus.NOT_FOUND);
      }
    } else if (call.isAt(Step.MADE)) {
      if (call.result() != 0) {
        return EfiStep.done(call.result());
      }
      call.set(Slot.MADE, 1);
    } else if (!call.isAt(Step.READ_PART)) {
      return parent(call, from[Files.SYSTEM]);
    } else {
      Directory.Entry found = search(call, each -> each.is(parts.get(part)));
      if (found == null) {
        return make(call, from[Files.SYSTEM], part == parts.size() - 1 ? parts.get(part) : "..");
      }
      if (part == parts.size() - 1) {
        boolean root = found.isDirectory() && layer.directory(firmware, from[Files.SYSTEM], found.cluster()) == 0;
        if (!root && parts.get(part).equals("..")) {
          call.set(Slot.PARENT, found.cluster());
          call.set(Slot.CLUSTER, found.cluster());
          return load(call, Step.READ_PARENT, from[Files.SYSTEM]);
        }
        EfiStatus refused = refused(call, from[Files.SYSTEM], found.attributes());
        if (refused == EfiStatus.SUCCESS) {
          firmware.memory().put64(call.argument(1), root ? files.openRoot(firmware, from[Files.SYSTEM]) : files.open(firmware,
              from[Files.SYSTEM], found, call.get(Slot.CLUSTER), (mode & WRITE) != 0));
        }
        return EfiStep.done(refused);
      }
      if (!found.isDirectory()) {
        return EfiStep.done(EfiStatus.NOT_FOUND);
      }
      call.set(Slot.CLUSTER, layer.directory(firmware, from[Files.SYSTEM], found.cluster()));
      call.set(Slot.PART, part + 1L);
    }
    return load(call, Step.READ_PART, from[Files.SYSTEM]);
  }

  private EfiStep load(Call call, Step next, long system) {
    return EfiStep.call(next, call.firmware().function(layer, "LoadDirectory"), system, call.get(Slot.CLUSTER), call.get(Slot.ROOM));
  }

  /** A directory that is opened as another's parent has its own name and times, which only the directory above it knows. */
  private EfiStep parent(Call call, long system) {
    Firmware firmware = call.firmware();
    if (call.isAt(Step.READ_PARENT)) {
      Directory.Entry above = search(call, each -> each.is(".."));
      call.set(Slot.CLUSTER, above == null ? 0 : layer.directory(firmware, system, above.cluster()));
      return load(call, Step.READ_ABOVE, system);
    }
    Directory.Entry found = search(call, each -> each.isDirectory() && each.cluster() == call.get(Slot.PARENT) && !each.isDots());
    if (found == null) {
      return EfiStep.done(EfiStatus.VOLUME_CORRUPTED);
    }
    firmware.memory().put64(call.argument(1), files.open(firmware, system, found, call.get(Slot.CLUSTER), (call.argument(3) & WRITE)
        != 0));
    return EfiStep.done();
  }

  /** What isn't there is made, if that is wanted and there can be something of that name; the root has no parent. */
  private EfiStep make(Call call, long system, String name) {
    Firmware firmware = call.firmware();
    if ((call.argument(3) & CREATE) == 0 || name.equals("..")) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    } else if (call.get(Slot.MADE) != 0) {
      return EfiStep.done(EfiStatus.VOLUME_CORRUPTED);
    } else if (layer.isReadOnly(firmware, system)) {
      return EfiStep.done(EfiStatus.WRITE_PROTECTED);
    } else if ((call.argument(4) & ~VALID) != 0 || !NewEntries.isName(name)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long text = call.room(2 * name.length() + 2);
    firmware.memory().write(text, (name + '\0').getBytes(StandardCharsets.UTF_16LE));
    return EfiStep.call(Step.MADE, firmware.function(layer, "MakeEntry"), system, call.get(Slot.CLUSTER), text, call.argument(4));
  }

  /** Why something that is there isn't opened: it can't be written, or is a file where a directory was to be made. */
  private EfiStatus refused(Call call, long system, int attributes) {
    boolean directory = (attributes & Directory.DIRECTORY) != 0;
    if ((call.argument(3) & CREATE) != 0 && (call.argument(4) & Directory.DIRECTORY) != 0 && !directory) {
      return EfiStatus.INVALID_PARAMETER;
    } else if ((call.argument(3) & WRITE) == 0 || directory) {
      return EfiStatus.SUCCESS;
    } else if (layer.isReadOnly(call.firmware(), system)) {
      return EfiStatus.WRITE_PROTECTED;
    }
    return (attributes & Directory.READ_ONLY) != 0 ? EfiStatus.ACCESS_DENIED : EfiStatus.SUCCESS;
  }

  /** Looks an entry up in the directory that was read, whose pages are given back. */
  private static Directory.Entry search(Call call, Predicate<Directory.Entry> wanted) {
    Firmware firmware = call.firmware();
    if (call.result() < 0) {
      throw new EfiError(EfiStatus.of(call.result()), "a directory can't be read");
    }
    long at = firmware.memory().get64(call.get(Slot.ROOM));
    int size = (int) firmware.memory().get64(call.get(Slot.ROOM) + 8);
    byte[] bytes = firmware.memory().read(at, size);
    firmware.freePages(at, (size + PAGE - 1L) / PAGE);
    return Directory.entries(bytes).stream().filter(wanted).findFirst().orElse(null);
  }
}

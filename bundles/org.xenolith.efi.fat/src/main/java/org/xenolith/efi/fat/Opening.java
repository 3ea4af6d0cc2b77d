// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiStep;

/** Opens files by their paths, directory by directory, and closes them. */
final class Opening {
  private static final int MOST_PATH = 4096;
  private static final int PAGE = 4096;
  private static final long CREATE = 1L << 63;
  private static final long READ = 1;
  private static final long WRITE = 2;
  private static final Directory.Entry ROOT = new Directory.Entry("", "", Directory.DIRECTORY, 0, 0, 0, 0, 0);

  /**
   * Numbers of Open: which part of the path is next, the directory's first cluster (0: the root), where it was read to and its pages, and, of what is opened as a
   * parent, its own first cluster, by which it is looked up in the directory above.
   */
  private enum Slot {
    PART, CLUSTER, ROOM, PARENT
  }

  /** Steps of Open: the first, and those behind a directory of the path, the parent that is to be opened, and the directory above that. */
  private enum Step {
    BEGIN, READ_PART, READ_PARENT, READ_ABOVE
  }

  private final FatLayer layer;
  private final Files files;

  Opening(FatLayer layer, Files files) {
    this.layer = layer;
    this.files = files;
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
      default -> null;
    };
  }

  private EfiStep volume(Call call) {
    Firmware firmware = call.firmware();
    layer.numbers(firmware, call.argument(0));
    firmware.memory().get64(call.argument(1)); // or nobody would ever close the file
    firmware.memory().put64(call.argument(1), files.open(firmware, call.argument(0), ROOT));
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
        firmware.memory().put64(call.argument(1), files.open(firmware, from[Files.SYSTEM], absolute ? ROOT : files.entry(firmware, call
            .argument(0))));
        return EfiStep.done();
      }
      if (!absolute && (from[Files.ATTRIBUTES] & Directory.DIRECTORY) == 0) {
        return EfiStep.done(EfiStatus.NOT_FOUND);
      }
    } else if (!call.isAt(Step.READ_PART)) {
      return parent(call, from[Files.SYSTEM]);
    } else {
      Directory.Entry found = search(call, each -> each.is(parts.get(part)));
      if (found == null) {
        boolean wanted = parts.get(part).equals("..") && call.get(Slot.CLUSTER) == 0; // the root has no parent
        return EfiStep.done(!wanted && (call.argument(3) & CREATE) != 0 ? EfiStatus.WRITE_PROTECTED : EfiStatus.NOT_FOUND);
      }
      if (part == parts.size() - 1) {
        boolean root = found.isDirectory() && found.cluster() == 0;
        if (!root && parts.get(part).equals("..")) {
          call.set(Slot.PARENT, found.cluster());
          call.set(Slot.CLUSTER, found.cluster());
          return load(call, Step.READ_PARENT, from[Files.SYSTEM]);
        }
        firmware.memory().put64(call.argument(1), files.open(firmware, from[Files.SYSTEM], root ? ROOT : found));
        return EfiStep.done((call.argument(3) & WRITE) != 0 && !found.isDirectory() ? closeAgain(call) : EfiStatus.SUCCESS);
      }
      if (!found.isDirectory()) {
        return EfiStep.done(EfiStatus.NOT_FOUND);
      }
      call.set(Slot.CLUSTER, found.cluster());
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
      call.set(Slot.CLUSTER, above == null ? 0 : above.cluster());
      return load(call, Step.READ_ABOVE, system);
    }
    Directory.Entry found = search(call, each -> each.isDirectory() && each.cluster() == call.get(Slot.PARENT) && !each.isDots());
    if (found == null) {
      return EfiStep.done(EfiStatus.VOLUME_CORRUPTED);
    }
    firmware.memory().put64(call.argument(1), files.open(firmware, system, found));
    return EfiStep.done();
  }

  /** Files can't be written; a directory that is opened so is only read. */
  private EfiStatus closeAgain(Call call) {
    long file = call.firmware().memory().get64(call.argument(1));
    files.close(call.firmware(), file);
    call.firmware().memory().put64(call.argument(1), 0);
    return EfiStatus.WRITE_PROTECTED;
  }

  /** Looks an entry up in the directory that was read, whose pages are given back. */
  private static Directory.Entry search(Call call, Predicate<Directory.Entry> wanted) {
    Firmware firmware = call.firmware();
    if (call.result() < 0) {
      throw new org.xenolith.efi.boot.api.EfiError(EfiStatus.of(call.result()), "a directory can't be read");
    }
    long at = firmware.memory().get64(call.get(Slot.ROOM));
    int size = (int) firmware.memory().get64(call.get(Slot.ROOM) + 8);
    byte[] bytes = firmware.memory().read(at, size);
    firmware.freePages(at, (size + PAGE - 1L) / PAGE);
    return Directory.entries(bytes).stream().filter(wanted).findFirst().orElse(null);
  }
}

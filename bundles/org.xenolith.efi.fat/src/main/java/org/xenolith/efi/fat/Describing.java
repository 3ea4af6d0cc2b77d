// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** Changes size, times, attributes and name of a file or directory (UEFI 2.10, 13.5.10 and 13.5.16). The volume's label is {@link Labelling}'s. */
final class Describing {
  private static final int SIZE_AT = 8;
  private static final int TIMES_AT = 24;
  private static final int TIME = 16;
  private static final int ATTRIBUTES_AT = 72;
  private static final int NAME_AT = 80;
  private static final int MOST_PATH = 4096;
  /** Read-only, hidden, system, archive. */
  private static final long CHANGEABLE = 0x27;
  private static final long VALID = 0x37;

  /** Numbers of SetInfo of a file: where time, the folder that was opened, and the directory are; the directory's first cluster, and where the new name is. */
  private enum Slot {
    TIME, ROOM, DIRECTORY, NAME
  }

  private enum Step {
    BEGIN, TIMED, OPENED, LOADED, WRITTEN;

    private static final Step[] ALL = values();
  }

  private final FatLayer layer;
  private final Files files;
  private final Committing committing;
  private final Writing writing;
  private final Labelling labelling;

  Describing(FatLayer layer, Files files, Committing committing, Writing writing) {
    this.layer = layer;
    this.files = files;
    this.committing = committing;
    this.writing = writing;
    labelling = new Labelling(layer, files, committing);
  }

  EfiFunction function(String name) {
    return name.equals("SetInfo") ? this::set : null;
  }

  private EfiStep set(Call call) {
    Firmware firmware = call.firmware();
    long[] numbers = files.numbers(firmware, call.argument(0));
    EfiGuid kind = firmware.memory().guid(call.argument(1));
    if (!FileInformation.isKind(kind)) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    } else if (call.isFirst() && layer.isReadOnly(firmware, numbers[Files.SYSTEM])) {
      return EfiStep.done(EfiStatus.WRITE_PROTECTED);
    }
    return FileInformation.isFile(kind) ? setFile(call, numbers) : labelling.set(call, numbers, kind);
  }

  private EfiStep setFile(Call call, long[] numbers) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long file = call.argument(0);
    switch (call.step(Step.ALL)) {
      case BEGIN -> {
        EfiStatus refused = refused(call, numbers);
        if (refused != EfiStatus.SUCCESS || isTheSame(call, numbers)) {
          return EfiStep.done(refused);
        }
        call.raise(Call.TPL_CALLBACK);
        call.set(Slot.TIME, call.room(TIME));
        return Committing.askTime(call, Step.TIMED, call.get(Slot.TIME));
      }
      case TIMED -> {
        String path = path(call);
        if (path.equals(files.name(firmware, file))) {
          return committing.commit(call, Step.WRITTEN, numbers[Files.SYSTEM], writes -> change(call, writes));
        }
        call.set(Slot.ROOM, call.room(16));
        int slash = path.lastIndexOf('\\');
        call.set(Slot.NAME, call.argument(3) + NAME_AT + 2L * (slash + 1));
        if (slash < 0) {
          call.set(Slot.DIRECTORY, numbers[Files.PARENT]);
          return load(call, numbers);
        }
        String folder = slash == 0 ? "\\" : path.substring(0, slash);
        long text = call.room(2 * folder.length() + 2);
        memory.write(text, (folder + '\0').getBytes(StandardCharsets.UTF_16LE));
        return EfiStep.call(Step.OPENED, firmware.function(layer, "Open"), file, call.get(Slot.ROOM), text, 1, 0);
      }
      case OPENED -> {
        if (call.result() < 0) {
          return EfiStep.done(call.result());
        }
        long opened = memory.get64(call.get(Slot.ROOM));
        long[] folder = files.numbers(firmware, opened);
        call.set(Slot.DIRECTORY, (folder[Files.ATTRIBUTES] & Directory.DIRECTORY) == 0 ? Files.NOWHERE : folder[Files.CLUSTER]);
        files.close(firmware, opened);
        boolean moves = call.get(Slot.DIRECTORY) != numbers[Files.PARENT];
        if (call.get(Slot.DIRECTORY) == Files.NOWHERE || moves && (numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) != 0) {
          return EfiStep.done(EfiStatus.ACCESS_DENIED);
        }
        return load(call, numbers);
      }
      case LOADED -> {
        return call.result() < 0 ? EfiStep.done(call.result())
            : committing.commit(call, Step.WRITTEN, numbers[Files.SYSTEM], writes -> rename(call, writes));
      }
      default -> {
        return EfiStep.done(call.result());
      }
    }
  }

  private EfiStep load(Call call, long[] numbers) {
    return EfiStep.call(Step.LOADED, call.firmware().function(layer, "LoadDirectory"), numbers[Files.SYSTEM], call.get(Slot.DIRECTORY), call
        .get(Slot.ROOM));
  }

  private static String path(Call call) {
    return call.firmware().memory().text(call.argument(3) + NAME_AT, MOST_PATH);
  }

  private EfiStatus refused(Call call, long[] numbers) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    String path = path(call);
    long needed = NAME_AT + 2L * path.length() + 2;
    if (Long.compareUnsigned(call.argument(2), needed) < 0 || Long.compareUnsigned(memory.get64(call.argument(3)), needed) < 0) {
      return EfiStatus.BAD_BUFFER_SIZE;
    }
    long attributes = memory.get64(call.argument(3) + ATTRIBUTES_AT);
    boolean directory = (numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) != 0;
    boolean root = numbers[Files.PARENT] == Files.NOWHERE;
    if (Files.isGone(numbers) || !files.all(firmware, numbers[Files.SYSTEM]).contains(call.argument(0))) {
      return EfiStatus.DEVICE_ERROR;
    } else if ((attributes & ~VALID) != 0) {
      return EfiStatus.INVALID_PARAMETER;
    } else if (directory != ((attributes & Directory.DIRECTORY) != 0) || root && !isTheSame(call, numbers)) {
      return EfiStatus.ACCESS_DENIED;
    }
    long size = memory.get64(call.argument(3) + SIZE_AT);
    boolean renamed = !path.equals(files.name(firmware, call.argument(0)));
    String name = path.substring(path.lastIndexOf('\\') + 1);
    if (renamed && (!NewEntries.isName(name) || path.indexOf('\\') > 0)) {
      return EfiStatus.INVALID_PARAMETER; // what is no name, or a path from who knows where
    } else if (!directory && (size < 0 || size > 0xFFFF_FFFFL)) {
      return EfiStatus.VOLUME_FULL;
    }
    boolean more = renamed || !directory && size != numbers[Files.SIZE] || !times(memory, call.argument(3), numbers);
    boolean locked = numbers[Files.WRITES] == 0 || (numbers[Files.ATTRIBUTES] & attributes & Directory.READ_ONLY) != 0;
    return more && locked ? EfiStatus.ACCESS_DENIED : EfiStatus.SUCCESS;
  }

  /** Whether the times of a description are those that a file has, or none. */
  private static boolean times(EfiRam memory, long at, long[] numbers) {
    for (int i = 0; i < 3; i++) {
      int was = (int) numbers[Files.CREATED + i];
      if (Committing.packed(memory.read(at + TIMES_AT + (long) TIME * i, TIME), was) != was) {
        return false;
      }
    }
    return true;
  }

  private boolean isTheSame(Call call, long[] numbers) {
    EfiRam memory = call.firmware().memory();
    long at = call.argument(3);
    boolean directory = (numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) != 0;
    return (memory.get64(at + ATTRIBUTES_AT) & CHANGEABLE) == (numbers[Files.ATTRIBUTES] & CHANGEABLE) && (directory || memory.get64(at
        + SIZE_AT) == numbers[Files.SIZE]) && times(memory, at, numbers) && path(call).equals(files.name(call.firmware(), call.argument(
            0)));
  }

  private void change(Call call, WriteList writes) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long at = call.argument(3);
    long[] numbers = files.numbers(firmware, call.argument(0));
    TableChange change = new TableChange(layer.table(firmware, numbers[Files.SYSTEM]), layer.numbers(firmware, numbers[Files.SYSTEM]));
    boolean shrinks = resize(firmware, change, numbers, memory.get64(at + SIZE_AT), call.get(Slot.TIME), writes);
    for (int i = 0; i < 3; i++) {
      numbers[Files.CREATED + i] = Committing.packed(memory.read(at + TIMES_AT + (long) TIME * i, TIME), (int) numbers[Files.CREATED + i]);
    }
    numbers[Files.ACCESSED] &= 0xFFFF_0000L;
    numbers[Files.ATTRIBUTES] = numbers[Files.ATTRIBUTES] & ~CHANGEABLE | memory.get64(at + ATTRIBUTES_AT) & CHANGEABLE;
    writing.finish(firmware, call.argument(0), change, writes, shrinks);
    long room = writes.pages(firmware, NewEntries.ENTRY);
    memory.write(room, Writing.entry(numbers));
    writes.add(files.place(firmware, call.argument(0)) + 14, 4, room + 14); // when it was made
  }

  /** @return whether it becomes smaller */
  private static boolean resize(Firmware firmware, TableChange change, long[] numbers, long size, long time, WriteList writes) {
    long before = numbers[Files.SIZE];
    if ((numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) != 0 || size == before) {
      return false;
    }
    if (size > before) {
      Writing.extend(change, numbers, size);
      Writing.zeros(firmware, writes, change.table(), numbers, before, size);
    } else {
      long cluster = change.table().volume().cluster();
      change.cut(numbers[Files.CLUSTER], (size + cluster - 1) / cluster);
      numbers[Files.CLUSTER] = size == 0 ? 0 : numbers[Files.CLUSTER];
      numbers[Files.CLUSTER_READ] = 0;
      numbers[Files.INDEX_READ] = 0;
    }
    numbers[Files.SIZE] = size;
    numbers[Files.MODIFIED] = Committing.time(firmware.memory(), time);
    return size < before;
  }

  /** New entries come to the directory before the old ones go: a file is there by both names in between, never by none. */
  private void rename(Call call, WriteList writes) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long file = call.argument(0);
    long[] numbers = files.numbers(firmware, file);
    byte[] bytes = Creating.loaded(firmware, call.get(Slot.ROOM), writes);
    String name = memory.text(call.get(Slot.NAME), MOST_PATH);
    long directory = call.get(Slot.DIRECTORY);
    if (Directory.entries(bytes).stream().anyMatch(each -> each.is(name) && (directory != numbers[Files.PARENT]
        || each.slot() != numbers[Files.SLOT]))) {
      throw new EfiError(EfiStatus.ACCESS_DENIED, name + " is there already");
    }
    change(call, writes);
    TableChange change = new TableChange(layer.table(firmware, numbers[Files.SYSTEM]), layer.numbers(firmware, numbers[Files.SYSTEM]));
    byte[] entries = NewEntries.of(name, (int) numbers[Files.ATTRIBUTES], Creating.shortNames(bytes));
    byte[] filled = Writing.entry(numbers);
    System.arraycopy(filled, 11, entries, entries.length - NewEntries.ENTRY + 11, NewEntries.ENTRY - 11);
    int slot = Creating.put(firmware, change, writes, directory, bytes, entries);
    Deleting.erase(firmware, change.table(), numbers, writes);
    if (change.isChanged()) {
      writes.counted();
    }
    int slots = entries.length / NewEntries.ENTRY;
    List<Long> same = files.all(firmware, numbers[Files.SYSTEM]).stream().filter(each -> {
      long[] other = files.numbers(firmware, each);
      return other[Files.PARENT] == numbers[Files.PARENT] && other[Files.SLOT] == numbers[Files.SLOT];
    }).collect(Collectors.toList());
    for (long each : same) {
      if (each != file) {
        moved(firmware, each, directory, slot, slots, name);
      }
    }
    moved(firmware, file, directory, slot, slots, name);
  }

  private void moved(Firmware firmware, long file, long directory, int slot, int slots, String name) {
    long[] numbers = files.numbers(firmware, file);
    numbers[Files.PARENT] = directory;
    numbers[Files.SLOT] = slot + slots - 1L;
    numbers[Files.SLOTS] = slots;
    files.rename(firmware, file, name);
  }
}

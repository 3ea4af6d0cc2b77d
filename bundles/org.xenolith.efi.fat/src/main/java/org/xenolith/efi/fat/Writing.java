// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.kit.BlockMedia;

/** Writes files (UEFI 2.10, 13.5.6): what is written is on the disk when the function returns, in the order data, table, entry. */
final class Writing {
  private static final long MOST_FILE = 0xFFFF_FFFFL;
  private static final int ZEROS = 64 << 10;
  private static final int ARCHIVE = 0x20;
  /** What of an entry a write changes: the day of the last access, first cluster, time of the change, size (Microsoft, FAT 1.03, 6); the attributes are before it. */
  private static final int CHANGED_AT = 18;
  private static final int CHANGED = 14;
  private static final int ATTRIBUTES_AT = 11;

  /** Numbers of Write: where the time is, and bytes that are written. */
  private enum Slot {
    TIME, SIZE
  }

  private enum Step {
    BEGIN, TIMED, WRITTEN;

    private static final Step[] ALL = values();
  }

  /** Steps of Flush. */
  private enum Flushing {
    BEGIN, FLUSHED
  }

  private final FatLayer layer;
  private final Files files;
  private final Committing committing;

  Writing(FatLayer layer, Files files, Committing committing) {
    this.layer = layer;
    this.files = files;
    this.committing = committing;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "Write" -> this::write;
      case "Flush" -> this::flush;
      default -> null;
    };
  }

  private EfiStep flush(Call call) {
    long[] numbers = files.numbers(call.firmware(), call.argument(0));
    if (!call.isAt(Flushing.BEGIN)) {
      return EfiStep.done(call.result());
    }
    long block = layer.block(call.firmware(), numbers[Files.SYSTEM]);
    if (numbers[Files.WRITES] == 0 || block == 0) {
      return EfiStep.done();
    }
    return EfiStep.call(Flushing.FLUSHED, call.firmware().memory().get64(block + BlockMedia.FLUSH), block);
  }

  private EfiStep write(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long[] numbers = files.numbers(firmware, call.argument(0));
    switch (call.step(Step.ALL)) {
      case BEGIN -> {
        EfiStatus refused = refused(firmware, call.argument(0));
        if (refused != EfiStatus.SUCCESS) {
          return EfiStep.done(refused);
        }
        long size = memory.get64(call.argument(1));
        if (size == 0) {
          return EfiStep.done();
        } else if (call.argument(2) == 0) {
          return EfiStep.done(EfiStatus.INVALID_PARAMETER);
        }
        firmware.requireMemory(call.argument(2), size);
        if (numbers[Files.POSITION] < 0 || numbers[Files.POSITION] + size > MOST_FILE) {
          return EfiStep.done(EfiStatus.VOLUME_FULL);
        }
        call.raise(Call.TPL_CALLBACK);
        call.set(Slot.SIZE, size);
        call.set(Slot.TIME, call.room(16));
        return Committing.askTime(call, Step.TIMED, call.get(Slot.TIME));
      }
      case TIMED -> {
        EfiStatus refused = refused(firmware, call.argument(0));
        if (refused != EfiStatus.SUCCESS) {
          return EfiStep.done(refused);
        }
        return committing.commit(call, Step.WRITTEN, numbers[Files.SYSTEM], writes -> plan(call, writes));
      }
      default -> {
        if (call.result() < 0) {
          memory.put64(call.argument(1), 0);
          return EfiStep.done(call.result());
        }
        numbers[Files.POSITION] += call.get(Slot.SIZE);
        return EfiStep.done();
      }
    }
  }

  private void plan(Call call, WriteList writes) {
    Firmware firmware = call.firmware();
    long[] numbers = files.numbers(firmware, call.argument(0));
    TableChange change = new TableChange(layer.table(firmware, numbers[Files.SYSTEM]), layer.numbers(firmware, numbers[Files.SYSTEM]));
    long position = numbers[Files.POSITION];
    long cluster = change.table().volume().cluster();
    extend(change, numbers, position + call.get(Slot.SIZE));
    zeros(firmware, writes, change.table(), numbers, numbers[Files.SIZE], position);
    // A place in the chain that is known spares the way there.
    boolean known = numbers[Files.CLUSTER_READ] != 0 && position / cluster >= numbers[Files.INDEX_READ];
    long from = known ? numbers[Files.INDEX_READ] * cluster : 0;
    writes.add(change.table(), known ? numbers[Files.CLUSTER_READ] : numbers[Files.CLUSTER], position - from, call.get(Slot.SIZE), call
        .argument(2));
    numbers[Files.SIZE] = Math.max(numbers[Files.SIZE], position + call.get(Slot.SIZE));
    numbers[Files.MODIFIED] = Committing.time(firmware.memory(), call.get(Slot.TIME));
    numbers[Files.ATTRIBUTES] |= ARCHIVE;
    finish(firmware, call.argument(0), change, writes, false);
  }

  /** Why a file can't be written; SUCCESS if it can. */
  EfiStatus refused(Firmware firmware, long file) {
    long[] numbers = files.numbers(firmware, file);
    if ((numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) != 0) {
      return EfiStatus.UNSUPPORTED;
    } else if (Files.isGone(numbers) || !files.all(firmware, numbers[Files.SYSTEM]).contains(file)) {
      return EfiStatus.DEVICE_ERROR;
    } else if (layer.isReadOnly(firmware, numbers[Files.SYSTEM])) {
      return EfiStatus.WRITE_PROTECTED;
    }
    return numbers[Files.WRITES] == 0 ? EfiStatus.ACCESS_DENIED : EfiStatus.SUCCESS;
  }

  /** Gives a file so many clusters as a size needs, if it hasn't them. */
  static void extend(TableChange change, long[] numbers, long size) {
    long cluster = change.table().volume().cluster();
    long wanted = (size + cluster - 1) / cluster;
    long has = (numbers[Files.SIZE] + cluster - 1) / cluster;
    if (wanted > has || numbers[Files.CLUSTER] == 0) {
      boolean known = numbers[Files.CLUSTER_READ] != 0 && numbers[Files.INDEX_READ] < has;
      long index = has == 0 ? 0 : has - 1;
      long last = numbers[Files.CLUSTER] == 0 ? 0 : known ? change.table().along(numbers[Files.CLUSTER_READ], index
          - numbers[Files.INDEX_READ])
          : change.table().along(numbers[Files.CLUSTER], index);
      numbers[Files.CLUSTER] = change.extend(numbers[Files.CLUSTER], last, index, wanted);
      numbers[Files.CLUSTER_READ] = last;
      numbers[Files.INDEX_READ] = index;
    }
  }

  /** What a file has between its old end and what is written behind it reads as zeros, not as what lay there. */
  static void zeros(Firmware firmware, WriteList writes, Table table, long[] numbers, long from, long to) {
    if (from >= to) {
      return;
    }
    long size = Math.min(ZEROS, to - from);
    long room = writes.pages(firmware, size);
    for (long at = from; at < to; at += size) {
      writes.add(table, numbers[Files.CLUSTER], at, Math.min(size, to - at), room);
    }
  }

  /**
   * The table's sectors and the entry come to the list, and all that is open of the file has what its entry has.
   *
   * @param shrinks whether the entry is written before the table: nothing ever says that it has what is free
   */
  void finish(Firmware firmware, long file, TableChange change, WriteList writes, boolean shrinks) {
    long[] numbers = files.numbers(firmware, file);
    if (!shrinks) {
      change.addTo(writes);
    }
    long room = writes.pages(firmware, NewEntries.ENTRY);
    firmware.memory().write(room, entry(numbers));
    long place = files.place(firmware, file);
    writes.add(place + ATTRIBUTES_AT, 1, room + ATTRIBUTES_AT);
    writes.add(place + CHANGED_AT, CHANGED, room + CHANGED_AT);
    if (shrinks) {
      change.addTo(writes);
    }
    if (change.isChanged()) {
      writes.counted();
    }
    for (long[] each : files.same(firmware, file)) {
      for (int i : new int[] {Files.CLUSTER, Files.SIZE, Files.ATTRIBUTES, Files.CREATED, Files.ACCESSED, Files.MODIFIED}) {
        each[i] = numbers[i];
      }
      if (each != numbers) {
        each[Files.CLUSTER_READ] = 0;
        each[Files.INDEX_READ] = 0;
      }
    }
  }

  /** A short entry's bytes, as they are to be, without its name. */
  static byte[] entry(long[] numbers) {
    ByteBuffer out = ByteBuffer.allocate(NewEntries.ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    NewEntries.fill(out, 0, numbers[Files.CLUSTER], (numbers[Files.ATTRIBUTES] & Directory.DIRECTORY) != 0 ? 0 : numbers[Files.SIZE],
        (int) numbers[Files.MODIFIED]);
    return out.putInt(14, (int) numbers[Files.CREATED]).putShort(CHANGED_AT, (short) (numbers[Files.ACCESSED] >>> 16)).put(ATTRIBUTES_AT,
        (byte) numbers[Files.ATTRIBUTES]).array();
  }
}

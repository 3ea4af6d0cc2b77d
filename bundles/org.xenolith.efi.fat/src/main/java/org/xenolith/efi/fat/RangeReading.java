// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/**
 * Reads a range of a chain of clusters. Pieces that lie together and are large go straight to where they belong. Small ones of a file go by way of a room of the
 * volume's, into which more of the file is read than was asked for, and from which those that follow are copied: each file's small reads one behind the other
 * cost a request to the disk per {@link #ROOM}. A file that is opened anew is read anew.
 */
final class RangeReading {
  /** Bytes of the room for what is read ahead; a multiple of pages. */
  static final int ROOM = 128 << 10;
  /** What is read ahead begins at a multiple of that in its cluster, or at the cluster. */
  private static final int ALIGNMENT = 4096;

  /**
   * Numbers of a call: bytes that are done; a cluster of the chain (0: the root directory that is none) and which one of the chain it is; where on the volume what
   * is wanted next lies, and its bytes; where what is read ahead begins, its bytes, and the number of the room's filling.
   */
  private enum Slot {
    DONE, CLUSTER, INDEX, AT, NOW, AHEAD_AT, AHEAD_SIZE, FILLING
  }

  /** Steps: the first, and those behind a piece that was read to where it belongs, and one that was read into the room. */
  private enum Step {
    BEGIN, READ, READ_AHEAD;

    private static final Step[] ALL = values();
  }

  private final FatLayer layer;
  private final Files files;

  RangeReading(FatLayer layer, Files files) {
    this.layer = layer;
    this.files = files;
  }

  /** Arguments: file system, first cluster, offset, size, buffer, file (0: none, such as a directory that is looked through). */
  EfiStep readRange(Call call) {
    switch (call.step(Step.ALL)) {
      case BEGIN -> {
        if (call.argument(3) == 0) {
          return EfiStep.done();
        } else if (call.argument(4) == 0) {
          return EfiStep.done(EfiStatus.INVALID_PARAMETER);
        }
        call.firmware().requireMemory(call.argument(4), call.argument(3));
        begin(call);
      }
      case READ -> {
        if (call.result() < 0) {
          return EfiStep.done(call.result());
        }
        call.set(Slot.DONE, call.get(Slot.DONE) + call.get(Slot.NOW));
      }
      default -> {
        long[] numbers = layer.numbers(call.firmware(), call.argument(0));
        if (call.result() < 0 || numbers[FatLayer.FILLS] != call.get(Slot.FILLING)) {
          numbers[FatLayer.OWNER] = 0;
          return straight(call); // what is wanted may be readable though what is behind it isn't
        }
        long[] file = files.numbers(call.firmware(), call.argument(5));
        file[Files.AHEAD_AT] = call.get(Slot.AHEAD_AT);
        file[Files.AHEAD_SIZE] = call.get(Slot.AHEAD_SIZE);
        numbers[FatLayer.OWNER] = call.argument(5);
      }
    }
    return next(call);
  }

  /** Finds a place in the chain to go on from: where the file was read last, if what is wanted isn't before that; a chain is looked through once. */
  private void begin(Call call) {
    Firmware firmware = call.firmware();
    Table table = layer.table(firmware, call.argument(0));
    Volume volume = table.volume();
    if (call.argument(1) == 0 && call.argument(5) != 0) {
      throw new EfiError(EfiStatus.VOLUME_CORRUPTED, "a file has bytes, and no cluster that they are in");
    } else if (call.argument(1) == 0 && volume.bits() != 32) {
      return;
    }
    long first = call.argument(1) == 0 ? volume.rootCluster() : call.argument(1);
    long[] file = call.argument(5) == 0 ? null : files.numbers(firmware, call.argument(5));
    boolean known = file != null && file[Files.CLUSTER_READ] != 0;
    if (known && call.argument(2) / volume.cluster() >= file[Files.INDEX_READ]) {
      call.set(Slot.CLUSTER, file[Files.CLUSTER_READ]);
      call.set(Slot.INDEX, file[Files.INDEX_READ]);
      return;
    }
    if (!known && !table.isGood(first)) {
      throw new EfiError(EfiStatus.VOLUME_CORRUPTED, "cluster " + first + ": its chain leads nowhere, or in a circle");
    }
    call.set(Slot.CLUSTER, first);
  }

  /** Where on the volume what is wanted next is. */
  private long place(Call call, Table table) {
    Volume volume = table.volume();
    long offset = call.argument(2) + call.get(Slot.DONE);
    if (call.get(Slot.CLUSTER) == 0) {
      return volume.rootAt() + offset;
    }
    long index = offset / volume.cluster();
    call.set(Slot.CLUSTER, table.along(call.get(Slot.CLUSTER), index - call.get(Slot.INDEX)));
    call.set(Slot.INDEX, index);
    return volume.place(call.get(Slot.CLUSTER)) + offset % volume.cluster();
  }

  private EfiStep next(Call call) {
    Firmware firmware = call.firmware();
    long[] numbers = layer.numbers(firmware, call.argument(0));
    Table table = layer.table(firmware, call.argument(0));
    long file = call.argument(5);
    while (call.get(Slot.DONE) < call.argument(3)) {
      call.set(Slot.AT, place(call, table));
      call.set(Slot.NOW, call.argument(3) - call.get(Slot.DONE));
      if (file == 0 || !copied(call, numbers, file)) {
        return disk(call, numbers, table);
      }
    }
    if (file != 0) {
      files.numbers(firmware, file)[Files.CLUSTER_READ] = call.get(Slot.CLUSTER);
      files.numbers(firmware, file)[Files.INDEX_READ] = call.get(Slot.INDEX);
    }
    return EfiStep.done();
  }

  /** What is wanted next is read, as far as it lies together. */
  private EfiStep disk(Call call, long[] numbers, Table table) {
    Volume volume = table.volume();
    long from = (call.argument(2) + call.get(Slot.DONE)) % volume.cluster();
    long together = call.get(Slot.CLUSTER) == 0 ? volume.rootAt() + volume.rootSize() - call.get(Slot.AT)
        : table.together(call.get(Slot.CLUSTER), from + Math.max(ROOM, call.get(Slot.NOW))) - from;
    call.set(Slot.NOW, Math.min(call.get(Slot.NOW), together));
    if (call.get(Slot.NOW) <= 0 || call.get(Slot.AT) + call.get(Slot.NOW) > numbers[FatLayer.AVAILABLE]) {
      throw new EfiError(EfiStatus.VOLUME_CORRUPTED, "cluster " + call.argument(1) + ": its chain leads behind the disk's or partition's "
          + numbers[FatLayer.AVAILABLE] + " bytes");
    }
    if (call.argument(5) == 0 || call.get(Slot.NOW) >= ROOM) {
      return straight(call);
    }
    long before = from % Math.min(ALIGNMENT, volume.cluster());
    call.set(Slot.AHEAD_AT, call.get(Slot.AT) - before);
    call.set(Slot.AHEAD_SIZE, Math.min(Math.min(ROOM, before + together), numbers[FatLayer.AVAILABLE] - call.get(Slot.AHEAD_AT)));
    // The room is one call's at a time; a notification function that shouldn't be there takes it away.
    call.raise(Call.TPL_CALLBACK);
    numbers[FatLayer.OWNER] = 0;
    call.set(Slot.FILLING, ++numbers[FatLayer.FILLS]);
    return FatLayer.disk(call, Step.READ_AHEAD, numbers[FatLayer.DISK], call.get(Slot.AHEAD_AT), call.get(Slot.AHEAD_SIZE), FatLayer.room(
        numbers));
  }

  private EfiStep straight(Call call) {
    long disk = layer.numbers(call.firmware(), call.argument(0))[FatLayer.DISK];
    return FatLayer.disk(call, Step.READ, disk, call.get(Slot.AT), call.get(Slot.NOW), call.argument(4) + call.get(Slot.DONE));
  }

  /** Copies what was read ahead already. @return whether there was any of it */
  private boolean copied(Call call, long[] numbers, long file) {
    long[] known = files.numbers(call.firmware(), file);
    long before = call.get(Slot.AT) - known[Files.AHEAD_AT];
    if (numbers[FatLayer.OWNER] != file || before < 0 || before >= known[Files.AHEAD_SIZE]) {
      return false;
    }
    long size = Math.min(call.get(Slot.NOW), known[Files.AHEAD_SIZE] - before);
    EfiRam memory = call.firmware().memory();
    memory.copy(call.argument(4) + call.get(Slot.DONE), FatLayer.room(numbers) + before, size);
    call.set(Slot.DONE, call.get(Slot.DONE) + size);
    return true;
  }
}

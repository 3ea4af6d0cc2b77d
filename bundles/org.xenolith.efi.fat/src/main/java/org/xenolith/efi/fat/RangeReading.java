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
  // Numbers of a call: bytes that are done; a cluster of the chain (0: the root directory that is none) and which one of the chain it is; where on the volume what
  // is wanted next lies, and its bytes; where what is read ahead begins, its bytes,
  // and the number of the room's filling.
  private static final int DONE = 0;
  private static final int CLUSTER = 1;
  private static final int INDEX = 2;
  private static final int AT = 3;
  private static final int NOW = 4;
  private static final int AHEAD_AT = 5;
  private static final int AHEAD_SIZE = 6;
  private static final int FILLING = 7;
  // Steps: a piece was read to where it belongs, or into the room.
  private static final int READ = 1;
  private static final int READ_AHEAD = 2;

  private final FatLayer layer;
  private final Files files;

  RangeReading(FatLayer layer, Files files) {
    this.layer = layer;
    this.files = files;
  }

  /** Arguments: file system, first cluster, offset, size, buffer, file (0: none, such as a directory that is looked through). */
  EfiStep readRange(Call call) {
    switch (call.step()) {
      case 0 -> {
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
        call.set(DONE, call.get(DONE) + call.get(NOW));
      }
      default -> {
        long[] numbers = layer.numbers(call.firmware(), call.argument(0));
        if (call.result() < 0 || numbers[FatLayer.FILLS] != call.get(FILLING)) {
          numbers[FatLayer.OWNER] = 0;
          return straight(call); // what is wanted may be readable though what is behind it isn't
        }
        long[] file = files.numbers(call.firmware(), call.argument(5));
        file[Files.AHEAD_AT] = call.get(AHEAD_AT);
        file[Files.AHEAD_SIZE] = call.get(AHEAD_SIZE);
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
      call.set(CLUSTER, file[Files.CLUSTER_READ]);
      call.set(INDEX, file[Files.INDEX_READ]);
      return;
    }
    if (!known && !table.isGood(first)) {
      throw new EfiError(EfiStatus.VOLUME_CORRUPTED, "cluster " + first + ": its chain leads nowhere, or in a circle");
    }
    call.set(CLUSTER, first);
  }

  /** Where on the volume what is wanted next is. */
  private long place(Call call, Table table) {
    Volume volume = table.volume();
    long offset = call.argument(2) + call.get(DONE);
    if (call.get(CLUSTER) == 0) {
      return volume.rootAt() + offset;
    }
    long index = offset / volume.cluster();
    call.set(CLUSTER, table.along(call.get(CLUSTER), index - call.get(INDEX)));
    call.set(INDEX, index);
    return volume.place(call.get(CLUSTER)) + offset % volume.cluster();
  }

  private EfiStep next(Call call) {
    Firmware firmware = call.firmware();
    long[] numbers = layer.numbers(firmware, call.argument(0));
    Table table = layer.table(firmware, call.argument(0));
    long file = call.argument(5);
    while (call.get(DONE) < call.argument(3)) {
      call.set(AT, place(call, table));
      call.set(NOW, call.argument(3) - call.get(DONE));
      if (file == 0 || !copied(call, numbers, file)) {
        return disk(call, numbers, table);
      }
    }
    if (file != 0) {
      files.numbers(firmware, file)[Files.CLUSTER_READ] = call.get(CLUSTER);
      files.numbers(firmware, file)[Files.INDEX_READ] = call.get(INDEX);
    }
    return EfiStep.done();
  }

  /** What is wanted next is read, as far as it lies together. */
  private EfiStep disk(Call call, long[] numbers, Table table) {
    Volume volume = table.volume();
    long from = (call.argument(2) + call.get(DONE)) % volume.cluster();
    long together = call.get(CLUSTER) == 0 ? volume.rootAt() + volume.rootSize() - call.get(AT)
        : table.together(call.get(CLUSTER), from + Math.max(ROOM, call.get(NOW))) - from;
    call.set(NOW, Math.min(call.get(NOW), together));
    if (call.get(NOW) <= 0 || call.get(AT) + call.get(NOW) > numbers[FatLayer.AVAILABLE]) {
      throw new EfiError(EfiStatus.VOLUME_CORRUPTED, "cluster " + call.argument(1) + ": its chain leads behind the disk's or partition's "
          + numbers[FatLayer.AVAILABLE] + " bytes");
    }
    if (call.argument(5) == 0 || call.get(NOW) >= ROOM) {
      return straight(call);
    }
    long before = from % Math.min(ALIGNMENT, volume.cluster());
    call.set(AHEAD_AT, call.get(AT) - before);
    call.set(AHEAD_SIZE, Math.min(Math.min(ROOM, before + together), numbers[FatLayer.AVAILABLE] - call.get(AHEAD_AT)));
    // The room is one call's at a time; a notification function that shouldn't be there takes it away.
    call.raise(Call.TPL_CALLBACK);
    numbers[FatLayer.OWNER] = 0;
    call.set(FILLING, ++numbers[FatLayer.FILLS]);
    return FatLayer.disk(call, READ_AHEAD, numbers[FatLayer.DISK], call.get(AHEAD_AT), call.get(AHEAD_SIZE), FatLayer.room(numbers));
  }

  private EfiStep straight(Call call) {
    long disk = layer.numbers(call.firmware(), call.argument(0))[FatLayer.DISK];
    return FatLayer.disk(call, READ, disk, call.get(AT), call.get(NOW), call.argument(4) + call.get(DONE));
  }

  /** Copies what was read ahead already. @return whether there was any of it */
  private boolean copied(Call call, long[] numbers, long file) {
    long[] known = files.numbers(call.firmware(), file);
    long before = call.get(AT) - known[Files.AHEAD_AT];
    if (numbers[FatLayer.OWNER] != file || before < 0 || before >= known[Files.AHEAD_SIZE]) {
      return false;
    }
    long size = Math.min(call.get(NOW), known[Files.AHEAD_SIZE] - before);
    EfiRam memory = call.firmware().memory();
    memory.copy(call.argument(4) + call.get(DONE), FatLayer.room(numbers) + before, size);
    call.set(DONE, call.get(DONE) + size);
    return true;
  }
}

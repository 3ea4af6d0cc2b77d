// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsidisk;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.ScsiPacket;

/** Blocks of a disk, straight to and from the caller's buffer. */
final class DiskTransfers {
  /** Bytes of one command. */
  private static final long PIECE = 1 << 18;
  /** Numbers of a call: bytes that are done, bytes of this command. */
  private enum Slot {
    DONE, NOW
  }

  private enum Step {
    BEGIN, TRANSFERRED
  }

  private final ScsiDiskLayer layer;

  DiskTransfers(ScsiDiskLayer layer) {
    this.layer = layer;
  }

  EfiStep read(Call call) {
    return transfer(call, false);
  }

  EfiStep write(Call call) {
    InterfaceNumbers.of(call, layer, ScsiDiskLayer.NUMBERS);
    return BlockMedia.readOnly(call.firmware().memory(), call.argument(0)) ? EfiStep.done(EfiStatus.WRITE_PROTECTED) : transfer(call, true);
  }

  EfiStep flush(Call call) {
    InterfaceNumbers.of(call, layer, ScsiDiskLayer.NUMBERS);
    call.raise(Call.TPL_CALLBACK);
    return !call.isAt(AskOnce.ASK) || BlockMedia.readOnly(call.firmware().memory(), call.argument(0)) ? EfiStep.done(call.result()) : layer
        .command(call, AskOnce.ANSWERED, call.argument(0), ScsiPacket.READ, 0, 0, Cdb.synchronizeCache());
  }

  /** The first of a series of transfers that are refused is told. */
  private void outcome(Call call, boolean writes) {
    long[] numbers = InterfaceNumbers.of(call, layer, ScsiDiskLayer.NUMBERS);
    if (call.result() < 0 && numbers[ScsiDiskLayer.REFUSED] == 0) {
      long sense = numbers[ScsiDiskLayer.SENSE];
      call.firmware().report("SCSI disk: a " + (writes ? "write" : "read") + " from block " + call.argument(2) + " on ends with "
          + EfiStatus
              .of(call.result()) + (sense == 0 ? ": its host got no answer" : ": sense key " + (sense >> 8) + ", code 0x" + Long
                  .toHexString(sense
                      & 0xFF)));
    }
    numbers[ScsiDiskLayer.REFUSED] = call.result() < 0 ? 1 : 0;
  }

  private EfiStep transfer(Call call, boolean writes) {
    EfiRam memory = call.firmware().memory();
    long self = call.argument(0);
    InterfaceNumbers.of(call, layer, ScsiDiskLayer.NUMBERS); // or the caller made it up
    long size = call.argument(3);
    if (call.isAt(Step.BEGIN)) {
      EfiStatus refused = BlockMedia.check(call);
      if (refused != EfiStatus.SUCCESS) {
        return EfiStep.done(refused);
      }
      call.raise(Call.TPL_CALLBACK);
    } else {
      outcome(call, writes);
      if (call.result() < 0) {
        return EfiStep.done(call.result());
      }
      call.set(Slot.DONE, call.get(Slot.DONE) + call.get(Slot.NOW));
    }
    long done = call.get(Slot.DONE);
    if (done == size) {
      return EfiStep.done();
    }
    long blockSize = BlockMedia.blockSize(memory, self);
    call.set(Slot.NOW, Math.min(PIECE, size - done));
    return layer.command(call, Step.TRANSFERRED, self, writes ? ScsiPacket.WRITE : ScsiPacket.READ, call.argument(4) + done, call.get(
        Slot.NOW), Cdb.transfer(
            writes, call.argument(2) + done / blockSize, call.get(Slot.NOW) / blockSize));
  }
}

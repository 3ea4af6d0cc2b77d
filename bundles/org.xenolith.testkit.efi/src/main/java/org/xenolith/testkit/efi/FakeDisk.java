// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.DevicePath;

/** A disk in an array, with EFI_BLOCK_IO_PROTOCOL of the guest's own on a handle with a device path. */
public final class FakeDisk {
  private final FakeFirmware firmware;
  private final byte[] bytes;
  private final int blockSize;
  private final long handle;
  private final List<String> requests = new ArrayList<>();
  private boolean fails;
  private Runnable before = () -> {};
  private Runnable after = () -> {};

  /** Puts a disk into firmware. */
  public FakeDisk(FakeFirmware firmware, byte[] bytes, int blockSize) {
    this.firmware = firmware;
    this.bytes = bytes;
    this.blockSize = blockSize;
    long block = firmware.room(BlockMedia.SIZE);
    BlockMedia.write(firmware.memory(), block, 0, blockSize, bytes.length / blockSize, false, false);
    firmware.memory().put64(block + BlockMedia.READ, firmware.guest(call -> EfiStep.done(transfer(call, false))));
    firmware.memory().put64(block + BlockMedia.WRITE, firmware.guest(call -> EfiStep.done(transfer(call, true))));
    firmware.memory().put64(block + BlockMedia.FLUSH, firmware.guest(call -> EfiStep.done()));
    byte[] path = new DevicePath().node(DevicePath.HARDWARE, 1, new byte[] {1, 2}).bytes();
    long at = firmware.room(path.length);
    firmware.memory().write(at, path);
    handle = firmware.handles().install(0, Protocol.DEVICE_PATH, at);
    firmware.handles().install(handle, Protocol.BLOCK_IO, block);
  }

  private EfiStatus transfer(Call call, boolean writes) {
    EfiStatus refused = BlockMedia.check(call);
    if (refused != EfiStatus.SUCCESS || call.argument(3) == 0) {
      return refused;
    }
    long first = call.argument(2);
    long size = call.argument(3);
    long buffer = call.argument(4);
    requests.add((writes ? "write " : "read ") + first + " " + size / blockSize);
    long at = first * blockSize;
    if (fails || size % blockSize != 0 || at < 0 || at + size > bytes.length) {
      return EfiStatus.DEVICE_ERROR;
    }
    before.run();
    if (writes) {
      System.arraycopy(firmware.memory().read(buffer, (int) size), 0, bytes, (int) at, (int) size);
    } else {
      byte[] piece = new byte[(int) size];
      System.arraycopy(bytes, (int) at, piece, 0, piece.length);
      firmware.memory().write(buffer, piece);
    }
    after.run();
    return EfiStatus.SUCCESS;
  }

  /** Its handle. */
  public long handle() {
    return handle;
  }

  /** What it was asked for: {@code read FIRST BLOCKS}. */
  public List<String> requests() {
    return requests;
  }

  /** What is done before and after each transfer: a test has the bytes in another place. */
  public void around(Runnable first, Runnable last) {
    before = first;
    after = last;
  }

  /** It answers each request with DEVICE_ERROR, or no longer. */
  public void fails(boolean now) {
    fails = now;
  }
}

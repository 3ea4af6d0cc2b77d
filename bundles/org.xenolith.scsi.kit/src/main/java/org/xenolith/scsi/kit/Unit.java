// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPort;
import org.xenolith.block.api.Medium;
import org.xenolith.machine.api.EventLog;

/** One logical unit: a disk, or a CD-ROM drive with a disc. */
final class Unit {
  private static final int CD_BLOCK = 2048;

  /** Its number among those of the controller. */
  final int number;
  private final BlockPort port;
  private final UnitState state;
  private final EventLog events;
  private final String instance;

  /** @param instance the controller's name */
  Unit(int number, BlockPort port, UnitState state, EventLog events, String instance) {
    this.number = number;
    this.port = port;
    this.state = state;
    this.events = events;
    this.instance = instance;
  }

  boolean isThere() { return port.device() != null; }

  boolean isCd() { return port.medium() == Medium.CD_ROM; }

  UnitState state() {
    return state;
  }

  /** What is on it; there must be something. */
  BlockDevice device() {
    return port.device();
  }

  boolean readOnly() {
    return isCd() || device().readOnly();
  }

  /** Bytes of a block. */
  int blockSize() {
    return isCd() ? CD_BLOCK : BlockDevice.SECTOR;
  }

  /** Sectors of a block. */
  int sectorsPerBlock() {
    return blockSize() / BlockDevice.SECTOR;
  }

  /** Blocks that it has. */
  long blocks() {
    return device().sectors() / sectorsPerBlock();
  }

  /** A number that no other unit of the machine has, and that is the same in each run. */
  String serial() {
    return port.identity().isEmpty() ? "%08x-%d".formatted(place(), number) : port.identity();
  }

  /** What tells the controller from others: where it is. */
  private long place() {
    CRC32 crc = new CRC32();
    crc.update(instance.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  /** 60 bits that no other unit of the machine has. */
  long name() {
    return place() << 28 | number;
  }

  /** Fails a task because of the host's storage. */
  void failed(ScsiTask task, Sense why, long block, IOException e) {
    events.hostFailed("disk-error", instance, "unit " + number + ": " + e.getMessage()); // own words: what BlockDevice says
    task.fail(why, block);
  }

  /** Whether its medium can be used; if not, the task has failed. */
  boolean ready(ScsiTask task) {
    if (state.trayOpen(number)) {
      task.fail(Sense.TRAY_OPEN);
    } else if (state.stopped(number)) {
      task.fail(Sense.NOT_STARTED);
    } else {
      return true;
    }
    return false;
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.block.api.Medium;
import org.xenolith.fuzz.InputBytes;

/** A virtio SCSI host with a disk and a disc: 8 MiB at once and a command of 65,535 sectors. */
@DeviceNumber(7)
final class WorkingScsi extends WorkingQueues {
  private static final int[] COMMANDS = {0x28, 0x2A, 0x88, 0x8A, 0x93, 0x41, 0x42, 0x12, 0xA0, 0x5A, 0x1A, 0x25, 0x9E, 0x35, 0x03, 0x43,
      0x46,
      0x4A, 0xBE, 0x2F, 0x8F, 0xA8, 0xAA};
  private static final int REQUEST = 51;
  private static final int RESPONSE = 108;
  private static final int CDB = 19;

  WorkingScsi() {
    super("virtio SCSI host", 2 * ((8L << 20) + (65_535L << 9)) / UNIT, 2, 3);
    BlockUnitsPort units = context.port(BlockUnitsPort.class);
    units.unit(0).attach(new CountedDisk(memory), "disk", Medium.DISK);
    units.unit(1).attach(new CountedDisk(memory), "disc", Medium.CD_ROM);
    start("scsi.VirtioScsiComponent");
  }

  @Override
  int header(long at, InputBytes input) {
    memory.put(at, 8, 1 | (input.next() & 3) << 8);
    int command = input.next();
    memory.put(at + CDB, 1, command < 128 ? COMMANDS[command % COMMANDS.length] : input.next());
    for (int i = 1; i < 16; i += 5) {
      memory.put(at + CDB + i, 5, input.next(5));
    }
    return REQUEST;
  }

  @Override
  int trailer() {
    return RESPONSE;
  }
}

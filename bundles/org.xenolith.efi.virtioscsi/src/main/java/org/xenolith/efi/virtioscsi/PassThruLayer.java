// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioscsi;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.VirtioDriverLayer;
import org.xenolith.efi.boot.kit.VirtioField;

/** EFI_EXT_SCSI_PASS_THRU_PROTOCOL (UEFI 2.10, 15.7) on virtio SCSI hosts (Virtio 1.2, 5.6). */
final class PassThruLayer extends VirtioDriverLayer {
  private static final int SCSI_HOST = 8;
  /** Behind those for control and for events. */
  private static final int FIRST_REQUEST_QUEUE = 2;
  private static final int MODE_AT = 64;
  private static final int SIZE = MODE_AT + 16;
  private static final int FUNCTIONS = 8;
  /** Attributes: of physical devices and of logical ones (15.7.1). */
  private static final int PHYSICAL_LOGICAL = 3;
  /** The host's own target: bus drivers leave it out, and a device could have any other number. */
  private static final int NO_TARGET = -1;
  private static final int LAST_TARGET = 255;
  private static final int LAST_LUN = 7;
  // Numbers of its own.
  private static final int MOST_SECTORS = 0;
  private static final int MOST_TARGET = 1;
  private static final int MOST_LUN = 2;

  private final PassingThru passing = new PassingThru(this);
  private final Addressing addressing = new Addressing(this);

  PassThruLayer() {
    super(SCSI_HOST, 0, Protocol.EXT_SCSI_PASS_THRU, new int[] {FIRST_REQUEST_QUEUE}, VirtioField.of(8, 4), VirtioField.of(30, 2),
        VirtioField.of(32, 4));
  }

  @Override
  public String name() {
    return "efi.virtioscsi";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  protected String title() {
    return "Virtio SCSI Host Driver";
  }

  @Override
  protected int size() {
    return SIZE;
  }

  @Override
  protected int numbers() {
    return 3;
  }

  @Override
  protected boolean describe(Firmware firmware, long controller, long place, long[] values) {
    long[] numbers = firmware.numbers(this, place);
    numbers[own(MOST_SECTORS)] = values[0];
    numbers[own(MOST_TARGET)] = Math.min(LAST_TARGET, values[1]);
    numbers[own(MOST_LUN)] = Math.min(LAST_LUN, values[2]);
    EfiRam memory = firmware.memory();
    memory.put64(place, place + MODE_AT);
    memory.put32(place + MODE_AT, NO_TARGET);
    memory.put32(place + MODE_AT + 4, PHYSICAL_LOGICAL);
    pointers(firmware, place + FUNCTIONS, "PassThru", "GetNextTargetLun", "BuildDevicePath", "GetTargetLun", "ResetChannel",
        "ResetTargetLun", "GetNextTarget");
    return true;
  }

  long mostSectors(long[] numbers) {
    return numbers[own(MOST_SECTORS)];
  }

  long mostTarget(long[] numbers) {
    return numbers[own(MOST_TARGET)];
  }

  long mostLun(long[] numbers) {
    return numbers[own(MOST_LUN)];
  }

  @Override
  protected EfiFunction offered(String name) {
    return switch (name) {
      case "PassThru" -> passing::next;
      case "ResetChannel", "ResetTargetLun" -> call -> {
        interfaceNumbers(call);
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      };
      default -> addressing.function(name);
    };
  }
}

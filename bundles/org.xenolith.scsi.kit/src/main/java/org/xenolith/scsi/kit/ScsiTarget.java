// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.regs.DeviceState;

/**
 * The devices behind a controller: targets with one logical unit each, LUN 0, by the numbers of the disks that are attached to its node
 * (SAM-5). A command is carried out at once; whatever an initiator asks, the answer is a status, never an exception but that of its memory.
 */
public final class ScsiTarget {
  private static final int NACA = 4;
  private static final int LUN_LIST = 16;
  private static final int WELL_KNOWN_UNITS = 1;
  private static final int ALL_UNITS = 2;

  private final BlockUnitsPort units;
  private final UnitState states;
  private final Unit[] unit;
  private final PrimaryCommands primary = new PrimaryCommands();
  private final ModeCommands modes = new ModeCommands();
  private final BlockCommands blocks = new BlockCommands();
  private final Provisioning provisioning = new Provisioning();
  private final CdCommands cds = new CdCommands();
  private final byte[] list = new byte[LUN_LIST];

  /**
   * The devices of a controller.
   *
   * @param state    the controller's, of which this becomes a part
   * @param units    where the disks are attached
   * @param count    how many targets there may be
   * @param instance the controller's name
   */
  public ScsiTarget(DeviceState state, BlockUnitsPort units, int count, EventLog events, String instance) {
    this.units = units;
    states = new UnitState(state, count);
    unit = new Unit[count];
    for (int i = 0; i < count; i++) {
      unit[i] = new Unit(i, units.unit(i), states, events, instance);
    }
  }

  /** Where the disks are attached. */
  public BlockUnitsPort units() {
    return units;
  }

  /** Whether there is a device with this number. */
  public boolean has(int target) {
    return target >= 0 && target < unit.length && unit[target].isThere();
  }

  /** All units are as after power came, which they tell. */
  public void resetAll() {
    for (int i = 0; i < unit.length; i++) {
      states.reset(i, Sense.POWER_ON);
    }
  }

  /** A unit is reset by task management. */
  public void reset(int target) {
    states.reset(target, Sense.UNIT_RESET);
  }

  /** A disk has come to a place, or another one. */
  public void attached(int target) {
    states.reset(target, Sense.POWER_ON);
  }

  /**
   * Carries out a command.
   *
   * @param target one that there {@linkplain #has is}
   * @param lun    the logical unit's number in it
   */
  public void execute(int target, int lun, ScsiTask task) {
    Unit addressed = unit[target];
    int opcode = task.opcode();
    int length = Opcode.length(opcode);
    if (length != 0 && task.bit(length - 1, NACA)) {
      task.fail(Sense.INVALID_FIELD);
    } else if (opcode == Opcode.REPORT_LUNS) {
      reportLuns(task);
    } else if (opcode == Opcode.INQUIRY) {
      primary.inquiry(addressed, lun == 0, task);
    } else if (lun != 0) {
      other(task);
    } else if (opcode == Opcode.REQUEST_SENSE) {
      primary.requestSense(addressed, task);
    } else if (opcode != Opcode.GET_EVENT_STATUS && opcode != Opcode.GET_CONFIGURATION && states.attention(target) != null) {
      // SAM-5, 5.14: once, in the place of what the command would have done.
      task.fail(states.attention(target));
      states.attention(target, Sense.NO_SENSE);
    } else if (!common(addressed, task) && !(addressed.isCd() ? cds.execute(addressed, task) : disk(addressed, task))) {
      task.fail(Sense.INVALID_OPCODE);
    }
  }

  /** Commands for a unit that isn't there: INQUIRY and REPORT LUNS are answered, and who asks for sense data is told (SPC-4, 6.39). */
  private void other(ScsiTask task) {
    if (task.opcode() == Opcode.REQUEST_SENSE && !task.bit(1, 1)) {
      byte[] sense = new byte[Sense.LENGTH];
      Sense.NO_SUCH_UNIT.write(sense, -1);
      task.answer(sense, sense.length, task.field(4, 1));
    } else {
      task.fail(Sense.NO_SUCH_UNIT);
    }
  }

  /** Commands that disks and CD-ROM drives have. */
  private boolean common(Unit addressed, ScsiTask task) {
    return primary.execute(addressed, task) || modes.execute(addressed, task) || blocks.execute(addressed, task);
  }

  private boolean disk(Unit addressed, ScsiTask task) {
    return blocks.write(addressed, task) || provisioning.execute(addressed, task);
  }

  /** Answers REPORT LUNS (SPC-4, 6.33), which a target does as a whole. Well-known units there are none. */
  private void reportLuns(ScsiTask task) {
    long allocated = task.field(6, 4);
    int which = (int) task.field(2, 1);
    if (allocated < LUN_LIST || which > ALL_UNITS) {
      task.fail(Sense.INVALID_FIELD);
      return;
    }
    // One unit: LUN 0, which is all zeros.
    boolean any = which != WELL_KNOWN_UNITS;
    Bytes.put(list, 0, 4, any ? Long.BYTES : 0);
    task.answer(list, any ? LUN_LIST : LUN_LIST - Long.BYTES, allocated);
  }
}
